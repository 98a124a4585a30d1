import type { Turns } from '../base/turns.ts';
import type { ModuleIndex } from '../repodata/modulemd.ts';
import type { RepoId, SolvableId, StringId } from './ids.ts';
import type { InstalledEntry } from './installed-entry.ts';
import type { IdLists, SolverPool } from './solver-pool.ts';

export type { IdLists, RelationPool, StringPool } from './solver-pool.ts';

/** A repository of the pool, as plain data. */
export interface PoolRepo {
  readonly id: string;
  /** The smaller value is preferred, as in dnf (default 99). */
  readonly priority: number;
  /** The smaller value is preferred among otherwise equal packages, as in dnf (default 1000). */
  readonly cost: number;
  readonly baseurl: string;
  /** `<revision>` of repomd.xml. */
  readonly revision: string;
  readonly repomdSha256: string;
  /** Newest `<timestamp>` among the data entries of repomd.xml, seconds since 1970. */
  readonly timestamp: number;
  /** Its compressed modules.yaml on the mirror; undefined if there is none or it is not readable. */
  readonly modulesFile?: { readonly location: string; readonly sha256: string; readonly size?: number } | undefined;
  /** Do not filter modular packages of this repository. */
  readonly moduleHotfixes: boolean;
  /** Globs of names or NEVRAs: packages to hide (`exclude`), and the only packages to use (`includepkgs`). */
  readonly exclude: readonly string[];
  readonly includePackages: readonly string[];
  /** First solvable and one past the last: a repository's solvables are contiguous. */
  readonly firstSolvable: SolvableId;
  readonly endSolvable: SolvableId;
}

/** A path or file glob that must be looked up in filelists.xml before a query can be resolved. */
export interface UnknownPath {
  readonly unknownPath: StringId;
}

/**
 * All packages of the repositories for one architecture: read-only columns indexed by SolvableId.
 * Row 0 is unused. Order of rows: repositories in configured order, packages in the order of their metadata.
 */
export interface Pool extends SolverPool {
  /** RPM name of the target architecture, such as `x86_64`. */
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
  /** Solvables that cannot be downloaded, with the reason (worded to follow "because"). */
  readonly unusable: ReadonlyMap<number, string>;
  /** All solvables with this name, installable or not, ascending. */
  withName(name: StringId): Int32Array;
  /** Adds the owners of a path in filelists.xml (ascending solvables, may be empty), for `providersOf`. */
  addFileProviders(path: StringId, solvables: Int32Array): void;
  /** Rarely needed columns, decoded on demand. */
  record(id: SolvableId): PackageRecord;
  /** `name-epoch:version-release.arch`, always with the epoch. */
  nevra(id: SolvableId): string;
  /** Same as `versions.compare`. */
  compareEvr(a: StringId, b: StringId): number;
  repoOf(id: SolvableId): PoolRepo;
  /** Solvables with a file that matches a glob, from filelists.xml (ascending); or the lookup that is needed first. */
  ownersMatching(glob: string): Int32Array | UnknownPath;
  /** Looks up paths in filelists.xml of every repository, and calls `addFileProviders` for each path. */
  loadFilelists(paths: readonly StringId[]): Promise<void>;
  /** Like `loadFilelists`, but blocks while a thread does the work: for the synchronous library call. */
  loadFilelistsSync(paths: readonly StringId[]): void;
  /** Whether a comps.xml is not loaded yet. */
  readonly needsGroups: boolean;
  /** Loads comps.xml of every repository, for `compsIndex`. */
  loadGroups(): Promise<void>;
  /** The pool with these packages installed; not cached. The ids of other packages increase by their number. */
  withInstalled(installed: readonly InstalledEntry[]): Pool;
  /** The pool as if only these repositories had been read; cached for each selection. Ids are the same in both. */
  onlyRepositories(ids: readonly string[]): Pool;
  /** Estimated memory of the packages and the values stored with them. */
  readonly bytes: number;
  readonly moduleIndex: readonly ModuleSource[];
  /** Reads the data for `moduleIndex`, with pauses: a large modules.yaml takes seconds. */
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
  /** A path relative to the base URL of the repository (`../` allowed), or a URL. */
  readonly location: string;
  readonly size: number;
  readonly source: string;
  readonly checksum: Checksum;
}
