import type { DependencyKind } from '../repodata/dependency-kinds.ts';
import type { DepId, SolvableId, StringId } from './ids.ts';
import type { PoolMemory } from './pool-memory.ts';

/** A CSR list of lists: the entries of row `s` are `ids[start[s] .. start[s + 1]]`. `start` has one more entry than there are rows. */
export interface IdLists {
  readonly start: Uint32Array;
  readonly ids: Int32Array;
}

/** Strings in one buffer; equal strings have equal ids. */
export interface StringPool {
  readonly count: number;
  get(id: StringId): string;
  /** 0 if the string is not in the pool. */
  find(text: string): StringId;
  /** Adds the string if missing (requests may contain names that no package has). */
  intern(text: string): StringId;
  /** Byte-wise order of two strings (as strcmp): negative, 0, positive. */
  compare(a: StringId, b: StringId): number;
}

/** `(name, flags, evr)` triples; both operands of a rich dependency are dependencies. */
export interface RelationPool {
  readonly count: number;
  name(id: DepId): DepId;
  /** One of `REL`. */
  flags(id: DepId): number;
  evr(id: DepId): DepId;
  intern(name: DepId, flags: number, evr: DepId): DepId;
}

/** Comparison of package versions; a module has numbers instead. */
export interface VersionOrder {
  /** Order of rpm; fast for equal ids. */
  compare(a: StringId, b: StringId): number;
  /** Like `compare`, but a release missing on one side is ignored (EVRCMP_MATCH_RELEASE). */
  compareMatchingRelease(a: StringId, b: StringId): number;
  /** Whether a package of version `evr` is `flags wanted`; a release or epoch missing on one side matches any (libsolv, pool_match_nevr_rel). */
  matches(evr: StringId, flags: number, wanted: StringId): boolean;
  /** Whether it looks like a commit hash, which has no meaningful order. */
  isHash(evr: StringId): boolean;
}

/** Package data for the solver: read-only columns indexed by SolvableId; row 0 is unused. */
export interface SolverPool {
  /** One past the last SolvableId. */
  readonly end: number;
  /** Solvables from 1 to before this are installed; 1 if none is. */
  readonly installedEnd: number;
  readonly strings: StringPool;
  readonly relations: RelationPool;
  readonly name: Int32Array;
  /** `epoch:version-release`, without an epoch of 0. */
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  /** Rank of a solvable's architecture: 0 not installable here (foreign, src), 1 noarch, 2 native, 3 and up compatible but worse (i686 on x86_64). */
  readonly archRank: Uint8Array;
  /** By rank: 1 for 32-bit architectures, 2 for 64-bit, 3 for both. */
  readonly bitsOfRanks: Uint8Array;
  readonly buildTime: Float64Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly versions: VersionOrder;
  /** Preference of the repository of a solvable: the smaller value is preferred in both. */
  repoOf(id: SolvableId): { readonly priority: number; readonly cost: number };
  /**
   * Installable solvables that provide a dependency, ascending. Compares versions and includes file paths;
   * rich operators give the same packages as in libsolv (pool_addrelproviders). Cached; do not modify.
   */
  providersOf(dep: DepId): Int32Array;
  /** Recommendations of a package, in the order of dnf's cache of its repository. */
  recommendsOf(id: SolvableId): readonly DepId[];
  /** Whether a path must be looked up in filelists.xml: a dependency requires it, and primary.xml may not list it. */
  needsFilelists(path: StringId): boolean;
  /** Increased whenever results of `providersOf` change. */
  readonly fileProvidersVersion: number;
  describeDep(dep: DepId): string;
  /** Results computed for this pool; their size is known, and they can be dropped. */
  readonly memory: PoolMemory;
}
