import { DEPENDENCY_KINDS, type DependencyKind } from '../repodata/dependency-kinds.ts';
import type { Column } from './columns-file.ts';
import type { FrozenRelationColumns } from './frozen-relations.ts';
import type { FrozenStringColumns } from './frozen-strings.ts';
import type { IdLists } from './pool.ts';
import { BUILD_TIME, SIZE } from './primary-columns.ts';
import type { ProviderIndex } from './providers.ts';

/** Numeric fields of packages: name -> column of the primary.xml reader. Add new fields here. */
export const NUMBER_FIELDS = { size: SIZE, buildTime: BUILD_TIME } as const;
export type NumberField = keyof typeof NUMBER_FIELDS;

/** Creates a value for each of these fields. */
export function ofEachNumber<T>(make: (field: NumberField) => T): Record<NumberField, T> {
  return Object.fromEntries((Object.keys(NUMBER_FIELDS) as NumberField[]).map((field) => [field, make(field)])) as Record<NumberField, T>;
}

/**
 * All package data of a pool, as columns: the result of reading primary.xml, and the content of a snapshot. Repositories are concatenated in their
 * order and share strings and relations. Row 0 of every column is unused.
 */
export interface PoolColumns extends Readonly<Record<NumberField, Float64Array>> {
  /** First row of each repository, and the end of the last one. */
  readonly repoStarts: Int32Array;
  readonly strings: FrozenStringColumns;
  readonly relations: FrozenRelationColumns;
  readonly name: Int32Array;
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  /** Rank of the architecture; 0: not installable. */
  readonly archRank: Uint8Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly files: IdLists;
  readonly providers: ProviderIndex;
  /** Rows by name. */
  readonly byName: IdLists;
  /** Paths in dependencies that primary.xml may not list. */
  readonly unlistedPaths: Int32Array;
  /** Rows whose location is a full URL, missing or invalid (then it is `UNUSABLE` and the reason); ascending. */
  readonly odd: Int32Array;
  /** Rarely used texts of each package, in the order of their numbers in primary-columns.ts, in UTF-8. */
  readonly cold: Uint8Array;
  /** `COLD_FIELDS` end offsets into `cold` for each row. */
  readonly coldEnds: Uint32Array;
}

/** Prefix that no location can have. */
export const UNUSABLE = '\0';

/** All columns by name. */
export function columnsOf(pool: PoolColumns): Record<string, Column> {
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
    ...ofEachNumber((field) => pool[field]),
    'files.start': pool.files.start,
    'files.ids': pool.files.ids,
    'providers.start': pool.providers.start,
    'providers.ids': pool.providers.ids,
    'providers.deps': pool.providers.deps,
    'byName.start': pool.byName.start,
    'byName.ids': pool.byName.ids,
    unlistedPaths: pool.unlistedPaths,
    odd: pool.odd,
    cold: pool.cold,
    coldEnds: pool.coldEnds,
  };
  for (const kind of DEPENDENCY_KINDS) {
    columns[`${kind}.start`] = pool.dependencies[kind].start;
    columns[`${kind}.ids`] = pool.dependencies[kind].ids;
  }
  return columns;
}
