import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { stopped } from '../base/interruption.ts';
import type { Secrets } from '../base/redact.ts';
import { createHttpClient } from '../net/http-client.ts';
import type { HttpOptions } from '../net/http-settings.ts';
import type { Run } from './run.ts';

export interface RunOptions {
  /** Environment for proxies and the path of `.netrc`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly offline?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Time limit of the run. */
  readonly timeoutMs?: number | undefined;
  readonly emit?: Emit | undefined;
  readonly now?: (() => Date) | undefined;
  /** Time limit of one solve, in seconds. */
  readonly solverSeconds?: number | undefined;
  /** Secrets to hide in all output; the run adds those of its requests. */
  readonly secrets?: Secrets | undefined;
  /** Overrides timeouts and retries of single requests. */
  readonly limits?: Omit<HttpOptions, 'env' | 'offline' | 'emit' | 'signal' | 'secrets'>;
}

export interface StartedRun extends Run {
  /** Closes connections and stops the timer; pending work fails with INTERRUPTED. */
  end(): Promise<void>;
}

/** Connects signal, time limit, events and HTTP client. The caller must end the run. */
export function startRun({ env, cacheDir, offline = false, signal, timeoutMs, limits, solverSeconds, ...options }: RunOptions): StartedRun {
  const { emit = () => undefined, now = () => new Date(), secrets } = options;
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(stopped(signal!));
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => stop.abort(new RpmDepsError('INTERRUPTED', `stopped after the time limit of ${timeoutMs} ms`)), timeoutMs);
  // The timer must not keep the process alive.
  timer?.unref();
  const http = createHttpClient({ ...limits, env, offline, emit, secrets, signal: stop.signal });
  return {
    signal: stop.signal,
    deadlineMs: timeoutMs === undefined ? undefined : now().getTime() + timeoutMs,
    emit,
    http,
    now,
    solverSeconds,
    cacheDir,
    offline,
    async end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      await http.close();
    },
  };
}
