/** The merged pool of some repositories in the cache, with the parsed repomd.xml of each. */

import type { PoolColumns } from '../pool/pool-columns.ts';
import { decodePool, encodePool } from '../pool/pool-file.ts';
import type { Repomd } from '../repodata/repomd.ts';
import type { KnownRepomds } from './fetch-repomd.ts';
import { cacheKey, type MetadataCache } from './metadata-cache.ts';
import type { ResolvedRepository } from './repository.ts';

export interface StoredPool {
  /** In the order of the repositories. */
  readonly repomds: readonly { readonly sha256: string; readonly repomd: Repomd }[];
  readonly columns: PoolColumns;
}

/** One name for the same repositories and architecture, so that a newer pool replaces the older one. */
export function storedPoolName(architecture: string, repositories: readonly ResolvedRepository[]): string {
  const places = repositories.map(({ id, baseurls, metalink, mirrorlist, allowWeakChecksums }) =>
    JSON.stringify([id, baseurls, metalink, mirrorlist, ...(allowWeakChecksums ? ['weak'] : [])]),
  );
  return `${cacheKey(architecture, ...places)}.pool`;
}

export async function readStoredPool(cache: MetadataCache, name: string): Promise<StoredPool | undefined> {
  const file = await cache.read(name);
  const decoded = file === undefined ? undefined : decodePool<PlainRepomd[]>(file, name);
  if (decoded === undefined) return undefined;
  const repomds = decoded.more.map(({ sha256, repomd, records }) => ({ sha256, repomd: { ...repomd, records: new Map(records) } }));
  return { repomds, columns: decoded.columns };
}

export async function storePool(cache: MetadataCache, name: string, { repomds, columns }: StoredPool): Promise<void> {
  const more = repomds.map(({ sha256, repomd: { records, ...repomd } }): PlainRepomd => ({ sha256, repomd, records: [...records] }));
  await cache.writeLater(name, encodePool(columns, { key: name, more }));
}

export function knownRepomds(stored: StoredPool | undefined): KnownRepomds {
  return new Map(stored?.repomds.map(({ sha256, repomd }) => [sha256, repomd]));
}

interface PlainRepomd {
  readonly sha256: string;
  readonly repomd: Omit<Repomd, 'records'>;
  readonly records: readonly (readonly [string, ReturnType<Repomd['records']['get']> & object])[];
}
