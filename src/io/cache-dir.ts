import { join, resolve } from 'node:path';

/** Where the cache is: RPM_DEPS_CACHE_DIR, or `rpm-deps` in the user's cache folder (XDG Base Directory Specification). */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>>): string {
  if (env['RPM_DEPS_CACHE_DIR']) return resolve(env['RPM_DEPS_CACHE_DIR']);
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || '/', '.cache'), 'rpm-deps');
}
