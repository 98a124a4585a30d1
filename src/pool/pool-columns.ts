import { DEPENDENCY_KINDS, type DependencyKind } from '../metadata/dependency-kinds.ts';
import { type Column, type Columns, decodeColumns, encodeColumns } from './columns-file.ts';
import type { FrozenRelationColumns } from './frozen-relations.ts';
import type { FrozenStringColumns } from './frozen-strings.ts';
import type { IdLists } from './pool.ts';
import { take, takeDependencies, takeLists } from './repo-snapshot.ts';
import type { ProviderIndex } from './what-provides.ts';

/** All that a pool knows of its packages: what is made once from the repositories, and what a snapshot of it holds. */
export interface PoolColumns {
  readonly strings: FrozenStringColumns;
  readonly relations: FrozenRelationColumns;
  /** First row of each repository, and the end of the last. */
  readonly repoStarts: Int32Array;
  readonly name: Int32Array;
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  readonly archRank: Uint8Array;
  readonly size: Float64Array;
  readonly buildTime: Float64Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly files: IdLists;
  readonly providers: ProviderIndex;
  /** Rows by name. */
  readonly byName: IdLists;
  /** Paths that dependencies name and that primary.xml is not certain to list. */
  readonly unlistedPaths: Int32Array;
  /** As in `RepoData`. */
  readonly cold: Uint8Array;
  readonly coldEnds: Uint32Array;
}

/** To be counted up whenever the columns, or how they are made, change. */
const KIND = 'pool 2';

/** `more` is what the caller wants to find again; it goes through JSON. */
export function encodePool<T>(pool: PoolColumns, { key, more }: { key: string; more: T }): Uint8Array[] {
  const columns: Record<string, Column> = {
    'strings.bytes': pool.strings.bytes,
    'strings.starts': pool.strings.starts,
    'strings.slots': pool.strings.slots,
    'relations.names': pool.relations.names,
    'relations.flags': pool.relations.flags,
    'relations.evrs': pool.relations.evrs,
    'relations.slots': pool.relations.slots,
    repoStarts: pool.repoStarts,
    name: pool.name,
    evr: pool.evr,
    arch: pool.arch,
    archRank: pool.archRank,
    size: pool.size,
    buildTime: pool.buildTime,
    'files.start': pool.files.start,
    'files.ids': pool.files.ids,
    'providers.start': pool.providers.start,
    'providers.ids': pool.providers.ids,
    'providers.deps': pool.providers.deps,
    'byName.start': pool.byName.start,
    'byName.ids': pool.byName.ids,
    unlistedPaths: pool.unlistedPaths,
    cold: pool.cold,
    coldEnds: pool.coldEnds,
  };
  for (const kind of DEPENDENCY_KINDS) {
    columns[`${kind}.start`] = pool.dependencies[kind].start;
    columns[`${kind}.ids`] = pool.dependencies[kind].ids;
  }
  return encodeColumns({ kind: KIND, key, more, columns });
}

/** undefined when the file is not a whole pool of that key. Columns are views on the file's buffer. */
export function decodePool<T>(file: Uint8Array, key: string): { readonly more: T; readonly columns: PoolColumns } | undefined {
  const decoded = decodeColumns<T>(file, { kind: KIND, key });
  return decoded === undefined ? undefined : { more: decoded.more, columns: asPool(decoded.columns) };
}

function asPool(columns: Columns): PoolColumns {
  return {
    strings: { bytes: take(columns, 'strings.bytes'), starts: take(columns, 'strings.starts'), slots: take(columns, 'strings.slots') },
    relations: {
      names: take(columns, 'relations.names'),
      flags: take(columns, 'relations.flags'),
      evrs: take(columns, 'relations.evrs'),
      slots: take(columns, 'relations.slots'),
    },
    repoStarts: take(columns, 'repoStarts'),
    name: take(columns, 'name'),
    evr: take(columns, 'evr'),
    arch: take(columns, 'arch'),
    archRank: take(columns, 'archRank'),
    size: take(columns, 'size'),
    buildTime: take(columns, 'buildTime'),
    dependencies: takeDependencies(columns),
    files: takeLists(columns, 'files'),
    providers: { ...takeLists(columns, 'providers'), deps: take(columns, 'providers.deps') },
    byName: takeLists(columns, 'byName'),
    unlistedPaths: take(columns, 'unlistedPaths'),
    cold: take(columns, 'cold'),
    coldEnds: take(columns, 'coldEnds'),
  };
}
