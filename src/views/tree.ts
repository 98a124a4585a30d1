import type { TreeNode } from '../lockfile/dependency-tree.ts';
import { printable } from '../manifest/printable.ts';

/** Draws a dependency tree; `(*)` marks a package whose children are shown above, `...` what the depth cut off. */
export function renderTree(roots: readonly TreeNode[]): string {
  const lines: string[] = [];
  for (const root of roots) {
    lines.push(label(root));
    addChildren(root, '', lines);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function addChildren(node: TreeNode, indent: string, lines: string[]): void {
  for (const [i, child] of node.children.entries()) {
    const isLast = i === node.children.length - 1;
    lines.push(`${indent}${isLast ? '└── ' : '├── '}${label(child)}`);
    addChildren(child, `${indent}${isLast ? '    ' : '│   '}`, lines);
  }
}

const label = ({ name, versions, repeated, cut }: TreeNode): string =>
  [printable(name), versions.map((version) => printable(version)).join(', '), repeated ? '(*)' : cut ? '...' : '']
    .filter((part) => part !== '')
    .join(' ');
