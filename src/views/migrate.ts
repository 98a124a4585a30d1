import { firstOf, printable } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import { count, flag, list, object, path, type TypeOf, text, texts } from './shape.ts';
import { defineView } from './view.ts';

const shape = object({
  dry_run: flag('Whether `--dry-run` was given: nothing was written'),
  current: count('Lockfiles that were of a newer schema already'),
  migrated: list(
    object({
      set: text('The package set'),
      architecture: text('The architecture'),
      path: path('The lockfile'),
      packages: count('Locked packages'),
      unmet: list(
        object({
          package: text('The package that requires it'),
          requirement: text('A requirement that no package of the lockfile satisfies'),
        }),
        'Unmet requirements within the lockfile: packages that the other tool left out',
      ),
      unanswered: texts('Specs of the manifest that match no locked package: `check` reports the lockfile as stale'),
    }),
    'Lockfiles that were rebuilt',
  ),
});

export const migrateView = defineView({
  command: 'migrate',
  about: 'Lockfiles of schema 1.0 that were rebuilt from the headers of their RPMs',
  schema: 1,
  shape,
  json: (data: TypeOf<typeof shape>) => data,
  text: ({ migrated, current, dry_run: dryRun }) => {
    const rows = migrated.map(({ set, architecture, packages, unmet, unanswered }) => {
      const remarks = [
        ...(unmet.length === 0 ? [] : [`${plural(unmet.length, 'requirement')} not met: ${someOf(unmet.map((one) => one.requirement))}`]),
        ...(unanswered.length === 0 ? [] : [`not answered: ${someOf(unanswered)}`]),
      ];
      return `${set}-${architecture}: ${plural(packages, 'package')}${remarks.length === 0 ? '' : ` (${remarks.join('; ')})`}\n`;
    });
    const nothing = migrated.length === 0 && current > 0 ? [`nothing to migrate: ${plural(current, 'lockfile')} of a newer schema\n`] : [];
    return [...(dryRun && rows.length > 0 ? ['with --dry-run nothing is written\n'] : []), ...rows, ...nothing].join('');
  },
});

const someOf = (names: readonly string[]): string => firstOf([...new Set(names)], 3, printable);
