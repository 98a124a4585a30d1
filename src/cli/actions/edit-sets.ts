import { addPackages, type EditSetsInput, type EditSetsOutput, removePackages } from '../../commands/edit-sets.ts';
import { addView, type EditSetsData, removeView } from '../../views/edit-sets.ts';
import { defineAction } from '../action.ts';
import type { Invocation } from '../command.ts';
import { allowDowngrade, projectInput } from '../shared-input.ts';
import { nothingLocked, relockData, warnOfUnmet } from './relock.ts';

export const addAction = defineAction(addView, async (invocation) => {
  const { args, options, context } = invocation;
  const input = { ...editInput(invocation), names: args, arch: options.list('arch') };
  return { data: await editData(await addPackages(input, context), invocation) };
});

export const removeAction = defineAction(removeView, async (invocation) => {
  const input = { ...editInput(invocation), names: invocation.args };
  return { data: await editData(await removePackages(input, invocation.context), invocation) };
});

function editInput({ options }: Invocation): Omit<EditSetsInput, 'names'> {
  return {
    ...projectInput(options),
    set: options.list('set'),
    allowDowngrade: allowDowngrade(options),
    dryRun: options.flag('dry-run'),
  };
}

async function editData({ edits, present, locks }: EditSetsOutput, invocation: Invocation): Promise<EditSetsData> {
  if (locks !== undefined) warnOfUnmet(locks, invocation);
  return { edits, present, locks: locks === undefined ? await nothingLocked(invocation) : relockData(locks, invocation) };
}
