/**
 * How much work one resolve may do. Steps are counted, not timed, so that the same request ends the same way on every machine; seconds are the
 * second bound, for machines that are slow. The clock only stops a solve: it has no part in an answer.
 */
import { RpmDepsError } from '../base/errors.ts';

export interface SolveLimits {
  /** Looks at rules, at most; default 2 billion (minutes). Real requests take thousands to millions. */
  readonly steps?: number | undefined;
  /** Default 300. */
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_STEPS = 2e9;
const DEFAULT_SECONDS = 300;
/** Steps between two looks at the clock and at the signal: about a millisecond. */
const STEPS_BETWEEN_CHECKS = 50_000;
/** After so long the event loop gets a turn, where the solve runs asynchronously. */
const SLICE_MS = 50;

export class Budget {
  /** Counted up by whoever works. */
  steps = 0;
  readonly #limits: { readonly steps: number; readonly seconds: number };
  readonly #signal: AbortSignal | undefined;
  readonly #started = performance.now();
  #sliceEnd = this.#started + SLICE_MS;
  #nextCheck = 0;
  /** Until the event loop has had its turn. */
  #isTurnOver = false;

  constructor({ steps = DEFAULT_STEPS, seconds = DEFAULT_SECONDS, signal }: SolveLimits = {}) {
    this.#limits = { steps, seconds };
    this.#signal = signal;
  }

  /**
   * Whether the event loop should get a turn now. Throws SOLVER_BUDGET when the budget is spent, and INTERRUPTED when the signal was raised.
   * Cheap: to be called wherever work repeats.
   */
  isTurnOver(): boolean {
    if (this.steps < this.#nextCheck) return this.#isTurnOver;
    this.#nextCheck = this.steps + STEPS_BETWEEN_CHECKS;
    return this.isTurnOverNow();
  }

  /** The same where the work is not counted in steps, and takes long enough to look at the clock each time. */
  isTurnOverNow(): boolean {
    if (this.#signal?.aborted === true) throw stopped(this.#signal.reason);
    if (this.steps > this.#limits.steps) throw spent(`${this.#limits.steps} steps`);
    const now = performance.now();
    if (now - this.#started > this.#limits.seconds * 1000) throw spent(`${this.#limits.seconds} seconds`);
    this.#isTurnOver = now >= this.#sliceEnd;
    return this.#isTurnOver;
  }

  /** To be called when the event loop had its turn. */
  startTurn(): void {
    this.#isTurnOver = false;
    this.#sliceEnd = performance.now() + SLICE_MS;
  }
}

function stopped(reason: unknown): RpmDepsError {
  return reason instanceof RpmDepsError ? reason : new RpmDepsError('INTERRUPTED', 'stopped', { cause: reason });
}

function spent(limit: string): RpmDepsError {
  return new RpmDepsError('SOLVER_BUDGET', `no solution was found within ${limit}`, {
    hint: 'request fewer packages, exclude some, or allow more time with `--solver-seconds N`',
  });
}
