import { check } from '../../commands/check.ts';
import { renderCheck } from '../../views/check-text.ts';
import { renderOnline } from '../../views/online-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function checkAction({ options, context, printer }: Invocation): Promise<number> {
  const { checked, findings, online } = await check({ ...projectInput(options), online: options.flag('online') }, context);
  const isGood = findings.length === 0 && (online ?? []).every(({ kind }) => kind === 'held');
  if (printer.json) printer.outJson({ ok: isGood, checked, findings, ...(online === undefined ? {} : { online }) });
  // That all is well is talk; what is wrong is the answer.
  else if (!isGood || !printer.quiet) printer.out(`${renderCheck(findings, checked)}${renderOnline(online)}`);
  return isGood ? 0 : 1;
}
