import { diff } from '../../commands/diff.ts';
import { isEmptyDiff } from '../../lockfile/diff.ts';
import { renderDiffMarkdown } from '../../views/diff-markdown.ts';
import { renderDiffText } from '../../views/diff-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function diffAction({ args, options, context, printer }: Invocation): Promise<number> {
  const answer = await diff({ ...projectInput(options), before: args[0], after: args[1], changelog: options.flag('changelog') }, context);
  const format = printer.json ? 'json' : (options.text('format') ?? 'text');
  if (format === 'json') printer.outJson(answer);
  else printer.out(format === 'markdown' ? renderDiffMarkdown(answer) : renderDiffText(answer));
  return options.flag('exit-code') && !isEmptyDiff(answer) ? 1 : 0;
}
