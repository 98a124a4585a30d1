import { outdated } from '../../commands/outdated.ts';
import { renderOutdated } from '../../views/outdated-text.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function outdatedAction({ options, context, printer }: Invocation): Promise<number> {
  const { rows, pins, locks } = await outdated({ ...projectInput(options), arch: options.list('arch'), set: options.list('set') }, context);
  if (printer.json) printer.outJson({ outdated: rows, pins });
  else printer.out(renderOutdated(rows, locks, pins));
  return options.flag('exit-code') &&
    (rows.some(({ status }) => status !== 'held') || pins.some(({ status, gone }) => status === 'bump' || gone.length > 0))
    ? 1
    : 0;
}
