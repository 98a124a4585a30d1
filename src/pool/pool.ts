import type { Turns } from '../base/turns.ts';
import type { ModuleIndex } from '../repodata/modulemd.ts';
import type { RepoId, SolvableId, StringId } from './ids.ts';
import type { InstalledEntry } from './installed-entry.ts';
import type { IdLists, SolverPool } from './solver-pool.ts';

export type { IdLists, RelationPool, StringPool } from './solver-pool.ts';

/** A repository of the pool, as plain data. */
export interface PoolRepo {
  readonly id: string;
  /** Smaller wins, as in dnf (default 99). */
  readonly priority: number;
  /** Smaller wins among packages that are equal in all else, as in dnf (default 1000). */
  readonly cost: number;
  readonly baseurl: string;
  /** `<revision>` of repomd.xml. */
  readonly revision: string;
  readonly repomdSha256: string;
  /** Newest `<timestamp>` among the data entries of repomd.xml, seconds since 1970. */
  readonly timestamp: number;
  /** Its modules.yaml, packed as it is on the mirror; undefined where it has none that can be read. */
  readonly modulesFile?: { readonly location: string; readonly sha256: string; readonly size?: number } | undefined;
  /** Packages of modules are not filtered in a repository with `module_hotfixes`. */
  readonly moduleHotfixes: boolean;
  /** Globs on the name or on NEVRA that this repository must not supply (`exclude`), and the only ones it may (`includepkgs`). */
  readonly exclude: readonly string[];
  readonly includePackages: readonly string[];
  /** First solvable and one past the last: a repository's solvables are contiguous. */
  readonly firstSolvable: SolvableId;
  readonly endSolvable: SolvableId;
}

/** A path, or a glob on paths, that must be looked up in filelists.xml before a query can be answered. */
export interface UnknownPath {
  readonly unknownPath: StringId;
}

/**
 * All packages of the repositories for one architecture: read-only columns indexed by SolvableId.
 * Row 0 is unused. Order of rows: repositories in configured order, packages in the order of their metadata.
 */
export interface Pool extends SolverPool {
  /** RPM name of the architecture that is solved for, such as `x86_64`. */
  readonly architecture: string;
  readonly repos: readonly PoolRepo[];
  readonly repo: Uint16Array;
  readonly provides: IdLists;
  readonly requires: IdLists;
  readonly conflicts: IdLists;
  readonly obsoletes: IdLists;
  readonly recommends: IdLists;
  readonly suggests: IdLists;
  readonly supplements: IdLists;
  readonly enhances: IdLists;
  /** Paths that primary.xml lists. */
  readonly files: IdLists;
  /** Solvables that nobody could fetch, and why: what follows "because". */
  readonly unusable: ReadonlyMap<number, string>;
  /** Installable and other solvables with that name, ascending. */
  withName(name: StringId): Int32Array;
  /** Adds what filelists.xml says for a path (ascending solvables, may be empty) so that `providersOf` knows it. */
  addFileProviders(path: StringId, solvables: Int32Array): void;
  /** Rarely needed columns, decoded on demand. */
  record(id: SolvableId): PackageRecord;
  /** `name-epoch:version-release.arch`, epoch always there. */
  nevra(id: SolvableId): string;
  /** As `versions.compare`. */
  compareEvr(a: StringId, b: StringId): number;
  repoOf(id: SolvableId): PoolRepo;
  /** Solvables with a file that a glob matches, by filelists.xml (ascending); or what has to be looked up there first. */
  ownersMatching(glob: string): Int32Array | UnknownPath;
  /** Looks paths up in filelists.xml of every repository and calls `addFileProviders` for each of them. */
  loadFilelists(paths: readonly StringId[]): Promise<void>;
  /** The same without returning to the event loop (a child process does it): for the synchronous library call. */
  loadFilelistsSync(paths: readonly StringId[]): void;
  /** Whether a comps.xml is not loaded yet. */
  readonly needsGroups: boolean;
  /** Loads comps.xml of every repository, for `compsIndex`. */
  loadGroups(): Promise<void>;
  /** The pool with these packages installed; not remembered. Ids of the other packages grow by their number. */
  withInstalled(installed: readonly InstalledEntry[]): Pool;
  /** The pool as if only these repositories had been read; made once for each choice. Ids mean the same in both. */
  onlyRepositories(ids: readonly string[]): Pool;
  /** About how much memory the packages and what is kept with them take. */
  readonly bytes: number;
  readonly moduleIndex: readonly ModuleSource[];
  /** Reads what `moduleIndex` has, with pauses: a large modules.yaml takes seconds. */
  readModules(): Turns<void>;
  readonly compsIndex: readonly CompsSource[];
}

/** The content of a repository's modules.yaml. */
export interface ModuleSource {
  readonly repo: RepoId;
  readonly index: ModuleIndex;
}

/** Raw text of a repository's comps.xml. */
export interface CompsSource {
  readonly repo: RepoId;
  readonly text: string;
}

export interface Checksum {
  /** `sha256`, `sha512`, ... as in the metadata. */
  readonly type: string;
  readonly value: string;
}

/** One package as a plain object: strings as in the lockfile, `size` in bytes. */
export interface PackageRecord {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly repository: string;
  /** A path below or beside (`../`) the base URL of the repository, or a URL. */
  readonly location: string;
  readonly size: number;
  readonly source: string;
  readonly checksum: Checksum;
}
