/** Graphviz in a thread: laying out a large graph takes long, and only a thread can be ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { instance } from '@viz-js/viz';
import type { DrawnGraph } from './drawing-graph.ts';

/** Inches that a character takes in the widest of the usual fonts: Graphviz does not know which one the browser has. */
const CHARACTER = 0.1;
const widthOf = (label: string): number => 0.1 + CHARACTER * Math.max(...label.split('\n').map(({ length }) => length));

const { nodes, edges } = workerData as DrawnGraph;
const viz = await instance();
const svg = viz.renderString(
  {
    directed: true,
    graphAttributes: { rankdir: 'LR', bgcolor: 'transparent', nodesep: 0.15, ranksep: 0.4 },
    nodeAttributes: { shape: 'box', fontname: 'sans-serif', fontsize: 11, margin: '0.08,0.04', height: 0.3 },
    edgeAttributes: { arrowsize: 0.6 },
    nodes: nodes.map(({ id, label, kind }) => ({
      name: `n${id}`,
      attributes: { label: label.replaceAll('\\', '\\\\'), class: kind, width: widthOf(label) },
    })),
    edges: edges.map(([tail, head]) => ({ tail: `n${tail}`, head: `n${head}` })),
  },
  { format: 'svg', engine: 'dot' },
);
parentPort!.postMessage(svg);
