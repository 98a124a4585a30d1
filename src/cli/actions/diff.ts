import { diff } from '../../commands/diff.ts';
import { isEmptyDiff } from '../../lockfile/diff.ts';
import { diffView } from '../../views/diff.ts';
import { renderDiffMarkdown } from '../../views/diff-markdown.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const diffAction = defineAction(diffView, async ({ args, options, context }) => {
  const data = await diff({ ...projectInput(options), before: args[0], after: args[1], changelog: options.flag('changelog') }, context);
  const format = options.text('format');
  return {
    data,
    exitCode: options.flag('exit-code') && !isEmptyDiff(data) ? 1 : 0,
    text: format === 'markdown' ? renderDiffMarkdown(data) : undefined,
  };
});
