import type { DependencyKind } from '../repodata/dependency-kinds.ts';
import type { DepId, SolvableId, StringId } from './ids.ts';
import type { PoolMemory } from './pool-memory.ts';

/** A CSR list of lists: the entries of row `s` are `ids[start[s] .. start[s + 1]]`. `start` has one more entry than there are rows. */
export interface IdLists {
  readonly start: Uint32Array;
  readonly ids: Int32Array;
}

/** Strings in one buffer; equality of strings is equality of ids. */
export interface StringPool {
  readonly count: number;
  get(id: StringId): string;
  /** 0 when the string is not in the pool. */
  find(text: string): StringId;
  /** Adds when missing (requests may name things no package has). */
  intern(text: string): StringId;
  /** Byte-wise order of two strings (as strcmp): negative, 0, positive. */
  compare(a: StringId, b: StringId): number;
}

/** `(name, flags, evr)` triples; for rich dependencies both operands are dependencies. */
export interface RelationPool {
  readonly count: number;
  name(id: DepId): DepId;
  /** One of `REL`. */
  flags(id: DepId): number;
  evr(id: DepId): DepId;
  intern(name: DepId, flags: number, evr: DepId): DepId;
}

/** How the versions of packages compare; a module has numbers instead. */
export interface VersionOrder {
  /** As rpm does; cheap for equal ids. */
  compare(a: StringId, b: StringId): number;
  /** The same, but a release missing on one side counts as equal (EVRCMP_MATCH_RELEASE). */
  compareMatchingRelease(a: StringId, b: StringId): number;
  /** Whether a package of version `evr` is `flags wanted`; a release or epoch missing on one side matches any (libsolv, pool_match_nevr_rel). */
  matches(evr: StringId, flags: number, wanted: StringId): boolean;
  /** Whether it is a commit hash or the like, which says nothing about age. */
  isHash(evr: StringId): boolean;
}

/** All that the solver needs to know of packages: read-only columns indexed by SolvableId; row 0 is unused. */
export interface SolverPool {
  /** One past the last SolvableId. */
  readonly end: number;
  /** Solvables from 1 to below this are installed already; 1 where nothing is. */
  readonly installedEnd: number;
  readonly strings: StringPool;
  readonly relations: RelationPool;
  readonly name: Int32Array;
  /** `epoch:version-release`, the epoch left out when it is 0. */
  readonly evr: Int32Array;
  readonly arch: Int32Array;
  /** Rank of a solvable's architecture: 0 not installable here (foreign, src), 1 noarch, 2 native, 3 and up compatible but worse (i686 on x86_64). */
  readonly archRank: Uint8Array;
  /** By rank: 1 for architectures of 32 bits, 2 of 64, 3 for both. */
  readonly bitsOfRanks: Uint8Array;
  readonly buildTime: Float64Array;
  readonly dependencies: Readonly<Record<DependencyKind, IdLists>>;
  readonly versions: VersionOrder;
  /** Preference of the repository of a solvable: smaller wins in both. */
  repoOf(id: SolvableId): { readonly priority: number; readonly cost: number };
  /**
   * Installable solvables that provide a dependency, ascending; versions compared; file paths included;
   * rich operators give the union or selection libsolv gives. Cached; do not modify.
   */
  providersOf(dep: DepId): Int32Array;
  /** Recommendations of a package, in the order of dnf's cache of its repository. */
  recommendsOf(id: SolvableId): readonly DepId[];
  /** Paths that dependencies ask for and that primary.xml is not certain to list: only filelists.xml can tell. */
  needsFilelists(path: StringId): boolean;
  /** Grows when what `providersOf` answers changed. */
  readonly fileProvidersVersion: number;
  describeDep(dep: DepId): string;
  /** Results that were computed for this pool, so that they can be counted and dropped. */
  readonly memory: PoolMemory;
}
