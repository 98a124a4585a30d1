import { isUrl } from '../base/urls.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { packageEdges } from '../lockfile/package-edges.ts';
import { urlOfPackage } from '../lockfile/rpms-lock.ts';
import { bazelIds } from './bazel-ids.ts';
import { repositoryIds } from './export-repositories.ts';

/**
 * bazeldnf's lock JSON: tabs, no newline at the end. As in bazeldnf, a package is identified by its name; if several packages of the file have
 * that name, by name, epoch, version, release and architecture, like `rpm(name = ...)` in a WORKSPACE.
 */
export function renderBazeldnf(locks: readonly Lockfile[], fallbacks: readonly string[]): string {
  const repositoryId = repositoryIds(locks);
  const repositories: Record<string, string[]> = {};
  for (const lock of locks) {
    for (const { id, baseurl, list } of lock.repositories ?? []) repositories[repositoryId(id, lock)] = list === undefined ? [baseurl] : [];
  }
  const ids = bazelIds(locks, { short: locks.length === 1 });
  const found = new Map<string, { locked: LockedPackage; lock: Lockfile; dependencies: Set<string> }>();
  const targets = new Set<string>();
  for (const lock of locks) {
    const edges = packageEdges(lock);
    for (const locked of edges.requested) targets.add(ids.get(locked.sha256)!);
    for (const [locked, others] of edges.dependencies) {
      const entry = found.get(locked.sha256) ?? { locked, lock, dependencies: new Set() };
      found.set(locked.sha256, entry);
      for (const other of others) entry.dependencies.add(ids.get(other.sha256)!);
    }
  }
  const rpms = [...found.values()].map(({ locked, lock, dependencies }) => ({
    id: ids.get(locked.sha256)!,
    name: locked.name,
    integrity: `sha256-${Buffer.from(locked.sha256, 'hex').toString('base64')}`,
    ...placeOf(locked, lock, { repositoryId, fallbacks: fallbackUrls(fallbacks, locked) }),
    dependencies: [...dependencies].sort(),
  }));
  const names = new Set(locks.map(({ package_set: set }) => set));
  const ignored = [...new Set(locks.flatMap((lock) => lock.ignored ?? []))];
  return JSON.stringify(
    {
      name: names.size === 1 ? [...names][0]! : 'rpms',
      repositories,
      rpms: rpms.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
      targets: [...targets].sort(),
      ...(ignored.length === 0 ? {} : { ignored }),
    },
    null,
    '\t',
  );
}

interface Places {
  readonly repositoryId: (id: string, lock: Lockfile) => string;
  readonly fallbacks: readonly string[];
}

/**
 * An escaped path below the base URL of its repository, because bazeldnf concatenates them; else the whole URL. Bazel's extension uses
 * only the first URL; fallbacks follow it for other readers.
 */
function placeOf(locked: LockedPackage, lock: Lockfile, { repositoryId, fallbacks }: Places): Record<string, unknown> {
  const location = locked.location ?? locked.filename;
  const base = lock.repositories?.find(({ id }) => id === locked.repository)?.baseurl;
  const isBelow = base !== undefined && !base.includes('?') && !isUrl(location) && !location.split('/').includes('..');
  if (!isBelow) return { urls: [...new Set([urlOfPackage(locked, lock) ?? location, ...fallbacks])] };
  return {
    urls: [location.split('/').map(encodeURIComponent).join('/'), ...fallbacks],
    repository: repositoryId(locked.repository!, lock),
  };
}
