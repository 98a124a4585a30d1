import { migrateLocks } from '../../commands/migrate.ts';
import { migrateView } from '../../views/migrate.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const migrateAction = defineAction(migrateView, async ({ options, context }) => {
  const input = { ...projectInput(options), arch: options.list('arch'), set: options.list('set'), dryRun: options.flag('dry-run') };
  const { migrated, current, dryRun, failure } = await migrateLocks(input, context);
  return { data: { dry_run: dryRun, current, migrated }, failure };
});
