import { diff } from '../../commands/diff.ts';
import { isEmptyDiff } from '../../lockfile/diff.ts';
import { diffView } from '../../views/diff.ts';
import { renderDiffMarkdown } from '../../views/diff-markdown.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const diffAction = defineAction(diffView, async ({ args, options, context, printer }) => {
  const input = { ...projectInput(options), before: args[0], after: args[1] };
  const exitCode = (data: Parameters<typeof isEmptyDiff>[0]): number => (options.flag('exit-code') && !isEmptyDiff(data) ? 1 : 0);
  if (options.flag('comment')) {
    const { commentOnPullRequest } = await import('../comment.ts');
    const { diff: data, text } = await commentOnPullRequest(input, context, printer);
    return { data, exitCode: exitCode(data), text };
  }
  const data = await diff({ ...input, changelog: options.flag('changelog') }, context);
  const format = options.text('format');
  return { data, exitCode: exitCode(data), text: format === 'markdown' ? renderDiffMarkdown(data) : undefined };
});
