import { shortPrintable } from '../base/printable.ts';
import type { TreeNode } from '../lockfile/dependency-tree.ts';

/** Graphviz; each package and each edge once. */
export function renderDot(roots: readonly TreeNode[], title: string): string {
  const { names, edges } = collect(roots);
  const quote = (text: string): string => `"${shortPrintable(text).replace(/["\\]/g, '\\$&')}"`;
  const lines = [
    ...[...names].map(
      ([name, versions]) => `  ${quote(name)} [label="${[name, ...versions].map((text) => quote(text).slice(1, -1)).join('\\n')}"];`,
    ),
    ...edges.map(([from, to]) => `  ${quote(from)} -> ${quote(to)};`),
  ];
  return `digraph ${quote(title)} {\n  rankdir=LR;\n  node [shape=box];\n${lines.join('\n')}\n}\n`;
}

/** Mermaid, which GitHub renders; ids are numbers because names may contain any character. */
export function renderMermaid(graphs: readonly { readonly title: string; readonly roots: readonly TreeNode[] }[]): string {
  const [only] = graphs;
  if (graphs.length === 1 && only !== undefined) return `flowchart LR\n${mermaidLines(only.roots, 'p')}`;
  // A document contains one flowchart, so several locks are subgraphs of it.
  const parts = graphs.map(({ title, roots }, i) => `subgraph g${i}["${entities(title)}"]\n${mermaidLines(roots, `g${i}p`)}end\n`);
  return `flowchart LR\n${parts.join('')}`;
}

function mermaidLines(roots: readonly TreeNode[], prefix: string): string {
  const { names, edges } = collect(roots);
  const ids = new Map([...names.keys()].map((name, i) => [name, `${prefix}${i}`]));
  const lines = [
    ...[...names].map(([name, versions]) => `  ${ids.get(name)}["${[name, ...versions].map(entities).join('<br>')}"]`),
    ...edges.map(([from, to]) => `  ${ids.get(from)} --> ${ids.get(to)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const entities = (text: string): string => shortPrintable(text).replace(/[&"<>#]/g, (character) => `#${character.charCodeAt(0)};`);

function collect(roots: readonly TreeNode[]): { names: Map<string, readonly string[]>; edges: [string, string][] } {
  const names = new Map<string, readonly string[]>();
  const edges = new Map<string, [string, string]>();
  const visit = (node: TreeNode): void => {
    names.set(node.name, node.versions);
    for (const child of node.children) {
      edges.set(`${node.name}\n${child.name}`, [node.name, child.name]);
      visit(child);
    }
  };
  for (const root of roots) visit(root);
  return { names, edges: [...edges.values()] };
}
