import { RpmDepsError } from '../../base/errors.ts';
import { init } from '../../commands/init.ts';
import { initBuilder } from '../../commands/init-builder.ts';
import { initView } from '../../views/init.ts';
import { defineAction } from '../action.ts';
import type { ParsedOptions } from '../parsed-options.ts';
import { projectInput } from '../shared-input.ts';

export const initAction = defineAction(initView, async ({ options, context }) => {
  const containerfile = options.text('containerfile');
  const set = options.text('set');
  if (options.flag('builder')) {
    refuse(options, ['distribution', 'repofile', 'releasever', 'arch'], 'does not go with --builder');
    return { data: { ...(await initBuilder({ containerfile, set }, context)), next: [] } };
  }
  refuse(options, ['containerfile', 'set'], 'needs --builder');
  const input = {
    ...projectInput(options),
    distributions: options.list('distribution'),
    repofiles: options.list('repofile'),
    releasever: options.text('releasever'),
    arch: options.list('arch'),
  };
  return { data: await init(input, context) };
});

function refuse(options: ParsedOptions, names: readonly string[], why: string): void {
  for (const name of names) if (options.list(name).length > 0) throw new RpmDepsError('USAGE', `--${name} ${why}`);
}
