/** One wish: install one of `candidates` (solvable ids, ascending). */
export interface InstallJob {
  readonly candidates: Int32Array;
  /** Only where one of these is there; ascending. Absent: in any case. */
  readonly condition?: Int32Array;
  /** A weak wish is dropped when it cannot be met. */
  readonly weak: boolean;
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
}
