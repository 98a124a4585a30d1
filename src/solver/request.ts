/** One job: install one of `candidates` (solvable ids, ascending). */
export interface InstallJob {
  readonly candidates: Int32Array;
  /** Only where one of these is there; ascending. Absent: in any case. */
  readonly condition?: Int32Array;
  /** A weak job is dropped when it cannot be satisfied. */
  readonly weak: boolean;
}

/** Changes of installed packages that are requested. It has no effect if nothing is installed. */
export interface SystemRequest {
  /** For each job the packages that installed ones may be updated to; installed ones among them stay as an alternative. */
  readonly updates: readonly Int32Array[];
  /** Every installed package, to whatever is newer. */
  readonly updateAll: boolean;
  /** For each job the packages that installed ones should become, whether newer or older. */
  readonly distroSync: readonly Int32Array[];
  readonly distroSyncAll: boolean;
  /** Installed packages that are to go. */
  readonly erase: readonly number[];
  /** Installed packages may go where they are in the way. */
  readonly allowErasing: boolean;
  readonly allowDowngrade: boolean;
  /** 1 for packages that weak dependencies do not bring in; undefined where there are none. */
  readonly notWeakly: Uint8Array | undefined;
}

/** All that the solver is asked. Everything is an id of the pool that it is solved on. */
export interface SolverRequest {
  readonly jobs: readonly InstallJob[];
  /** 1 for a solvable that must not be installed (excludes, modular filtering, holds), indexed by solvable. */
  readonly excluded: Uint8Array | undefined;
  /** 1 for a solvable whose own dependencies do not count (`ignore`), indexed by solvable. */
  readonly ignored: Uint8Array | undefined;
  /** Preferred over others that are as good a choice, indexed by solvable. */
  readonly favored: Uint8Array | undefined;
  /** 1 for a solvable that may be installed in several versions, indexed by solvable. */
  readonly multiversion: Uint8Array | undefined;
  readonly weakDependencies: boolean;
  /** Only the best candidate of each job will do. */
  readonly best: boolean;
  readonly system?: SystemRequest | undefined;
}
