import { search } from '../../commands/search.ts';
import { searchView } from '../../views/search.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const searchAction = defineAction(searchView, async ({ args, options, context }) => ({
  data: await search({ ...projectInput(options), patterns: args, arch: options.list('arch') }, context),
}));
