/** Repositories that a lockfile knows by the URL of a list of mirrors: that URL is no place of packages, what the list names is. */
import { RpmDepsError } from '../base/errors.ts';
import { withoutSecrets } from '../base/redact.ts';
import type { LockedRepository, Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { variableValues } from '../manifest/repository-variables.ts';
import { fetchKept } from '../repositories/kept-answer.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import { findMirrors, type ListedRepository } from '../repositories/mirrors.ts';
import type { Run } from '../run/run.ts';
import { resolvedRepositories } from './load-architecture.ts';

/** What a lockfile alone says of such a repository; undefined for those with a base URL. */
export function listedRepository({ id, baseurl, list }: LockedRepository, architecture: string): ListedRepository | undefined {
  if (list === undefined) return undefined;
  const variables = variableValues({ mirror: '', architecture, releasever: '' });
  return { id, baseurls: [], variables, metalink: undefined, mirrorlist: undefined, [list]: baseurl };
}

/** In the order of the list. `offline`: as the list was when it was last read. */
export async function mirrorsOf(repository: ListedRepository, { http, cacheDir, emit }: Run, offline: boolean): Promise<readonly string[]> {
  const read = (url: string): Promise<Uint8Array> =>
    fetchKept(url, { http, cache: new MetadataCache(cacheDir, emit), offline }, { kind: 'list' });
  const { baseurls } = await findMirrors(repository, read);
  const list = repository.metalink ?? repository.mirrorlist;
  if (list !== undefined) http.shareAccess?.(list, baseurls);
  return baseurls;
}

/**
 * For formats that name where files are: the first mirror in place of each list, as the cache knows it. A list that is not in the cache stays, and
 * its packages go without a URL.
 */
export async function withMirrors(locks: readonly Lockfile[], manifest: Manifest | undefined, run: Run): Promise<Lockfile[]> {
  const warned = new Set<string>();
  const found = locks.map(async (lock) => {
    const { architecture, repositories = [], source_repositories: more = [] } = lock;
    const known = manifest === undefined ? [] : knownRepositoriesFor(manifest, architecture);
    const own = manifest === undefined ? [] : resolvedRepositories(manifest, architecture, known);
    const canonical = manifest === undefined ? undefined : canonicalUrls(manifest, architecture, known);
    const withMirror = async (repository: LockedRepository): Promise<LockedRepository> => {
      const { list, ...rest } = repository;
      if (list === undefined) return repository;
      const isSame = canonical?.get(rest.id) === rest.baseurl;
      const source = isSame ? own.find(({ id }) => id === rest.id) : listedRepository(repository, architecture);
      const mirror = await knownMirror(source!, run);
      if (mirror !== undefined) return { ...rest, baseurl: withoutSecrets(mirror) };
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

async function knownMirror(repository: ListedRepository, run: Run): Promise<string | undefined> {
  try {
    return (await mirrorsOf(repository, run, true))[0];
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    run.emit({ kind: 'debug', text: `mirrors of ${repository.id}: ${error.message}` });
    return undefined;
  }
}
