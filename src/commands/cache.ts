import { RpmDepsError } from '../base/errors.ts';
import { CACHE_FOLDERS, type CacheFolder, cachePath } from '../io/cache-dir.ts';
import { removeSealKey } from '../io/seal.ts';
import { type CacheEntry, listCache, oldestBeyond, removeOldest } from '../repositories/metadata-cache.ts';
import type { Context } from '../run/context.ts';

export interface CacheInfo {
  readonly directory: string;
  readonly bytes: number;
  readonly files: number;
  readonly folders: readonly { readonly name: string; readonly bytes: number; readonly files: number }[];
  /** Time of the last use of the least recently used file; null for an empty cache. */
  readonly oldest: string | null;
}

export async function cacheInfo(context: Context): Promise<CacheInfo> {
  const folders = await Promise.all(
    CACHE_FOLDERS.map(async (name) => ({ name, entries: await listCache(cachePath(context.cacheDir, name)) })),
  );
  const all = byAge(folders.flatMap(({ entries }) => entries));
  return {
    directory: context.cacheDir,
    bytes: sizeOf(all),
    files: all.length,
    folders: folders
      .filter(({ entries }) => entries.length > 0)
      .map(({ name, entries }) => ({ name, bytes: sizeOf(entries), files: entries.length })),
    oldest: all[0] === undefined ? null : new Date(all[0].lastUsed).toISOString(),
  };
}

/** The store of RPMs, which may be on no mirror any more. */
const STORE: CacheFolder = 'content-v1';
/** State of the bot: it cannot be downloaded again, and is therefore never removed here. */
const BOT: CacheFolder = 'bot-v2';

const sizeOf = (entries: readonly CacheEntry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);
const byAge = (entries: readonly CacheEntry[]): CacheEntry[] =>
  [...entries].sort((a, b) => a.lastUsed - b.lastUsed || (a.path < b.path ? -1 : 1));

export interface CacheCleanInput {
  /** Keep this much of the most recently used files, such as `500MB`; default nothing. */
  readonly maxSize?: string | undefined;
  /** Also remove fetched RPMs. */
  readonly rpms?: boolean | undefined;
  /** Only report what would be removed. */
  readonly dryRun?: boolean | undefined;
}

export interface CacheCleaned {
  readonly directory: string;
  readonly removed: number;
  readonly dryRun: boolean;
  readonly bytes: number;
}

/** Removes the least recently used files. Without `rpms`, all removed files can be downloaded or computed again. */
export async function cacheClean(input: CacheCleanInput, context: Context): Promise<CacheCleaned> {
  const maxBytes = input.maxSize === undefined ? 0 : parseSize(input.maxSize);
  const folders = CACHE_FOLDERS.filter((name) => name !== BOT && (name !== STORE || input.rpms === true));
  const entries = (await Promise.all(folders.map((name) => listCache(cachePath(context.cacheDir, name))))).flat();
  const dryRun = input.dryRun === true;
  const removed = dryRun ? oldestBeyond(byAge(entries), maxBytes) : await removeOldest(byAge(entries), maxBytes);
  if (!dryRun && removed.length === entries.length) removeSealKey(context.cacheDir);
  return { directory: context.cacheDir, removed: removed.length, bytes: sizeOf(removed), dryRun };
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** `500MB`, `2G`, `1.5 GiB`. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim());
  const unit = UNITS[match?.[2]?.toLowerCase() ?? 'none'];
  if (match === null || unit === undefined)
    throw new RpmDepsError('USAGE', `\`${text}\` is not a size`, { hint: 'for example 500MB or 2GiB' });
  return Math.round(Number(match[1]) * unit);
}
