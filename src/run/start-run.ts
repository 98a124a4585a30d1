import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { stopped } from '../base/interruption.ts';
import type { Secrets } from '../base/redact.ts';
import { createHttpClient } from '../net/http-client.ts';
import type { HttpOptions } from '../net/http-settings.ts';
import type { Run } from './run.ts';

export interface RunOptions {
  /** Proxies and the place of `.netrc`: the environment of whoever starts the run, or what should count instead of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly offline?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The run is stopped after this time. */
  readonly timeoutMs?: number | undefined;
  readonly emit?: Emit | undefined;
  readonly now?: (() => Date) | undefined;
  /** How long one solve may take. */
  readonly solverSeconds?: number | undefined;
  /** What is hidden wherever text leaves the program; learns what the run asks servers with. */
  readonly secrets?: Secrets | undefined;
  /** Time limits and retries of single requests, where they should not be the usual ones. */
  readonly limits?: Omit<HttpOptions, 'env' | 'offline' | 'emit' | 'signal' | 'secrets'>;
}

export interface StartedRun extends Run {
  /** Closes connections and stops the timer; whatever still goes on fails with INTERRUPTED. */
  end(): Promise<void>;
}

/** Binds signal, time limit, events and HTTP client together. Whoever starts a run ends it. */
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
  // A time limit keeps no process alive.
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
