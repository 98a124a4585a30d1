/** The pool: merged columns, or columns mapped from a snapshot; indexes are computed on demand. */

import type { Turns } from '../base/turns.ts';
import type { DependencyKind } from '../repodata/dependency-kinds.ts';
import { globKey, isGlobKey } from '../repodata/file-globs.ts';
import { parseEvr } from '../rpm/evr.ts';
import { bitsOfRanks } from './arch.ts';
import { DependencyTexts } from './dependency-texts.ts';
import { partsOfRepositories } from './fewer-repositories.ts';
import { FrozenRelations } from './frozen-relations.ts';
import { FrozenStrings } from './frozen-strings.ts';
import type { DepId, RepoId, SolvableId, StringId } from './ids.ts';
import { type InstalledEntry, SYSTEM_REPOSITORY } from './installed-entry.ts';
import { compareMentions, countMentions, type Mentions } from './mentions.ts';
import type { CompsSource, IdLists, ModuleSource, PackageRecord, Pool, PoolRepo, UnknownPath } from './pool.ts';
import type { PoolColumns } from './pool-columns.ts';
import { UNUSABLE } from './pool-columns.ts';
import { bytesOf, memoryKey, PoolMemory } from './pool-memory.ts';
import type { FilelistSource, PoolParts, RepoInfo } from './pool-parts.ts';
import { CHECKSUM, CHECKSUM_TYPE, COLD_FIELDS, LOCATION, SOURCE_RPM } from './primary-columns.ts';
import { isListedByPrimary } from './primary-files.ts';
import { Providers } from './providers.ts';
import type { VersionOrder } from './solver-pool.ts';
import { VersionMatcher } from './version-matcher.ts';
import { partsWithInstalled } from './with-installed.ts';

const NONE = new Int32Array(0);
const OF_REPOSITORIES = memoryKey<Map<string, Pool>>('pools of some repositories');
const MENTIONS = memoryKey<Map<number, Mentions>>('mentions of strings');
/** Key of a file glob -> owners of matching files, from filelists.xml. */
const GLOB_OWNERS = memoryKey<Map<StringId, Int32Array>>('owners of globs');
const BY_CHECKSUM = memoryKey<ReadonlyMap<string, readonly number[]>>('packages by checksum');

export class PackagePool implements Pool {
  readonly architecture: string;
  readonly repos: readonly PoolRepo[];
  readonly end: number;
  readonly installedEnd: number;
  readonly strings: FrozenStrings;
  readonly relations: FrozenRelations;
  readonly name: Int32Array;
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  readonly repo: Uint16Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly versions: VersionOrder;
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
  readonly bitsOfRanks: Uint8Array;
  readonly unusable: ReadonlyMap<number, string>;
  fileProvidersVersion = 0;
  readonly #columns: PoolColumns;
  readonly #infos: readonly RepoInfo[];
  readonly #filelists: FilelistSource | undefined;
  readonly #refusal: PoolParts['refusal'];
  readonly #versions: VersionMatcher;
  readonly #providers: Providers;
  readonly #texts: DependencyTexts;
  readonly memory = new PoolMemory();

  constructor({ architecture, columns, repos, filelists, refusal, ...parts }: PoolParts) {
    this.architecture = architecture;
    this.#columns = columns;
    this.#infos = repos;
    this.#filelists = filelists;
    this.installedEnd = parts.installedEnd ?? 1;
    this.strings = parts.strings ?? new FrozenStrings(columns.strings);
    this.relations = parts.relations ?? new FrozenRelations(columns.relations);
    this.#versions = new VersionMatcher(this.strings);
    const versions = this.#versions;
    this.versions = {
      compare: (a, b) => versions.compare(a, b, 'exact'),
      compareMatchingRelease: (a, b) => versions.compare(a, b, 'match'),
      matches: (evr, flags, wanted) => versions.matches(evr, flags, wanted),
      isHash: (evr) => versions.isHash(evr),
    };
    this.dependencies = columns.dependencies;
    this.#texts = new DependencyTexts(this.strings, this.relations);
    this.end = columns.name.length;
    this.name = columns.name;
    this.evr = columns.evr;
    this.arch = columns.arch;
    this.archRank = columns.archRank;
    this.bitsOfRanks = bitsOfRanks(architecture);
    this.buildTime = columns.buildTime;
    this.provides = columns.dependencies.provides;
    this.requires = columns.dependencies.requires;
    this.conflicts = columns.dependencies.conflicts;
    this.obsoletes = columns.dependencies.obsoletes;
    this.recommends = columns.dependencies.recommends;
    this.suggests = columns.dependencies.suggests;
    this.supplements = columns.dependencies.supplements;
    this.enhances = columns.dependencies.enhances;
    this.files = columns.files;
    const { provides, relations } = this;
    this.#providers = new Providers({ index: columns.providers, provides, relations, versions: this.#versions });
    this.repo = new Uint16Array(this.end);
    this.repos = repos.map((info, index) => {
      const firstSolvable = columns.repoStarts[index]! as SolvableId;
      const endSolvable = columns.repoStarts[index + 1]! as SolvableId;
      this.repo.fill(index, firstSolvable, endSolvable);
      const { modules: _modules, comps: _comps, ...plain } = info;
      return { ...plain, firstSolvable, endSolvable };
    });
    this.#refusal = refusal;
    this.unusable = this.#findUnusable();
  }

  get bytes(): number {
    return bytesOf(this.#columns) + this.memory.bytes;
  }

  get moduleIndex(): readonly ModuleSource[] {
    return this.#infos.flatMap(({ modules }, repo) => (modules === undefined ? [] : [{ repo: repo as RepoId, index: modules.index() }]));
  }

  *readModules(): Turns<void> {
    for (const { modules } of this.#infos) if (modules !== undefined) yield* modules.indexInTurns();
  }

  get compsIndex(): readonly CompsSource[] {
    return this.#infos.flatMap(({ comps }, repo) => (comps === undefined ? [] : [{ repo: repo as RepoId, text: comps.read() }]));
  }

  onlyRepositories(ids: readonly string[]): Pool {
    const isWanted = (id: string): boolean => ids.includes(id) || (id === SYSTEM_REPOSITORY && this.installedEnd > 1);
    const wanted = this.repos.filter(({ id }) => isWanted(id));
    if (wanted.length === this.repos.length) return this;
    const key = JSON.stringify(wanted.map(({ id }) => id));
    const ofRepositories = this.memory.keep(OF_REPOSITORIES, () => new Map());
    const pool = ofRepositories.get(key) ?? new PackagePool(partsOfRepositories(this.#parts(), isWanted));
    ofRepositories.set(key, pool);
    return pool;
  }

  withInstalled(installed: readonly InstalledEntry[]): Pool {
    if (this.installedEnd > 1) throw new Error('a pool has one installed system');
    return new PackagePool(partsWithInstalled(this.#parts(), installed));
  }

  #parts(): PoolParts {
    return {
      architecture: this.architecture,
      columns: this.#columns,
      repos: this.#infos,
      filelists: this.#filelists,
      refusal: this.#refusal,
      installedEnd: this.installedEnd,
      ...(this.installedEnd > 1 ? { strings: this.strings, relations: this.relations } : {}),
    };
  }

  providersOf(dep: DepId): Int32Array {
    return this.#providers.of(dep);
  }

  recommendsOf(id: SolvableId): readonly DepId[] {
    const { start, ids } = this.recommends;
    const list = Array.from(ids.subarray(start[id], start[id + 1])) as DepId[];
    if (list.length < 2) return list;
    const mentions = this.#mentionsOf(this.repo[id]!);
    return list.sort((a, b) => compareMentions(mentions, this.strings, a, b));
  }

  #mentionsOf(repo: number): Mentions {
    const known = this.memory.keep(MENTIONS, () => new Map<number, Mentions>());
    const found = known.get(repo);
    if (found !== undefined) return found;
    const { firstSolvable, endSolvable } = this.repos[repo]!;
    const source = (row: number): string => this.#coldText(row, SOURCE_RPM);
    const counted = countMentions(
      { columns: this.#columns, strings: this.strings, relations: this.relations, source },
      firstSolvable,
      endSolvable,
    );
    known.set(repo, counted);
    return counted;
  }

  withName(name: StringId): Int32Array {
    const { start, ids } = this.#columns.byName;
    return name > 0 && name + 1 < start.length ? ids.subarray(start[name], start[name + 1]) : NONE;
  }

  compareEvr(a: StringId, b: StringId): number {
    return this.#versions.compare(a, b, 'exact');
  }

  needsFilelists(path: StringId): boolean {
    if (this.#filelists === undefined || !this.strings.startsWithSlash(path) || this.#providers.hasOwners(path)) return false;
    if (!isListedByPrimary(this.strings.get(path))) return true;
    // As in libsolv: if any dependency needs filelists.xml, it also provides files that primary.xml should have listed.
    return this.#columns.unlistedPaths.length > 0 && this.#providers.of(path).length === 0;
  }

  ownersMatching(glob: string): Int32Array | UnknownPath {
    if (this.#filelists === undefined) return NONE;
    const key = this.strings.intern(globKey(glob));
    return this.#globOwners.get(key) ?? { unknownPath: key };
  }

  addFileProviders(path: StringId, solvables: Int32Array): void {
    this.#providers.setOwners(path, solvables);
    this.fileProvidersVersion++;
  }

  async loadFilelists(paths: readonly StringId[]): Promise<void> {
    const wanted = this.#widen(paths);
    this.#addOwners(wanted, await this.#filelists!.load(wanted.map((path) => this.strings.get(path))));
  }

  loadFilelistsSync(paths: readonly StringId[]): void {
    const wanted = this.#widen(paths);
    this.#addOwners(wanted, this.#filelists!.loadSync(wanted.map((path) => this.strings.get(path))));
  }

  get needsGroups(): boolean {
    return this.#infos.some(({ comps }) => comps?.isLoaded === false);
  }

  async loadGroups(): Promise<void> {
    await Promise.all(this.#infos.map(({ comps }) => comps?.load()));
  }

  record(id: SolvableId): PackageRecord {
    const { epoch, version, release } = parseEvr(this.strings.get(this.evr[id] as StringId));
    return {
      name: this.strings.get(this.name[id] as StringId),
      epoch,
      version,
      release,
      arch: this.strings.get(this.arch[id] as StringId),
      repository: this.repoOf(id).id,
      location: this.unusable.has(id) ? '' : this.#coldText(id, LOCATION),
      size: this.#columns.size[id]!,
      source: this.#coldText(id, SOURCE_RPM),
      checksum: { type: this.#coldText(id, CHECKSUM_TYPE), value: this.#coldText(id, CHECKSUM) },
    };
  }

  nevra(id: SolvableId): string {
    const evr = this.strings.get(this.evr[id] as StringId);
    const full = /^\d+:/.test(evr) ? evr : `0:${evr}`;
    return `${this.strings.get(this.name[id] as StringId)}-${full}.${this.strings.get(this.arch[id] as StringId)}`;
  }

  describeDep(dep: DepId): string {
    return this.#texts.of(dep);
  }

  repoOf(id: SolvableId): PoolRepo {
    return this.repos[this.repo[id]!]!;
  }

  /** Checks only the rows in `odd`; most repositories have none. */
  #findUnusable(): ReadonlyMap<number, string> {
    const unusable = new Map<number, string>();
    for (const row of this.#columns.odd) {
      const location = this.#coldText(row, LOCATION);
      const why = this.#whyUnusable(row, location);
      if (why !== undefined) unusable.set(row, why);
    }
    return unusable;
  }

  #whyUnusable(row: number, location: string): string | undefined {
    if (location === '') return 'it has no location';
    if (location.startsWith(UNUSABLE)) return `its location ${location.slice(UNUSABLE.length)}`;
    return this.#refusal?.(this.repo[row]!, location);
  }

  get #globOwners(): Map<StringId, Int32Array> {
    return this.memory.keep(GLOB_OWNERS, () => new Map());
  }

  /** Looks up all paths of dependencies together, because a pass over filelists.xml costs the same for one path or for all. */
  #widen(paths: readonly StringId[]): StringId[] {
    const all = new Set([...paths, ...(this.#columns.unlistedPaths as Iterable<number> as Iterable<StringId>)]);
    return [...all].filter((path) => !this.#providers.hasOwners(path) && !this.#globOwners.has(path));
  }

  #addOwners(paths: readonly StringId[], owners: ReadonlyMap<string, readonly string[]>): void {
    for (const path of paths) {
      const text = this.strings.get(path);
      const solvables = (owners.get(text) ?? []).flatMap((checksum) => this.#withChecksum(checksum));
      const ascending = Int32Array.from(new Set(solvables)).sort();
      if (isGlobKey(text)) this.#globOwners.set(path, ascending);
      else
        this.addFileProviders(
          path,
          ascending.filter((s) => this.archRank[s] !== 0),
        );
    }
  }

  #withChecksum(checksum: string): readonly number[] {
    const index = this.memory.keep(BY_CHECKSUM, () => {
      const byChecksum = new Map<string, number[]>();
      for (let s = 1; s < this.end; s++) {
        const value = this.#coldText(s, CHECKSUM);
        const found = byChecksum.get(value);
        if (found === undefined) byChecksum.set(value, [s]);
        else found.push(s);
      }
      return byChecksum;
    });
    return index.get(checksum) ?? [];
  }

  #coldText(row: number, field: number): string {
    const { cold, coldEnds } = this.#columns;
    const index = row * COLD_FIELDS + field;
    return Buffer.from(cold.buffer, cold.byteOffset, cold.byteLength).toString('utf8', coldEnds[index - 1], coldEnds[index]);
  }
}
