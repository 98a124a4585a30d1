import { search } from '../../commands/search.ts';
import { searchView } from '../../views/search.ts';
import { defineAction } from '../action.ts';
import { projectInput, wholeNumber } from '../shared-input.ts';

const DEFAULT_LIMIT = 100;

export const searchAction = defineAction(searchView, async ({ args, options, context }) => {
  const limit = wholeNumber('--limit', options.text('limit')) ?? DEFAULT_LIMIT;
  const input = {
    ...projectInput(options),
    patterns: args,
    arch: options.list('arch'),
    summaries: options.choice('summaries') ?? true,
    limit: limit === 0 ? undefined : limit,
  };
  return { data: await search(input, context) };
});
