/** Several repositories as one set of columns, with strings and relations shared. */
import { DEPENDENCY_KINDS, type DependencyKind } from '../metadata/dependency-kinds.ts';
import { architectureRank } from './arch.ts';
import { freezeRelations } from './frozen-relations.ts';
import { freezeStrings } from './frozen-strings.ts';
import { type DepId, REL, type StringId } from './ids.ts';
import type { IdLists } from './pool.ts';
import type { PoolColumns } from './pool-columns.ts';
import { isListedByPrimary } from './primary-files.ts';
import { RelationTable } from './relation-table.ts';
import { COLD_FIELDS, type RepoData } from './repo-data.ts';
import { StringTable } from './string-table.ts';
import { indexProviders } from './what-provides.ts';

export function mergeRepos(architecture: string, repos: readonly RepoData[]): PoolColumns {
  const { strings, relations, maps } = mergeTables(repos);
  const merge = new Merge(repos, maps);
  const frozenStrings = freezeStrings(strings);
  const frozenRelations = freezeRelations(relations);
  const arch = merge.strings((data) => data.arch);
  const archRank = rankArchitectures(architecture, arch, strings);
  const dependencies = Object.fromEntries(DEPENDENCY_KINDS.map((kind) => [kind, merge.lists((data) => data.dependencies[kind])])) as Record<
    DependencyKind,
    IdLists
  >;
  const files = merge.lists((data) => data.files);
  const name = merge.strings((data) => data.name);
  const wantedPaths = findWantedPaths(strings, relations, dependencies);
  return {
    strings: frozenStrings,
    relations: frozenRelations,
    repoStarts: merge.repoStarts,
    name,
    evr: merge.strings((data) => data.evr),
    arch,
    archRank,
    size: merge.numbers((data) => data.size),
    buildTime: merge.numbers((data) => data.buildTime),
    dependencies,
    files,
    providers: indexProviders({
      names: strings.count,
      relationNames: frozenRelations.names,
      archRank,
      provides: dependencies.provides,
      files,
      wantedPaths,
    }),
    byName: indexNames(name, strings.count),
    unlistedPaths: unlistedPaths(wantedPaths, strings),
    ...merge.cold(),
  };
}

/** Ids of one repository -> ids of the pool; undefined where they are the same. */
interface IdMap {
  readonly strings: Int32Array;
  /** By entry, not by id. */
  readonly relations: Int32Array;
}

/** The largest repository's tables become the pool's; the others are put into them in order. */
function mergeTables(repos: readonly RepoData[]): { strings: StringTable; relations: RelationTable; maps: (IdMap | undefined)[] } {
  const largest = repos.reduce((best, data, i) => (data.strings.hashes.length > repos[best]!.strings.hashes.length ? i : best), 0);
  const first = repos[largest];
  const total = (of: (data: RepoData) => number): number => repos.reduce((sum, data) => sum + of(data), 0);
  const strings = new StringTable(first?.strings, {
    count: total((data) => data.strings.hashes.length),
    bytes: total((data) => data.strings.bytes.length),
  });
  const relations = new RelationTable(
    first?.relations,
    total((data) => data.relations.names.length),
  );
  const maps = repos.map((data, index) => {
    if (index === largest) return undefined;
    const { bytes, starts, hashes } = data.strings;
    const stringMap = new Int32Array(hashes.length);
    for (let i = 1; i < hashes.length; i++) stringMap[i] = strings.internHashed(bytes, starts[i]!, starts[i + 1]!, hashes[i]!);
    const { names, flags, evrs } = data.relations;
    const relationMap = new Int32Array(names.length);
    for (let i = 1; i < names.length; i++) {
      const name = names[i]!;
      const evr = evrs[i]!;
      const mappedName = name >= 0 ? stringMap[name]! : relationMap[-name]!;
      const mappedEvr = evr >= 0 ? stringMap[evr]! : relationMap[-evr]!;
      relationMap[i] = relations.intern(mappedName as DepId, flags[i]!, mappedEvr as DepId);
    }
    return { strings: stringMap, relations: relationMap };
  });
  return { strings, relations, maps };
}

/** Lays columns of the repositories behind each other. Row 0 of a repository is unused, as is row 0 of the pool. */
class Merge {
  readonly repoStarts: Int32Array;
  readonly #repos: readonly RepoData[];
  readonly #maps: readonly (IdMap | undefined)[];
  readonly #end: number;

  constructor(repos: readonly RepoData[], maps: readonly (IdMap | undefined)[]) {
    this.#repos = repos;
    this.#maps = maps;
    this.repoStarts = new Int32Array(repos.length + 1);
    this.repoStarts[0] = 1;
    repos.forEach((data, r) => {
      this.repoStarts[r + 1] = this.repoStarts[r]! + data.count - 1;
    });
    this.#end = this.repoStarts[repos.length]!;
  }

  numbers(of: (data: RepoData) => Float64Array): Float64Array {
    const column = new Float64Array(this.#end);
    this.#repos.forEach((data, r) => {
      column.set(of(data).subarray(1), this.repoStarts[r]!);
    });
    return column;
  }

  strings(of: (data: RepoData) => Int32Array): Int32Array {
    const column = new Int32Array(this.#end);
    this.#repos.forEach((data, r) => {
      const ids = of(data).subarray(1);
      const map = this.#maps[r]?.strings;
      const at = this.repoStarts[r]!;
      if (map === undefined) column.set(ids, at);
      else for (let i = 0; i < ids.length; i++) column[at + i] = map[ids[i]!]!;
    });
    return column;
  }

  lists(of: (data: RepoData) => IdLists): IdLists {
    const start = new Uint32Array(this.#end + 1);
    const ids = new Int32Array(this.#repos.reduce((sum, data) => sum + of(data).ids.length, 0));
    let at = 0;
    this.#repos.forEach((data, r) => {
      const source = of(data);
      const map = this.#maps[r];
      if (map === undefined) ids.set(source.ids, at);
      else mapIds(source.ids, map, ids, at);
      for (let i = 1, row = this.repoStarts[r]!; i < data.count; i++, row++) start[row] = at + source.start[i]!;
      at += source.ids.length;
    });
    start[this.#end] = at;
    return { start, ids };
  }

  cold(): { cold: Uint8Array; coldEnds: Uint32Array } {
    const cold = new Uint8Array(this.#repos.reduce((sum, data) => sum + data.cold.length, 0));
    const coldEnds = new Uint32Array(this.#end * COLD_FIELDS);
    let at = 0;
    this.#repos.forEach((data, r) => {
      cold.set(data.cold, at);
      const ends = data.coldEnds;
      for (let i = COLD_FIELDS, to = this.repoStarts[r]! * COLD_FIELDS; i < ends.length; i++, to++) coldEnds[to] = at + ends[i]!;
      at += data.cold.length;
    });
    return { cold, coldEnds };
  }
}

function mapIds(source: Int32Array, { strings, relations }: IdMap, target: Int32Array, at: number): void {
  for (let i = 0; i < source.length; i++) {
    const id = source[i]!;
    target[at + i] = id >= 0 ? strings[id]! : relations[-id]!;
  }
}

function rankArchitectures(architecture: string, arch: Int32Array, strings: StringTable): Uint8Array {
  const ranks = new Map<number, number>();
  const column = new Uint8Array(arch.length);
  for (let s = 1; s < arch.length; s++) {
    const id = arch[s]!;
    let rank = ranks.get(id);
    if (rank === undefined) {
      rank = architectureRank(architecture, strings.get(id as StringId));
      ranks.set(id, rank);
    }
    column[s] = rank;
  }
  return column;
}

/** Paths that dependencies name, wherever in a rich dependency: 1 for each such string. */
function findWantedPaths(strings: StringTable, relations: RelationTable, dependencies: Record<DependencyKind, IdLists>): Uint8Array {
  const isPath = new Uint8Array(strings.count);
  for (let id = 1; id < isPath.length; id++) if (strings.startsWithSlash(id)) isPath[id] = 1;
  const wanted = new Uint8Array(isPath.length);
  for (const kind of DEPENDENCY_KINDS) {
    if (kind === 'provides') continue;
    const { ids } = dependencies[kind];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id > 0 && isPath[id] === 1) wanted[id] = 1;
    }
  }
  for (let i = 1; i < relations.count; i++) {
    const name = relations.name(-i as DepId);
    if (name > 0 && isPath[name] === 1) wanted[name] = 1;
    if (relations.flags(-i as DepId) < REL.AND) continue;
    const evr = relations.evr(-i as DepId);
    if (evr > 0 && isPath[evr] === 1) wanted[evr] = 1;
  }
  return wanted;
}

function unlistedPaths(wanted: Uint8Array, strings: StringTable): Int32Array {
  const found: number[] = [];
  for (let id = 1; id < wanted.length; id++) {
    if (wanted[id] === 1 && !isListedByPrimary(strings.get(id as StringId))) found.push(id);
  }
  return Int32Array.from(found);
}

function indexNames(name: Int32Array, names: number): IdLists {
  const start = new Uint32Array(names + 1);
  for (let s = 1; s < name.length; s++) start[name[s]! + 1]!++;
  for (let i = 0; i < names; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const ids = new Int32Array(name.length - 1);
  for (let s = 1; s < name.length; s++) ids[next[name[s]!]!++] = s;
  return { start, ids };
}
