import { info } from '../../commands/info.ts';
import { infoView } from '../../views/info.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const infoAction = defineAction(infoView, async ({ args, options, context }) => ({
  data: await info({ ...projectInput(options), name: args[0]!, arch: options.list('arch') }, context),
}));
