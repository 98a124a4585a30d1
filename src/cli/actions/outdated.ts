import { outdated } from '../../commands/outdated.ts';
import { outdatedView } from '../../views/outdated.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const outdatedAction = defineAction(outdatedView, async ({ options, context }) => {
  const data = await outdated({ ...projectInput(options), arch: options.list('arch'), set: options.list('set') }, context);
  const isBehind =
    data.bases.length > 0 ||
    data.rows.some(({ status }) => status !== 'held') ||
    data.pins.some(({ status, gone }) => status === 'bump' || gone.length > 0);
  return { data, exitCode: options.flag('exit-code') && isBehind ? 1 : 0 };
});
