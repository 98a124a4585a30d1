import { resolveSpecs } from '../../commands/resolve.ts';
import { unmetText } from '../../views/relock.ts';
import { resolveView } from '../../views/resolve.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const resolveAction = defineAction(resolveView, async ({ args, options, context }) => {
  const data = await resolveSpecs(
    {
      ...projectInput(options),
      arch: options.text('arch'),
      specs: args,
      weak: options.flag('weak'),
      best: options.flag('best'),
      exclude: options.list('exclude'),
      ignore: options.list('ignore'),
      repo: options.list('repo'),
      installed: options.text('installed'),
      upgrade: options.list('upgrade'),
      distroSync: options.list('distro-sync'),
      reinstall: options.list('reinstall'),
      remove: options.list('remove'),
      allowErasing: options.flag('allow-erasing'),
      enableModule: options.list('enable-module'),
      disableModule: options.list('disable-module'),
    },
    context,
  );
  if (data.kind === 'unsolvable') return { data, exitCode: data.problems.every(({ kind }) => kind === 'version-gone') ? 6 : 3 };
  if (data.unmet.length > 0) {
    context.emit({ kind: 'warning', code: 'REQUIREMENT_UNMET', text: unmetText(data.unmet), architecture: data.architecture });
  }
  return { data };
});
