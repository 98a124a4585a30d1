import { RpmDepsError } from '../../base/errors.ts';
import { type LockTree, tree } from '../../commands/tree.ts';
import { renderDot, renderMermaid } from '../../views/graph-text.ts';
import { renderTree } from '../../views/tree.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function treeAction(invocation: Invocation): Promise<number> {
  const { args, options, context, printer } = invocation;
  const depth = options.text('depth');
  if (depth !== undefined && !/^\d{1,4}$/.test(depth)) throw new RpmDepsError('USAGE', `--depth is a number, not \`${depth}\``);
  const trees = await tree(
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
  const format = printer.json ? 'json' : (options.text('format') ?? 'text');
  if (format === 'json') printer.outJson({ locks: trees });
  else if (format === 'mermaid') printMermaid(renderMermaid(trees.map((one) => ({ title: titleOf(one), roots: one.roots }))), invocation);
  else printer.out(trees.map((one) => render(one, format, { alone: trees.length === 1 })).join('\n'));
  return 0;
}

/** Mermaid's defaults (maxEdges, maxTextSize), which GitHub keeps: what is larger is not drawn at all. */
const MERMAID = { edges: 500, characters: 50_000 };

function printMermaid(text: string, { printer, context }: Invocation): void {
  printer.out(text);
  const edges = text.match(/ --> /g)?.length ?? 0;
  if (edges <= MERMAID.edges && text.length <= MERMAID.characters) return;
  const most = `${MERMAID.edges} edges and ${MERMAID.characters} characters`;
  const warning = `Mermaid draws at most ${most} by default, but this graph has ${edges} and ${text.length}: use --set, --arch, --depth or NAME`;
  context.emit({ kind: 'warning', code: 'GRAPH_TOO_LARGE', text: warning });
}

const titleOf = ({ package_set: set, architecture }: LockTree): string => `${set}-${architecture}`;

function render(one: LockTree, format: string, { alone }: { readonly alone: boolean }): string {
  if (format === 'dot') return renderDot(one.roots, titleOf(one));
  return alone ? renderTree(one.roots) : `${titleOf(one)}\n${renderTree(one.roots)}`;
}
