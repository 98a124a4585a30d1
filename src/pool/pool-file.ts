/** A pool as a cache file. */
import { DEPENDENCY_KINDS, type DependencyKind } from '../repodata/dependency-kinds.ts';
import { type Columns, decodeColumns, encodeColumns, take } from './columns-file.ts';
import type { IdLists } from './pool.ts';
import { columnsOf, NUMBER_FIELDS, ofEachNumber, type PoolColumns } from './pool-columns.ts';

/** Increase the number if the columns or their computation change; the names of the numeric fields are part of it. */
const KIND = `pool 8 ${Object.keys(NUMBER_FIELDS).join(' ')}`;

/** `more`: data of the caller, stored as JSON. */
export function encodePool<T>(pool: PoolColumns, { key, more }: { key: string; more: T }): Uint8Array[] {
  return encodeColumns({ kind: KIND, key, more, columns: columnsOf(pool) });
}

/** undefined if the file is not a complete pool with this key. Columns are views of the file's buffer. */
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
    ...ofEachNumber((field) => take<Float64Array>(columns, field)),
    dependencies: takeDependencies(columns),
    files: takeLists(columns, 'files'),
    providers: { ...takeLists(columns, 'providers'), deps: take(columns, 'providers.deps') },
    byName: takeLists(columns, 'byName'),
    unlistedPaths: take(columns, 'unlistedPaths'),
    odd: take(columns, 'odd'),
    cold: take(columns, 'cold'),
    coldEnds: take(columns, 'coldEnds'),
  };
}

function takeLists(columns: Columns, name: string): IdLists {
  return { start: take(columns, `${name}.start`), ids: take(columns, `${name}.ids`) };
}

function takeDependencies(columns: Columns): Record<DependencyKind, IdLists> {
  return Object.fromEntries(DEPENDENCY_KINDS.map((kind) => [kind, takeLists(columns, kind)])) as Record<DependencyKind, IdLists>;
}
