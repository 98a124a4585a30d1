import { shortPrintable } from '../base/printable.ts';
import type { TreeNode } from '../lockfile/dependency-tree.ts';
import { flag, list, object, recursive, type Shape, text, texts } from './shape.ts';
import { defineView } from './view.ts';

export interface TreeData {
  readonly locks: readonly { readonly package_set: string; readonly architecture: string; readonly roots: readonly TreeNode[] }[];
}

const node: Shape<TreeNode> = object({
  name: text('The package'),
  versions: texts('The locked `version-release`'),
  repeated: flag('Whether its children are shown above'),
  cut: flag('Whether `--depth` cuts off its children'),
  children: list(
    recursive('node', () => node),
    'The packages that it needs, or with `--invert` those that need it',
  ),
});

export const treeView = defineView({
  command: 'tree',
  about: 'The dependencies between the packages of each lockfile',
  schema: 1,
  shape: object({
    locks: list(
      object({
        package_set: text('The package set'),
        architecture: text('The architecture'),
        roots: list(
          recursive('node', () => node),
          'The packages at the top',
        ),
      }),
      'One entry a lockfile',
    ),
  }),
  definitions: { node },
  json: (data: TreeData) => data,
  text: ({ locks }: TreeData) => locks.map((one) => (locks.length === 1 ? '' : `${treeTitle(one)}\n`) + renderTree(one.roots)).join('\n'),
});

export const treeTitle = ({ package_set: set, architecture }: Pick<TreeData['locks'][number], 'package_set' | 'architecture'>): string =>
  `${set}-${architecture}`;

/** Draws a dependency tree; `(*)` marks a package whose children are shown above, `...` children below the depth limit. */
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
  [shortPrintable(name), versions.map((version) => shortPrintable(version)).join(', '), repeated ? '(*)' : cut ? '...' : '']
    .filter((part) => part !== '')
    .join(' ');
