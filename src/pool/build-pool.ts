/** The pool: several repositories as one world, with strings and relations shared. */
import { DEPENDENCY_KINDS, type DependencyKind } from '../metadata/package-sink.ts';
import { compareEvrBytes, parseEvr, type ReleaseMode } from '../version/evr.ts';
import { architectureRank } from './arch.ts';
import { type DepId, REL, type RepoId, type SolvableId, type StringId } from './ids.ts';
import type { CompsSource, IdLists, ModuleSource, PackageRecord, Pool, PoolRepo } from './pool.ts';
import { RelationTable } from './relation-table.ts';
import { COLD_FIELDS, type RepoData } from './repo-data.ts';
import { StringTable } from './string-table.ts';
import { indexProviders } from './what-provides.ts';

/** A repository to put into a pool; what the pool finds out itself is left out. */
export interface RepoInput {
  readonly info: Omit<PoolRepo, 'firstSolvable' | 'endSolvable'>;
  readonly data: RepoData;
  /** Reads modules.yaml or comps.xml when somebody needs them; undefined where the repository has none. */
  readonly modules?: (() => string) | undefined;
  readonly comps?: (() => string) | undefined;
}

/** Finds who owns paths by filelists.xml. */
export interface FilelistSource {
  /** Owners of each path, as checksums of packages. */
  load(paths: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  loadSync(paths: readonly string[]): ReadonlyMap<string, readonly string[]>;
}

export interface PoolInput {
  readonly architecture: string;
  readonly repos: readonly RepoInput[];
  readonly filelists?: FilelistSource;
}

export function buildPool(input: PoolInput): Pool {
  return new ColumnPool(input);
}

const DECODER = new TextDecoder();
const NONE = new Int32Array(0);

class ColumnPool implements Pool {
  readonly architecture: string;
  readonly repos: readonly PoolRepo[];
  readonly end: number;
  readonly strings: StringTable;
  readonly relations: RelationTable;
  readonly name: Int32Array;
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  readonly repo: Uint16Array;
  readonly provides: IdLists;
  readonly requires: IdLists;
  readonly conflicts: IdLists;
  readonly obsoletes: IdLists;
  readonly recommends: IdLists;
  readonly suggests: IdLists;
  readonly supplements: IdLists;
  readonly enhances: IdLists;
  readonly files: IdLists;
  readonly buildTime: Float64Array;
  readonly archRank: Uint8Array;
  fileProvidersVersion = 0;
  readonly #inputs: readonly RepoInput[];
  readonly #filelists: FilelistSource | undefined;
  readonly #providers: IdLists;
  /** Names known when the index was made; later ones are of requests and nothing provides them. */
  readonly #indexedStrings: number;
  readonly #byName: IdLists;
  readonly #cache = new Map<number, Int32Array>();
  /** Owners by filelists.xml of paths that were asked for. */
  readonly #fileOwners = new Map<StringId, Int32Array>();
  /** Texts of relations that were asked for. */
  readonly #described = new Map<DepId, string>();
  #byChecksum: Map<string, number[]> | undefined;

  constructor(input: PoolInput) {
    this.architecture = input.architecture;
    this.#inputs = input.repos;
    this.#filelists = input.filelists;
    const { strings, relations, maps } = mergeTables(input.repos);
    this.strings = strings;
    this.relations = relations;
    this.end = input.repos.reduce((end, { data }) => end + data.count - 1, 1);
    this.name = this.#column(maps, (data) => data.name);
    this.evr = this.#column(maps, (data) => data.evr);
    this.arch = this.#column(maps, (data) => data.arch);
    this.repo = new Uint16Array(this.end);
    this.buildTime = new Float64Array(this.end);
    this.repos = this.#placeRepos();
    this.archRank = this.#rankArchitectures();
    const lists = Object.fromEntries(
      DEPENDENCY_KINDS.map((kind) => [kind, this.#lists(maps, (data) => data.dependencies[kind])]),
    ) as Record<DependencyKind, IdLists>;
    this.provides = lists.provides;
    this.requires = lists.requires;
    this.conflicts = lists.conflicts;
    this.obsoletes = lists.obsoletes;
    this.recommends = lists.recommends;
    this.suggests = lists.suggests;
    this.supplements = lists.supplements;
    this.enhances = lists.enhances;
    this.files = this.#lists(maps, (data) => data.files);
    this.#indexedStrings = strings.count;
    this.#providers = indexProviders({ ...this.#columns(), wantedPaths: this.#findWantedPaths() });
    this.#byName = this.#indexNames();
  }

  get moduleIndex(): readonly ModuleSource[] {
    return this.#inputs.flatMap(({ modules }, repo) => (modules === undefined ? [] : [{ repo: repo as RepoId, text: modules() }]));
  }

  get compsIndex(): readonly CompsSource[] {
    return this.#inputs.flatMap(({ comps }, repo) => (comps === undefined ? [] : [{ repo: repo as RepoId, text: comps() }]));
  }

  providersOf(dep: DepId): Int32Array {
    const known = this.#cache.get(dep);
    if (known !== undefined) return known;
    const found = dep > 0 ? this.#providersOfName(dep as StringId) : this.#providersOfRelation(dep);
    this.#cache.set(dep, found);
    return found;
  }

  withName(name: StringId): Int32Array {
    if (name <= 0 || name >= this.#indexedStrings) return NONE;
    return this.#byName.ids.subarray(this.#byName.start[name], this.#byName.start[name + 1]);
  }

  compareEvr(a: StringId, b: StringId): number {
    return a === b ? 0 : this.#compareEvr(a, b, 'exact');
  }

  compareEvrMatchingRelease(a: StringId, b: StringId): number {
    return a === b ? 0 : this.#compareEvr(a, b, 'match');
  }

  matchesEvr(evr: StringId, flags: number, wanted: StringId): boolean {
    if (evr === wanted) return (flags & REL.EQ) !== 0;
    if (flags === REL.ANY) return true;
    const order = this.#compareEvr(evr, wanted, 'match');
    if (order === -2) return true;
    if (order === 0 || order === 2) return (flags & REL.EQ) !== 0;
    return (flags & (order < 0 ? REL.LT : REL.GT)) !== 0;
  }

  needsFilelists(path: StringId): boolean {
    if (this.#filelists === undefined || !this.strings.startsWithSlash(path)) return false;
    return !this.#fileOwners.has(path) && !isListedByPrimary(this.strings.get(path));
  }

  addFileProviders(path: StringId, solvables: Int32Array): void {
    this.#fileOwners.set(path, solvables);
    this.#cache.clear();
    this.fileProvidersVersion++;
  }

  async loadFilelists(paths: readonly StringId[]): Promise<void> {
    const texts = paths.map((path) => this.strings.get(path));
    this.#addOwners(paths, await this.#filelists!.load(texts));
  }

  loadFilelistsSync(paths: readonly StringId[]): void {
    const texts = paths.map((path) => this.strings.get(path));
    this.#addOwners(paths, this.#filelists!.loadSync(texts));
  }

  record(id: SolvableId): PackageRecord {
    const { epoch, version, release } = parseEvr(this.strings.get(this.evr[id] as StringId));
    const repo = this.repoOf(id);
    const { data } = this.#inputs[this.repo[id]!]!;
    const row = id - repo.firstSolvable + 1;
    return {
      name: this.strings.get(this.name[id] as StringId),
      epoch,
      version,
      release,
      arch: this.strings.get(this.arch[id] as StringId),
      repository: repo.id,
      location: coldText(data, row, 0),
      size: data.size[row]!,
      source: coldText(data, row, 1),
      checksum: { type: coldText(data, row, 2), value: coldText(data, row, 3) },
    };
  }

  nevra(id: SolvableId): string {
    const evr = this.strings.get(this.evr[id] as StringId);
    const full = /^\d+:/.test(evr) ? evr : `0:${evr}`;
    return `${this.strings.get(this.name[id] as StringId)}-${full}.${this.strings.get(this.arch[id] as StringId)}`;
  }

  describeDep(dep: DepId): string {
    if (dep >= 0) return this.strings.get(dep as StringId);
    const known = this.#described.get(dep);
    if (known !== undefined) return known;
    const text = this.#describeRelation(dep);
    this.#described.set(dep, text);
    return text;
  }

  #describeRelation(dep: DepId): string {
    const flags = this.relations.flags(dep);
    const text = `${this.describeDep(this.relations.name(dep))} ${OPERATOR_TEXTS[flags] ?? '?'} ${this.describeDep(this.relations.evr(dep))}`;
    return flags >= REL.AND && flags !== REL.ELSE ? `(${text})` : text;
  }

  repoOf(id: SolvableId): PoolRepo {
    return this.repos[this.repo[id]!]!;
  }

  #columns(): { end: number; strings: StringTable; relations: RelationTable; archRank: Uint8Array; provides: IdLists; files: IdLists } {
    return {
      end: this.end,
      strings: this.strings,
      relations: this.relations,
      archRank: this.archRank,
      provides: this.provides,
      files: this.files,
    };
  }

  #column(maps: readonly IdMap[], of: (data: RepoData) => Int32Array): Int32Array {
    const column = new Int32Array(this.end);
    let row = 1;
    this.#inputs.forEach(({ data }, r) => {
      const source = of(data);
      const { strings } = maps[r]!;
      for (let i = 1; i < data.count; i++) column[row++] = strings === undefined ? source[i]! : strings[source[i]!]!;
    });
    return column;
  }

  #lists(maps: readonly IdMap[], of: (data: RepoData) => IdLists): IdLists {
    const total = this.#inputs.reduce((sum, { data }) => sum + of(data).ids.length, 0);
    const start = new Uint32Array(this.end + 1);
    const ids = new Int32Array(total);
    let row = 1;
    let at = 0;
    this.#inputs.forEach(({ data }, r) => {
      const source = of(data);
      const { strings, relations } = maps[r]!;
      const offset = at;
      if (strings === undefined || relations === undefined) ids.set(source.ids, at);
      else {
        for (let i = 0; i < source.ids.length; i++) {
          const id = source.ids[i]!;
          ids[at + i] = id >= 0 ? strings[id]! : relations[-id]!;
        }
      }
      at += source.ids.length;
      for (let i = 1; i < data.count; i++) start[row++] = offset + source.start[i]!;
    });
    start[row] = at;
    return { start, ids };
  }

  #placeRepos(): PoolRepo[] {
    let row = 1;
    return this.#inputs.map(({ info, data }, index) => {
      const firstSolvable = row as SolvableId;
      this.buildTime.set(data.buildTime.subarray(1), row);
      row += data.count - 1;
      this.repo.fill(index, firstSolvable, row);
      return { ...info, firstSolvable, endSolvable: row as SolvableId };
    });
  }

  #rankArchitectures(): Uint8Array {
    const ranks = new Map<number, number>();
    const column = new Uint8Array(this.end);
    for (let s = 1; s < this.end; s++) {
      const arch = this.arch[s]!;
      let rank = ranks.get(arch);
      if (rank === undefined) {
        rank = architectureRank(this.architecture, this.strings.get(arch as StringId));
        ranks.set(arch, rank);
      }
      column[s] = rank;
    }
    return column;
  }

  /** Paths that dependencies name, wherever in a rich dependency. */
  #findWantedPaths(): Uint8Array {
    const wanted = new Uint8Array(this.strings.count);
    const note = (id: number): void => {
      if (id > 0 && this.strings.startsWithSlash(id)) wanted[id] = 1;
    };
    for (const kind of DEPENDENCY_KINDS) if (kind !== 'provides') for (const id of this[kind].ids) note(id);
    for (let i = 1; i < this.relations.count; i++) {
      note(this.relations.name(-i as DepId));
      if (this.relations.flags(-i as DepId) >= REL.AND) note(this.relations.evr(-i as DepId));
    }
    return wanted;
  }

  #indexNames(): IdLists {
    const start = new Uint32Array(this.strings.count + 1);
    for (let s = 1; s < this.end; s++) start[this.name[s]! + 1]!++;
    for (let i = 1; i < start.length; i++) start[i]! += start[i - 1]!;
    const next = start.slice();
    const ids = new Int32Array(this.end - 1);
    for (let s = 1; s < this.end; s++) ids[next[this.name[s]!]!++] = s;
    return { start, ids };
  }

  #providersOfName(name: StringId): Int32Array {
    const indexed =
      name < this.#indexedStrings ? this.#providers.ids.subarray(this.#providers.start[name], this.#providers.start[name + 1]) : NONE;
    const owners = this.#fileOwners.get(name);
    return owners === undefined || owners.length === 0 ? indexed : unite(indexed, owners);
  }

  /** As libsolv's pool_addrelproviders. */
  #providersOfRelation(dep: DepId): Int32Array {
    const flags = this.relations.flags(dep);
    const left = this.relations.name(dep);
    const right = this.relations.evr(dep);
    if (flags <= REL.ANY) return this.#providersOfVersion(left, flags, right as StringId);
    const of = this.providersOf(left);
    if (flags === REL.WITH || flags === REL.WITHOUT) {
      const others = new Set(this.providersOf(right));
      return of.filter((s) => others.has(s) === (flags === REL.WITH));
    }
    if (flags === REL.AND || flags === REL.OR) return unite(of, this.providersOf(right));
    if (flags === REL.COND || flags === REL.UNLESS) {
      const hasElse = right < 0 && this.relations.flags(right) === REL.ELSE;
      return hasElse ? unite(of, this.providersOf(this.relations.evr(right))) : of;
    }
    return NONE;
  }

  #providersOfVersion(name: DepId, flags: number, evr: StringId): Int32Array {
    const candidates = this.providersOf(name);
    const { start, ids } = this.provides;
    let bare = name;
    while (bare < 0) bare = this.relations.name(bare);
    return candidates.filter((s) => {
      for (let i = start[s]!; i < start[s + 1]!; i++) {
        const provide = ids[i]! as DepId;
        // A provide without a version meets every version.
        if (provide === bare) return true;
        if (provide >= 0 || this.relations.name(provide) !== bare) continue;
        if (this.#overlap(this.relations.flags(provide), this.relations.evr(provide) as StringId, flags, evr)) return true;
      }
      return false;
    });
  }

  /** Whether two ranges of versions have one in common (libsolv, pool_match_flags_evr). */
  #overlap(provided: number, providedEvr: StringId, wanted: number, wantedEvr: StringId): boolean {
    if (provided === 0 || wanted === 0 || provided > REL.ANY) return false;
    if (provided === REL.ANY || wanted === REL.ANY) return true;
    if ((provided & wanted & (REL.LT | REL.GT)) !== 0) return true;
    const bothEqual = (provided & wanted & REL.EQ) !== 0;
    if (providedEvr === wantedEvr) return bothEqual;
    const order = this.#compareEvr(providedEvr, wantedEvr, 'match');
    if (order === 0) return bothEqual;
    if (order === -2) return (provided & REL.EQ) !== 0;
    if (order === 2) return (wanted & REL.EQ) !== 0;
    return order < 0 ? (wanted & REL.LT) !== 0 || (provided & REL.GT) !== 0 : (wanted & REL.GT) !== 0 || (provided & REL.LT) !== 0;
  }

  #compareEvr(a: StringId, b: StringId, mode: ReleaseMode): number {
    const { bytes } = this.strings;
    return compareEvrBytes(bytes, this.strings.start(a), this.strings.end(a), bytes, this.strings.start(b), this.strings.end(b), mode);
  }

  #addOwners(paths: readonly StringId[], owners: ReadonlyMap<string, readonly string[]>): void {
    for (const path of paths) {
      const solvables = (owners.get(this.strings.get(path)) ?? []).flatMap((checksum) => this.#withChecksum(checksum));
      this.addFileProviders(path, Int32Array.from(new Set(solvables.filter((s) => this.archRank[s] !== 0))).sort());
    }
  }

  #withChecksum(checksum: string): readonly number[] {
    if (this.#byChecksum === undefined) {
      this.#byChecksum = new Map();
      for (let s = 1; s < this.end; s++) {
        const { value } = this.record(s as SolvableId).checksum;
        const found = this.#byChecksum.get(value);
        if (found === undefined) this.#byChecksum.set(value, [s]);
        else found.push(s);
      }
    }
    return this.#byChecksum.get(checksum) ?? [];
  }
}

const OPERATOR_TEXTS: Readonly<Record<number, string>> = {
  [REL.GT]: '>',
  [REL.EQ]: '=',
  [REL.GE]: '>=',
  [REL.LT]: '<',
  [REL.LE]: '<=',
  [REL.AND]: 'and',
  [REL.OR]: 'or',
  [REL.WITH]: 'with',
  [REL.WITHOUT]: 'without',
  [REL.COND]: 'if',
  [REL.UNLESS]: 'unless',
  [REL.ELSE]: 'else',
};

/** Ids of one repository -> ids of the pool; undefined where they are the same. */
interface IdMap {
  readonly strings: Int32Array | undefined;
  readonly relations: Int32Array | undefined;
}

/** The first repository's tables become the pool's; the others are put into them. */
function mergeTables(repos: readonly RepoInput[]): { strings: StringTable; relations: RelationTable; maps: IdMap[] } {
  const first = repos[0]?.data;
  const strings = new StringTable(first === undefined ? undefined : copyOf(first.strings));
  const relations = new RelationTable(first === undefined ? undefined : copyOf(first.relations));
  const maps: IdMap[] = repos.map(({ data }, index) => {
    if (index === 0) return { strings: undefined, relations: undefined };
    const { bytes, starts, hashes } = data.strings;
    const stringMap = new Int32Array(hashes.length);
    for (let i = 1; i < hashes.length; i++) stringMap[i] = strings.internHashed(bytes, starts[i]!, starts[i + 1]!, hashes[i]!);
    const { names, flags, evrs } = data.relations;
    const relationMap = new Int32Array(names.length);
    const mapped = (id: number): DepId => (id >= 0 ? stringMap[id]! : relationMap[-id]!) as DepId;
    for (let i = 1; i < names.length; i++) relationMap[i] = relations.intern(mapped(names[i]!), flags[i]!, mapped(evrs[i]!));
    return { strings: stringMap, relations: relationMap };
  });
  return { strings, relations, maps };
}

/** The pool adds to its tables; the repository's columns are shared and stay as they are. */
function copyOf<T extends object>(columns: T): T {
  return Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, (column as Int32Array).slice()])) as T;
}

function unite(a: Int32Array, b: Int32Array): Int32Array {
  return Int32Array.from(new Set([...a, ...b])).sort();
}

function coldText(data: RepoData, row: number, field: number): string {
  const index = row * COLD_FIELDS + field;
  return DECODER.decode(data.cold.subarray(data.coldEnds[index - 1], data.coldEnds[index]));
}

/** createrepo's rule for the files that primary.xml lists (libsolv, repodata_filelistfilter_matches). */
export function isListedByPrimary(path: string): boolean {
  return path.startsWith('/etc/') || path === '/usr/lib/sendmail' || path.includes('bin/');
}
