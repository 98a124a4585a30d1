/** A repository's columns as a file, so that metadata is parsed once a checksum. */
import { DEPENDENCY_KINDS, type DependencyKind } from '../metadata/dependency-kinds.ts';
import { type Column, type Columns, decodeColumns, encodeColumns } from './columns-file.ts';
import type { IdLists } from './pool.ts';
import type { RepoData } from './repo-data.ts';

/** To be counted up whenever the columns, or how they are made from metadata, change. */
const KIND = 'repository 4';

export function encodeSnapshot(data: RepoData, key: string): Uint8Array[] {
  const columns: Record<string, Column> = {
    'strings.bytes': data.strings.bytes,
    'strings.starts': data.strings.starts,
    'strings.hashes': data.strings.hashes,
    'relations.names': data.relations.names,
    'relations.flags': data.relations.flags,
    'relations.evrs': data.relations.evrs,
    name: data.name,
    evr: data.evr,
    arch: data.arch,
    size: data.size,
    buildTime: data.buildTime,
    'files.start': data.files.start,
    'files.ids': data.files.ids,
    cold: data.cold,
    coldEnds: data.coldEnds,
  };
  for (const kind of DEPENDENCY_KINDS) {
    columns[`${kind}.start`] = data.dependencies[kind].start;
    columns[`${kind}.ids`] = data.dependencies[kind].ids;
  }
  return encodeColumns({ kind: KIND, key, more: { count: data.count }, columns });
}

/** undefined when the file is not a whole snapshot of that key. Columns are views on the file's buffer. */
export function decodeSnapshot(file: Uint8Array, key: string): RepoData | undefined {
  const decoded = decodeColumns<{ count: number }>(file, { kind: KIND, key });
  if (decoded === undefined) return undefined;
  const { more, columns } = decoded;
  return {
    count: more.count,
    strings: {
      bytes: take(columns, 'strings.bytes'),
      starts: take(columns, 'strings.starts'),
      hashes: take(columns, 'strings.hashes'),
    },
    relations: {
      names: take(columns, 'relations.names'),
      flags: take(columns, 'relations.flags'),
      evrs: take(columns, 'relations.evrs'),
    },
    name: take(columns, 'name'),
    evr: take(columns, 'evr'),
    arch: take(columns, 'arch'),
    size: take(columns, 'size'),
    buildTime: take(columns, 'buildTime'),
    dependencies: takeDependencies(columns),
    files: takeLists(columns, 'files'),
    cold: take(columns, 'cold'),
    coldEnds: take(columns, 'coldEnds'),
  };
}

/** A column of a file whose sum was right: it is there and of its type. */
export function take<T extends Column>(columns: Columns, name: string): T {
  return columns[name] as T;
}

export function takeLists(columns: Columns, name: string): IdLists {
  return { start: take(columns, `${name}.start`), ids: take(columns, `${name}.ids`) };
}

export function takeDependencies(columns: Columns): Record<DependencyKind, IdLists> {
  return Object.fromEntries(DEPENDENCY_KINDS.map((kind) => [kind, takeLists(columns, kind)])) as Record<DependencyKind, IdLists>;
}
