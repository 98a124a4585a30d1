import { RpmDepsError } from '../../base/errors.ts';
import { init } from '../../commands/init.ts';
import { initBuilder } from '../../commands/init-builder.ts';
import { initView } from '../../views/init.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const initAction = defineAction(initView, async ({ options, context }) => {
  const containerfile = options.text('containerfile');
  const set = options.text('set');
  const isBuilder = options.flag('builder');
  if (!isBuilder && (containerfile ?? set) !== undefined) {
    throw new RpmDepsError('USAGE', `--${containerfile === undefined ? 'set' : 'containerfile'} needs --builder`);
  }
  return { data: isBuilder ? await initBuilder({ containerfile, set }, context) : await init(projectInput(options), context) };
});
