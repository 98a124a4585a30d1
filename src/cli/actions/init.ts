import { RpmDepsError } from '../../base/errors.ts';
import { init } from '../../commands/init.ts';
import { initBuilder } from '../../commands/init-builder.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function initAction({ options, context, printer }: Invocation): Promise<number> {
  const containerfile = options.text('containerfile');
  const set = options.text('set');
  const isBuilder = options.flag('builder');
  if (!isBuilder && (containerfile ?? set) !== undefined) {
    throw new RpmDepsError('USAGE', `--${containerfile === undefined ? 'set' : 'containerfile'} needs --builder`);
  }
  const output = isBuilder ? await initBuilder({ containerfile, set }, context) : await init(projectInput(options), context);
  if (printer.json) printer.outJson(output);
  else printer.say(`wrote ${output.path}`);
  return 0;
}
