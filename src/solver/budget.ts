/**
 * Limits of the work of one resolve. Steps are counted, so that the same request ends the same way on every machine. The time limit is a second
 * bound for slow machines. The clock only stops a solve: it has no influence on a result.
 */
import { RpmDepsError } from '../base/errors.ts';

export interface SolveLimits {
  /** Maximum number of rules examined; default 2 billion (minutes). Real requests take thousands to millions. */
  readonly steps?: number | undefined;
  /** Default 300. */
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_STEPS = 2e9;
const DEFAULT_SECONDS = 300;
/** Steps between two checks of the clock and of the abort signal: about a millisecond. */
const STEPS_BETWEEN_CHECKS = 50_000;
/** Milliseconds after which an asynchronous solve yields to the event loop. */
const SLICE_MS = 50;

export class Budget {
  /** Steps done so far, counted by the callers. */
  steps = 0;
  readonly #limits: { readonly steps: number; readonly seconds: number };
  readonly #signal: AbortSignal | undefined;
  readonly #started = performance.now();
  #sliceEnd = this.#started + SLICE_MS;
  #nextCheck = 0;
  /** True until the solve has yielded to the event loop. */
  #isTurnOver = false;

  constructor({ steps = DEFAULT_STEPS, seconds = DEFAULT_SECONDS, signal }: SolveLimits = {}) {
    this.#limits = { steps, seconds };
    this.#signal = signal;
  }

  /**
   * Whether the solve should yield to the event loop now. Throws SOLVER_BUDGET if the budget is spent, and INTERRUPTED if the signal was raised.
   * Cheap: call it in every loop.
   */
  isTurnOver(): boolean {
    if (this.steps < this.#nextCheck) return this.#isTurnOver;
    this.#nextCheck = this.steps + STEPS_BETWEEN_CHECKS;
    return this.isTurnOverNow();
  }

  /** The same for work that is not counted in steps: checks the clock on each call. */
  isTurnOverNow(): boolean {
    if (this.#signal?.aborted === true) throw stopped(this.#signal.reason);
    if (this.steps > this.#limits.steps) throw spent(`${this.#limits.steps} steps`);
    const now = performance.now();
    if (now - this.#started > this.#limits.seconds * 1000) throw spent(`${this.#limits.seconds} seconds`);
    this.#isTurnOver = now >= this.#sliceEnd;
    return this.#isTurnOver;
  }

  /** Call it after the solve has yielded to the event loop. */
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
