import { importFiles } from '../../commands/import.ts';
import { importView } from '../../views/import.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const importAction = defineAction(importView, async ({ args, options, context }) => ({
  data: await importFiles({ ...projectInput(options), files: args, arch: options.text('arch') }, context),
}));
