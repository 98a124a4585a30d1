/** One job: install one of `candidates` (solvable ids, ascending). */
export interface InstallJob {
  readonly candidates: Int32Array;
  /** The job applies only if one of these packages is installed; ascending. Absent: always. */
  readonly condition?: Int32Array;
  /** A weak job is skipped if it cannot be satisfied. */
  readonly weak: boolean;
}

/** Requested changes of installed packages. It has no effect if nothing is installed. */
export interface SystemRequest {
  /** For each job the packages that installed ones may be updated to; installed ones among them stay as an alternative. */
  readonly updates: readonly Int32Array[];
  /** Update every installed package to the newest version. */
  readonly updateAll: boolean;
  /** For each job the packages that replace installed ones, whether newer or older. */
  readonly distroSync: readonly Int32Array[];
  readonly distroSyncAll: boolean;
  /** Installed packages to remove. */
  readonly erase: readonly number[];
  /** Installed packages may be removed to resolve conflicts. */
  readonly allowErasing: boolean;
  readonly allowDowngrade: boolean;
  /** 1 for packages that weak dependencies must not install; undefined if there are none. */
  readonly notWeakly: Uint8Array | undefined;
}

/** A request to the solver. All ids are of the pool that it is solved on. */
export interface SolverRequest {
  readonly jobs: readonly InstallJob[];
  /** 1 for a solvable that must not be installed (excludes, modular filtering, holds), indexed by solvable. */
  readonly excluded: Uint8Array | undefined;
  /** 1 for a solvable whose own dependencies are ignored (`ignore`), indexed by solvable. */
  readonly ignored: Uint8Array | undefined;
  /** 1 for a solvable that is preferred among equally good candidates, indexed by solvable. */
  readonly favored: Uint8Array | undefined;
  /** 1 for a solvable that may be installed in several versions, indexed by solvable. */
  readonly multiversion: Uint8Array | undefined;
  readonly weakDependencies: boolean;
  /** Accept only the best candidates of each job. */
  readonly best: boolean;
  readonly system?: SystemRequest | undefined;
}
