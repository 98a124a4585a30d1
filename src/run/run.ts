import type { Emit } from '../base/events.ts';
import type { HttpClient } from '../net/http-client.ts';

/**
 * One piece of work, as everything below the commands uses it: how it is stopped, where it reports, and its access to the
 * network, the cache and the clock. Functions take it as their last argument. Created by `startRun`.
 */
export interface Run {
  /** Aborted when the run is stopped or the time limit ends; the reason is an INTERRUPTED error. */
  readonly signal: AbortSignal;
  /** End of the time limit, milliseconds since 1970; undefined without a limit. */
  readonly deadlineMs?: number | undefined;
  readonly emit: Emit;
  /** Stopped by `signal`. */
  readonly http: HttpClient;
  readonly now: () => Date;
  /** Time limit of one solve, in seconds; undefined: the default of the solver. */
  readonly solverSeconds?: number | undefined;
  readonly cacheDir: string;
  readonly offline: boolean;
}
