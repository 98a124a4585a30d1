/** Runs Graphviz in a thread: laying out a large graph is slow, and only a thread can be terminated. */
import { parentPort, workerData } from 'node:worker_threads';
import { instance } from '@viz-js/viz';
import type { DrawnGraph } from './drawing-graph.ts';

/** Width of a character in inches in the widest common font: Graphviz does not know the browser's font. */
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
