/**
 * Counts the references of a repository to each string and relation, as libsolv does when it writes dnf's cache file of the repository
 * (repo_write.c). The cache file numbers strings by their counts, the most frequent first, then by bytes; relations follow all strings;
 * and it sorts the dependencies of each package by these numbers. This order decides between recommended packages that exclude each other.
 */
import { DEPENDENCY_KINDS } from '../repodata/dependency-kinds.ts';
import type { DepId, StringId } from './ids.ts';
import type { RelationPool, StringPool } from './pool.ts';
import type { PoolColumns } from './pool-columns.ts';

export interface Mentions {
  readonly ofStrings: Uint32Array;
  readonly ofRelations: Uint32Array;
}

export interface MentionSource {
  readonly columns: Pick<PoolColumns, 'name' | 'evr' | 'arch' | 'dependencies' | 'files'>;
  readonly strings: StringPool;
  readonly relations: RelationPool;
  /** File name of the source RPM of a row; empty if there is none. */
  readonly source: (row: number) => string;
}

/** Counts the rows from `first` to before `end`. */
export function countMentions({ columns, strings, relations, source }: MentionSource, first: number, end: number): Mentions {
  const ofStrings = new Uint32Array(strings.count);
  const ofRelations = new Uint32Array(relations.count);
  for (let s = first; s < end; s++) {
    ofStrings[columns.name[s]!]!++;
    ofStrings[columns.evr[s]!]!++;
    ofStrings[columns.arch[s]!]!++;
  }
  countSources(columns.name, strings, source, ofStrings, first, end);
  for (const kind of DEPENDENCY_KINDS) {
    const { start, ids } = columns.dependencies[kind];
    for (let i = start[first]!; i < start[end]!; i++) {
      const dep = ids[i]!;
      if (dep < 0) ofRelations[-dep]!++;
      else ofStrings[dep]!++;
    }
  }
  countRelations(relations, { ofStrings, ofRelations });
  countFolders(columns.files, strings, ofStrings, first, end);
  return { ofStrings, ofRelations };
}

/** Negative if `a` is before `b` in the cache file. */
export function compareMentions({ ofStrings, ofRelations }: Mentions, strings: StringPool, a: DepId, b: DepId): number {
  if (a < 0 !== b < 0) return b - a;
  if (a < 0) return ofRelations[-b]! - ofRelations[-a]! || b - a;
  return ofStrings[b]! - ofStrings[a]! || strings.compare(a as StringId, b as StringId);
}

/** A relation refers to its parts once, however often it is used; a relation inside another one comes before it. */
function countRelations(relations: RelationPool, { ofStrings, ofRelations }: Mentions): void {
  for (let i = relations.count - 1; i > 0; i--) {
    const count = ofRelations[i]!;
    if (count === 0) continue;
    for (const part of [relations.name(-i as DepId), relations.evr(-i as DepId)]) {
      if (part >= 0) ofStrings[part]!++;
      else if (ofRelations[-part]! < count + 1) ofRelations[-part] = count + 1;
    }
  }
}

/** Counts source names that differ from the package name. Caches them, because neighbouring packages often have the same source. */
function countSources(
  name: Int32Array,
  strings: StringPool,
  source: MentionSource['source'],
  ofStrings: Uint32Array,
  first: number,
  end: number,
): void {
  const known = new Map<string, StringId>();
  for (let s = first; s < end; s++) {
    const file = source(s);
    let id = known.get(file);
    if (id === undefined) {
      id = strings.find(sourceNameOf(file));
      known.set(file, id);
    }
    if (id !== name[s]) ofStrings[id]!++;
  }
}

/** Counts the name of each folder once, if it contains a listed file or such a folder. */
function countFolders({ start, ids }: PoolColumns['files'], strings: StringPool, ofStrings: Uint32Array, first: number, end: number): void {
  const seen = new Set<string>();
  let last = '/';
  for (let i = start[first]!; i < start[end]!; i++) {
    const path = strings.get(ids[i] as StringId);
    if (path.lastIndexOf('/') === last.length && path.startsWith(last)) continue;
    let folder = parentOf(path);
    last = folder;
    while (folder !== '' && !seen.has(folder)) {
      seen.add(folder);
      ofStrings[strings.find(folder.slice(folder.lastIndexOf('/') + 1))]!++;
      folder = parentOf(folder);
    }
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

function sourceNameOf(file: string): string {
  const release = file.lastIndexOf('-');
  return file.slice(0, Math.max(file.lastIndexOf('-', release - 1), 0));
}
