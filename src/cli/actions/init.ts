import { initBuilder } from '../../commands/init-builder.ts';
import { RpmDepsError } from '../../errors.ts';
import type { Action } from '../command.ts';

export const initAction: Action = async ({ options, context, printer }) => {
  if (!options.flag('builder')) throw new RpmDepsError('USAGE', '`init` is not there yet');
  const output = await initBuilder({ containerfile: options.text('containerfile'), set: options.text('set') }, context);
  if (printer.json) printer.outJson(output);
  else printer.say(`wrote ${output.path}`);
  return 0;
};
