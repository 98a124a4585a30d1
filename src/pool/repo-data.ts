/**
 * One repository as columns with ids of its own: what a scan of primary.xml gives, what travels between threads, and what a
 * snapshot file holds. Row 0 of every column is unused.
 */
import type { DependencyKind } from '../metadata/dependency-kinds.ts';
import type { IdLists } from './pool.ts';
import type { RelationColumns } from './relation-table.ts';
import type { StringColumns } from './string-table.ts';

export interface RepoData {
  /** Rows, with row 0. */
  readonly count: number;
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

/** All that is to be handed over when the data goes to another thread. */
export function buffersOf(data: RepoData): ArrayBuffer[] {
  const columns: { readonly buffer: ArrayBufferLike }[] = [
    ...Object.values(data.strings),
    ...Object.values(data.relations),
    ...[data.name, data.evr, data.arch, data.size, data.buildTime, data.cold, data.coldEnds],
    ...[...Object.values(data.dependencies), data.files].flatMap(({ start, ids }) => [start, ids]),
  ];
  return columns.map(({ buffer }) => buffer as ArrayBuffer);
}

export const COLD_FIELDS = 4;
