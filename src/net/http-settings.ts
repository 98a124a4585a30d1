/** Settings of an HTTP client. */
import type { Emit } from '../base/events.ts';
import type { Secrets } from '../base/redact.ts';
import type { NetworkPolicy } from './network-policy.ts';
import type { AccessRule } from './server-access.ts';

export interface HttpOptions extends HttpSettings {
  readonly emit?: Emit;
  readonly signal?: AbortSignal;
  /** Collects credentials that are used, to hide them in messages. */
  readonly secrets?: Secrets | undefined;
}

/** Plain data, for passing to threads. */
export interface HttpSettings {
  /** Environment: proxies, and the path of `.netrc`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly offline?: boolean;
  /** Which servers may be contacted; default: all. */
  readonly policy?: NetworkPolicy;
  /** Servers with their own certificates, logins and proxies. */
  readonly access?: readonly AccessRule[];
  /** Timeouts, in milliseconds. */
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  /** Maximum time without received bytes, or with less than `minimumRate`. */
  readonly bodyTimeoutMs?: number;
  /** Bytes per second. */
  readonly minimumRate?: number;
  /** Maximum retries (one after a timeout), and the first pause; pauses double, with jitter. */
  readonly retries?: number;
  readonly retryPauseMs?: number;
  readonly maxPauseMs?: number;
}

/** Default settings. */
export const HTTP_DEFAULTS = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 20_000,
  minimumRate: 500,
  retries: 4,
  retryPauseMs: 500,
  maxPauseMs: 30_000,
};
