import { check } from '../../commands/check.ts';
import { checkView } from '../../views/check.ts';
import { defineAction } from '../action.ts';
import { annotateError, annotateFindings } from '../annotate.ts';
import { projectInput } from '../shared-input.ts';

export const checkAction = defineAction(checkView, async ({ options, context, printer }) => {
  const isAnnotated = options.flag('annotate') && !printer.json;
  const output = await check({ ...projectInput(options), online: options.flag('online') }, context).catch((error: unknown) => {
    if (isAnnotated) printer.out(annotateError(error, context));
    throw error;
  });
  const ok = output.findings.length === 0 && (output.online ?? []).every(({ kind }) => kind === 'held');
  if (isAnnotated) printer.out(await annotateFindings(output.findings, context));
  // With --quiet only findings are printed.
  return { data: { ok, ...output }, exitCode: ok ? 0 : 1, text: ok && printer.quiet ? '' : undefined };
});
