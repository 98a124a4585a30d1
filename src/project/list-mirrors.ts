/** Repositories of which a lockfile has only the URL of a mirror list: packages are below the URLs in that list. */
import { RpmDepsError } from '../base/errors.ts';
import { pathTokens, withoutSecrets } from '../base/redact.ts';
import type { LockedRepository, Lockfile } from '../lockfile/lockfile.ts';
import { mirrorKey, type RpmsLockMirrors } from '../lockfile/rpms-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { variableValues } from '../manifest/repository-variables.ts';
import { fetchKept } from '../repositories/kept-answer.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import { findMirrors, type ListedRepository } from '../repositories/mirrors.ts';
import type { Run } from '../run/run.ts';
import { resolvedRepositories } from './load-architecture.ts';

/** The data of a lockfile about such a repository; undefined for repositories with a base URL. */
export function listedRepository({ id, baseurl, list }: LockedRepository, architecture: string): ListedRepository | undefined {
  if (list === undefined) return undefined;
  const variables = variableValues({ mirror: '', architecture, releasever: '' });
  return { id, baseurls: [], variables, metalink: undefined, mirrorlist: undefined, [list]: baseurl };
}

/** Mirrors in the order of the list. `offline`: from the cached list. */
export async function mirrorsOf(repository: ListedRepository, { http, cacheDir, emit }: Run, offline: boolean): Promise<readonly string[]> {
  const read = (url: string): Promise<Uint8Array> =>
    fetchKept(url, { http, cache: new MetadataCache(cacheDir, emit), offline }, { kind: 'list' });
  const { baseurls } = await findMirrors(repository, read);
  const list = repository.metalink ?? repository.mirrorlist;
  if (list !== undefined) http.shareAccess?.(list, baseurls);
  return baseurls;
}

/**
 * For formats with URLs of files: replaces each list by a mirror from the cached list. A list that is not in the cache stays, and
 * its packages have no URL.
 */
export async function withMirrors(locks: readonly Lockfile[], manifest: Manifest | undefined, run: Run): Promise<Lockfile[]> {
  const warned = new Set<string>();
  const found = locks.map(async (lock) => {
    const { architecture, repositories = [], source_repositories: more = [] } = lock;
    const sourceOf = listSources(manifest, architecture);
    const withMirror = async (repository: LockedRepository): Promise<LockedRepository> => {
      const { list, ...rest } = repository;
      if (list === undefined) return repository;
      const mirror = await knownMirror(sourceOf(repository), run);
      if (mirror !== undefined) return { ...rest, baseurl: mirror };
      if (!warned.has(`${rest.id} ${architecture}`)) {
        const text = `the mirrors of repository \`${rest.id}\` are not in the cache, and its packages have no URL: run \`rpm-deps fetch\` first`;
        run.emit({ kind: 'warning', code: 'MIRRORS_UNKNOWN', text, architecture });
      }
      warned.add(`${rest.id} ${architecture}`);
      return repository;
    };
    if (![...repositories, ...more].some(({ list }) => list !== undefined)) return lock;
    const named = { ...lock, repositories: await Promise.all(repositories.map(withMirror)) };
    return more.length === 0 ? named : { ...named, source_repositories: await Promise.all(more.map(withMirror)) };
  });
  return await Promise.all(found);
}

/**
 * For lockfiles with URLs of files. A mirror in `before` stays as long as the list contains it, because lists have another order on each
 * request.
 */
export async function mirrorsForRpmsLock(
  locks: readonly Lockfile[],
  { before, manifest }: { readonly before: RpmsLockMirrors; readonly manifest: Manifest | undefined },
  run: Run,
): Promise<RpmsLockMirrors> {
  const mirrors = new Map<string, string>();
  for (const { architecture, repositories = [], source_repositories: more = [] } of locks) {
    const sourceOf = listSources(manifest, architecture);
    for (const repository of [...repositories, ...more]) {
      const key = mirrorKey(architecture, repository.id);
      if (repository.list === undefined || mirrors.has(key)) continue;
      const mirror = await knownMirror(sourceOf(repository), run, before.get(key));
      if (mirror !== undefined) mirrors.set(key, mirror);
    }
  }
  return mirrors;
}

/** The repository as in the manifest, with its keys; as in the lockfile if the manifest does not have it. */
function listSources(manifest: Manifest | undefined, architecture: string): (repository: LockedRepository) => ListedRepository {
  const known = manifest === undefined ? [] : knownRepositoriesFor(manifest, architecture);
  const own = manifest === undefined ? [] : resolvedRepositories(manifest, architecture, known);
  const canonical = manifest === undefined ? undefined : canonicalUrls(manifest, architecture, known);
  return (repository) => {
    const isSame = canonical?.get(repository.id) === repository.baseurl;
    return (isSame ? own.find(({ id }) => id === repository.id) : undefined) ?? listedRepository(repository, architecture)!;
  };
}

/** The same mirror each time, independent of the order of the list: the previous one, else the first by name among the safest. */
async function knownMirror(repository: ListedRepository, run: Run, before?: string): Promise<string | undefined> {
  try {
    const tokens = pathTokens(repository.metalink ?? repository.mirrorlist ?? '');
    const known = (await mirrorsOf(repository, run, true)).map(withoutSecrets).sort();
    const mirrors = known.filter((url) => !tokens.some((token) => url.includes(token)));
    return (
      (before !== undefined && mirrors.includes(before) ? before : undefined) ?? mirrors.find((url) => /^https:/i.test(url)) ?? mirrors[0]
    );
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    run.emit({ kind: 'debug', text: `mirrors of ${repository.id}: ${error.message}` });
    return before;
  }
}
