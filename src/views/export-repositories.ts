import type { Lockfile } from '../lockfile/lockfile.ts';

/** Ids of repositories in a file for several architectures: as in the locks, plus the architecture if one id has several base URLs. */
export function repositoryIds(locks: readonly Lockfile[]): (id: string, lock: Lockfile) => string {
  const urls = new Map<string, Set<string>>();
  for (const { repositories = [] } of locks) {
    for (const { id, baseurl } of repositories) urls.set(id, (urls.get(id) ?? new Set()).add(baseurl));
  }
  return (id, { architecture }) => ((urls.get(id)?.size ?? 0) > 1 ? `${id}-${architecture}` : id);
}
