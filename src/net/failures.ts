import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';

/** What `data` of a NETWORK error holds. */
export interface NetworkFailure {
  readonly url: string;
  /** Of the answer, where there was one. */
  readonly status?: number;
  /** Whether another attempt at the same place may help. */
  readonly retry?: boolean;
  readonly retryAfterMs?: number;
  /** Whether much time was spent on it already. */
  readonly timedOut?: boolean;
}

/** `proxy` is the one that the environment names, if any. */
export function networkError(
  url: string,
  what: string,
  { proxy, ...failure }: Omit<NetworkFailure, 'url'> & { readonly proxy?: string | undefined } = {},
  cause?: unknown,
): RpmDepsError {
  const shown = printable(redact(url));
  const isDistrusted = cause instanceof Error && CERTIFICATE.test(String((cause as NodeJS.ErrnoException).code));
  const things = proxy === undefined ? 'the address and the network' : `the address, the network and the proxy ${printable(redact(proxy))}`;
  return new RpmDepsError('NETWORK', `${shown} ${what}`, {
    hint: isDistrusted ? CERTIFICATE_HINT : (LOGIN_HINTS.get(failure.status) ?? `check ${things}, or use another mirror with --mirror`),
    data: { url: shown, ...failure },
    cause,
  });
}

const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY))/;
const CERTIFICATE_HINT = 'if the server is yours, name the certificate of its authority: NODE_EXTRA_CA_CERTS=FILE';

const LOGIN_HINTS: ReadonlyMap<number | undefined, string> = new Map([
  [401, 'user and password belong into the URL, as in https://user:password@host/, or into ~/.netrc'],
  [407, 'user and password of the proxy belong into the variable that names it, as in http://user:password@host:3128'],
]);

export function isRetryable(error: unknown): error is RpmDepsError {
  return error instanceof RpmDepsError && error.code === 'NETWORK' && error.data?.['retry'] === true;
}

export function isTimeout(error: unknown): boolean {
  return isRetryable(error) && error.data?.['timedOut'] === true;
}

/** The status that an error of the client is about; undefined where there was no answer at all. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof RpmDepsError)) return undefined;
  const status = error.data?.['status'];
  return typeof status === 'number' ? status : undefined;
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  UND_ERR_SOCKET: 'broke the connection',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent another length than it announced',
  ENOTFOUND: 'has an unknown host name',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'does not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'does not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'does not answer in time',
  UND_ERR_HEADERS_OVERFLOW: 'sent headers without end',
  UND_ERR_BODY_TIMEOUT: 'stopped sending',
};

const TIMEOUTS = /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/;
/** Failures that will be the same the next time. */
const FINAL =
  /^(?:ENOTFOUND|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_INVALID_|HPE_|UND_ERR_INVALID_ARG|UND_ERR_HEADERS_OVERFLOW)/;

/** A failure below HTTP (socket, name, TLS, time-out) in words; any other error comes back as it is. */
export function transportFailure(url: string, error: unknown, proxy?: string): unknown {
  if (error instanceof RpmDepsError || !(error instanceof Error)) return error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const what = FAILURES[code] ?? `cannot be read: ${printable(error.message || code)}`;
  return networkError(url, what, { retry: !FINAL.test(code), ...(TIMEOUTS.test(code) ? { timedOut: true } : {}), proxy }, error);
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse makes a date of `-5` too.
  const date = /^[a-z]{3,9}, /i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
