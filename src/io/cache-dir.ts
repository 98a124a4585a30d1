import { join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { findOtherWriter } from './private-folder.ts';

/** Folders of the cache. The version changes with the format of the files. Other folders belong to other programs. */
export const CACHE_FOLDERS = [
  'metadata-v1',
  'stamps-v1',
  'keys-v1',
  'installed-v1',
  'labels-v1',
  'releasever-v1',
  'git-v1',
  'bot-v2',
  'content-v1',
] as const;
export type CacheFolder = (typeof CACHE_FOLDERS)[number];

export const cachePath = (cacheDir: string, folder: CacheFolder, ...names: readonly string[]): string => join(cacheDir, folder, ...names);

/** Default cache directory: RPM_DEPS_CACHE_DIR, or `rpm-deps` in the user's cache folder (XDG Base Directory Specification). */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>>): string {
  if (env['RPM_DEPS_CACHE_DIR']) return resolve(env['RPM_DEPS_CACHE_DIR']);
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || '/', '.cache'), 'rpm-deps');
}

/** Refuses a cache that other users can write: they could change the result of a lock. */
export function refuseSharedCache(cacheDir: string): void {
  for (const folder of [cacheDir, ...(['metadata-v1', 'stamps-v1', 'keys-v1'] as const).map((name) => cachePath(cacheDir, name))]) {
    const others = findOtherWriter(folder);
    if (others === undefined) continue;
    throw new RpmDepsError('CACHE_SHARED', `the cache directory \`${folder}\` is not safe to use: ${others}`, {
      hint: 'choose another one with --cache-dir DIR, or run `chmod go-w` on it; --shared-cache uses it for RPMs only, and downloads all metadata again',
      data: { directory: folder },
    });
  }
}
