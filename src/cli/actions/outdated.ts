import { outdated } from '../../commands/outdated.ts';
import { renderOutdated } from '../../reports/outdated-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function outdatedAction({ options, context, printer }: Invocation): Promise<number> {
  const { rows, locks } = await outdated({ ...projectInput(options), arch: options.list('arch'), set: options.list('set') }, context);
  if (printer.json) printer.outJson({ outdated: rows });
  else printer.out(renderOutdated(rows, locks));
  return options.flag('exit-code') && rows.some(({ status }) => status !== 'held') ? 1 : 0;
}
