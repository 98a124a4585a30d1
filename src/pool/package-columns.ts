/**
 * Packages as columns: what reading primary.xml gives. The repositories lie behind each other in their order and share strings and
 * relations. Row 0 of every column is unused.
 */
import type { DependencyKind } from '../metadata/dependency-kinds.ts';
import type { IdLists } from './pool.ts';
import type { RelationColumns } from './relation-table.ts';
import type { StringColumns } from './string-table.ts';

export interface PackageColumns {
  /** First row of each repository, and the end of the last. */
  readonly repoStarts: Int32Array;
  readonly strings: StringColumns;
  readonly relations: RelationColumns;
  readonly name: Int32Array;
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  readonly size: Float64Array;
  readonly buildTime: Float64Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly files: IdLists;
  /** Location, source RPM, checksum type and value of each package as one text each, in this order, in UTF-8. */
  readonly cold: Uint8Array;
  /** Four ends for every row, into `cold`. */
  readonly coldEnds: Uint32Array;
}

export const COLD_FIELDS = 4;
