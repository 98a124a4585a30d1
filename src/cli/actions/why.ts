import { why } from '../../commands/why.ts';
import { whyView } from '../../views/why.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const whyAction = defineAction(whyView, async ({ args, options, context }) => {
  const name = args[0]!;
  const input = { ...projectInput(options), name, arch: options.list('arch'), set: options.list('set'), all: options.flag('all') };
  return { data: { name, ...(await why(input, context)) } };
});
