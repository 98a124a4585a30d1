import { check } from '../../commands/check.ts';
import { checkView } from '../../views/check.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const checkAction = defineAction(checkView, async ({ options, context, printer }) => {
  const output = await check({ ...projectInput(options), online: options.flag('online') }, context);
  const ok = output.findings.length === 0 && (output.online ?? []).every(({ kind }) => kind === 'held');
  // With --quiet only what is wrong is printed.
  return { data: { ok, ...output }, exitCode: ok ? 0 : 1, text: ok && printer.quiet ? '' : undefined };
});
