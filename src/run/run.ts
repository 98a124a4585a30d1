import type { Emit } from '../base/events.ts';
import type { HttpClient } from '../net/http-client.ts';

/**
 * One piece of work, from its start to its end, as everything below the commands sees it: what stops it, what it reports to, and the only
 * ways to the network, the cache and the clock. Functions take it as their last argument. `startRun` makes one.
 */
export interface Run {
  /** Aborted when nobody wants the answer any more, and when the time limit is over; its reason is an INTERRUPTED error. */
  readonly signal: AbortSignal;
  /** When the time limit ends, milliseconds since 1970; undefined where there is none. */
  readonly deadlineMs?: number | undefined;
  readonly emit: Emit;
  /** Stops with `signal`. */
  readonly http: HttpClient;
  readonly now: () => Date;
  /** How long one solve may take; undefined for the solver's own limit. */
  readonly solverSeconds?: number | undefined;
  readonly cacheDir: string;
  readonly offline: boolean;
}
