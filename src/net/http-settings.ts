/** Settings of an HTTP client. */
import type { Emit } from '../base/events.ts';
import type { Secrets } from '../base/redact.ts';
import type { NetworkPolicy } from './network-policy.ts';
import type { AccessRule } from './server-access.ts';

export interface HttpOptions extends HttpSettings {
  readonly emit?: Emit;
  readonly signal?: AbortSignal;
  /** Learns what opens the servers that are asked. */
  readonly secrets?: Secrets | undefined;
}

/** Plain data. */
export interface HttpSettings {
  /** Names proxies, and where `.netrc` is. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly offline?: boolean;
  /** Which servers may be contacted; default all. */
  readonly policy?: NetworkPolicy;
  /** Servers with certificates, logins and proxies of their own. */
  readonly access?: readonly AccessRule[];
  /** Times after which a connection is given up, milliseconds. */
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  /** Without any byte of a body, or with less than `minimumRate` in all that time. */
  readonly bodyTimeoutMs?: number;
  /** Bytes a second. */
  readonly minimumRate?: number;
  /** How often a request is repeated (once where that takes long), and the first pause; pauses double, with jitter. */
  readonly retries?: number;
  readonly retryPauseMs?: number;
  readonly maxPauseMs?: number;
}

/** Defaults. */
export const HTTP_DEFAULTS = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 20_000,
  minimumRate: 500,
  retries: 4,
  retryPauseMs: 500,
  maxPauseMs: 30_000,
};
