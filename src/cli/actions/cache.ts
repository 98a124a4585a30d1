import { cacheClean, cacheInfo } from '../../commands/cache.ts';
import { cacheCleanView } from '../../views/cache-clean.ts';
import { cacheInfoView } from '../../views/cache-info.ts';
import { defineAction } from '../action.ts';

export const cacheInfoAction = defineAction(cacheInfoView, async ({ context }) => ({ data: await cacheInfo(context) }));

export const cacheCleanAction = defineAction(cacheCleanView, async ({ options, context }) => ({
  data: await cacheClean({ maxSize: options.text('max-size'), rpms: options.flag('rpms'), dryRun: options.flag('dry-run') }, context),
}));
