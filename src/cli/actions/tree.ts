import { RpmDepsError } from '../../base/errors.ts';
import { tree } from '../../commands/tree.ts';
import { type TreeData, treeTitle, treeView } from '../../views/tree.ts';
import { renderDot, renderMermaid } from '../../views/tree-graph.ts';
import { defineAction } from '../action.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export const treeAction = defineAction(treeView, async ({ args, options, context }) => {
  const depth = options.text('depth');
  if (depth !== undefined && !/^\d{1,4}$/.test(depth)) throw new RpmDepsError('USAGE', `--depth is a number, not \`${depth}\``);
  const locks = await tree(
    {
      ...projectInput(options),
      names: args,
      arch: options.list('arch'),
      set: options.list('set'),
      depth: depth === undefined ? undefined : Number(depth),
      invert: options.flag('invert'),
    },
    context,
  );
  const format = options.text('format');
  return { data: { locks }, text: graphText(locks, format, context) };
});

function graphText(locks: TreeData['locks'], format: string | undefined, context: Invocation['context']): string | undefined {
  if (format === 'dot') return locks.map((one) => renderDot(one.roots, treeTitle(one))).join('\n');
  return format === 'mermaid' ? mermaid(locks, context) : undefined;
}

/** Mermaid's default limits (maxEdges, maxTextSize), which GitHub uses: larger graphs are not drawn. */
const MERMAID = { edges: 500, characters: 50_000 };

function mermaid(locks: TreeData['locks'], context: Invocation['context']): string {
  const text = renderMermaid(locks.map((one) => ({ title: treeTitle(one), roots: one.roots })));
  const edges = text.match(/ --> /g)?.length ?? 0;
  if (edges > MERMAID.edges || text.length > MERMAID.characters) {
    const most = `${MERMAID.edges} edges and ${MERMAID.characters} characters`;
    const warning = `Mermaid draws at most ${most} by default, but this graph has ${edges} and ${text.length}: use --set, --arch, --depth or NAME`;
    context.emit({ kind: 'warning', code: 'GRAPH_TOO_LARGE', text: warning });
  }
  return text;
}
