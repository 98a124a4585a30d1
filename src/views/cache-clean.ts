import { plural, sizeText } from '../base/quantity.ts';
import { count, flag, object, path } from './shape.ts';
import { defineView } from './view.ts';

interface CacheCleaned {
  readonly directory: string;
  readonly removed: number;
  readonly bytes: number;
  readonly dryRun: boolean;
}

export const cacheCleanView = defineView({
  command: 'cache clean',
  about: 'What was removed from the cache',
  schema: 1,
  shape: object({
    directory: path('The cache directory'),
    removed: count('Files that were removed, or would be without `--dry-run`'),
    bytes: count('Their size'),
    dry_run: flag('Whether `--dry-run` was given: nothing was removed'),
  }),
  json: ({ dryRun, ...cleaned }: CacheCleaned) => ({ ...cleaned, dry_run: dryRun }),
  text: () => '',
  remark: ({ directory, removed, bytes, dryRun }) =>
    `${dryRun ? 'would remove' : 'removed'} ${plural(removed, 'file')}, ${sizeText(bytes)}, from ${directory}`,
});
