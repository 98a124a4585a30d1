import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { addressSpaceError } from '../io/address-space.ts';
import type { AccessRule } from './server-access.ts';

/** `data` of a NETWORK error. */
export interface NetworkFailure {
  readonly url: string;
  /** HTTP status, if there was a response. */
  readonly status?: number;
  /** Whether a retry of the same URL may help. */
  readonly retry?: boolean;
  readonly retryAfterMs?: number;
  /** The attempt took long, so it is not retried often. */
  readonly timedOut?: boolean;
}

/** `proxy`: the proxy of the environment, if any. */
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
    hint: isDistrusted
      ? CERTIFICATE_HINT
      : requiresCertificate(cause)
        ? CERTIFICATE_REQUIRED_HINT
        : (LOGIN_HINTS.get(failure.status) ??
          `check ${things}, or use another mirror with --mirror${isConnectionClosed(url, cause) ? MAYBE_CERTIFICATE_REQUIRED : ''}`),
    data: { url: shown, ...failure },
    cause,
  });
}

const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY))/;
const CERTIFICATE_HINT =
  'if the server is yours, name the certificate of its authority: `sslcacert` of the repository, or NODE_EXTRA_CA_CERTS=FILE';

/** TLS alerts: the client has no certificate, or the server does not accept it. */
const CERTIFICATE_REQUIRED =
  /_ALERT_(?:CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)|SSL_ALERT|alert (?:certificate|bad certificate|unknown ca|access denied|handshake failure)/i;
const CERTIFICATE_REQUIRED_HINT =
  'the server requires a client certificate: set `sslclientcert` and `sslclientkey` of the repository; the certificate may have expired';

/** With TLS 1.3 the client may only see that the connection is closed. */
const MAYBE_CERTIFICATE_REQUIRED =
  '; a server that requires a client certificate (`sslclientcert` of the repository) closes the connection like this';
const isConnectionClosed = (url: string, cause: unknown): boolean =>
  /^https:/i.test(url) && /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(String((cause as NodeJS.ErrnoException | undefined)?.code ?? ''));

function requiresCertificate(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause)
    if (CERTIFICATE_REQUIRED.test(String((error as NodeJS.ErrnoException).code ?? '')) || CERTIFICATE_REQUIRED.test(error.message))
      return true;
  return false;
}

const LOGIN_HINTS: ReadonlyMap<number | undefined, string> = new Map([
  [401, 'put `user:password@` before the host in the URL, or the login into ~/.netrc'],
  [407, 'put `user:password@` before the host in the URL of the proxy'],
]);

/** Status 403 of a content delivery network, which does not explain what is missing. */
export function deniedError(url: string, rule: AccessRule | undefined): RpmDepsError {
  const error = networkError(url, 'answered 403', { status: 403, retry: false });
  const { clientCertificate: file, username } = rule?.access ?? {};
  const hint =
    file !== undefined
      ? `the server does not accept the client certificate ${printable(file)}: it has expired, or its entitlement does not include this content`
      : username !== undefined
        ? 'the server does not allow the user of the repository to read this file'
        : 'this content may require an entitlement: set `sslclientcert` and `sslclientkey` of the repository';
  return new RpmDepsError(error.code, error.message, { hint, ...(error.data === undefined ? {} : { data: error.data }) });
}

export function isRetryable(error: unknown): error is RpmDepsError {
  return error instanceof RpmDepsError && error.code === 'NETWORK' && error.data?.['retry'] === true;
}

export function isTimeout(error: unknown): boolean {
  return isRetryable(error) && error.data?.['timedOut'] === true;
}

/** The HTTP status of a client error; undefined if there was no response. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof RpmDepsError)) return undefined;
  const status = error.data?.['status'];
  return typeof status === 'number' ? status : undefined;
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  UND_ERR_SOCKET: 'closed the connection',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent a different length than announced',
  ENOTFOUND: 'has an unknown host name',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'does not respond in time',
  UND_ERR_CONNECT_TIMEOUT: 'does not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'does not respond in time',
  UND_ERR_HEADERS_OVERFLOW: 'sent headers without end',
  UND_ERR_BODY_TIMEOUT: 'stopped sending',
};

const TIMEOUTS = /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/;
/** Permanent failures: no retry. */
const FINAL =
  /^(?:ENOTFOUND|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_INVALID_|HPE_|UND_ERR_INVALID_ARG|UND_ERR_HEADERS_OVERFLOW)/;

/** Explains a failure below HTTP (socket, host name, TLS, timeout); returns other errors unchanged. */
export function transportFailure(url: string, error: unknown, proxy?: string): unknown {
  if (error instanceof RpmDepsError || !(error instanceof Error)) return error;
  // undici needs WebAssembly: without address space for it, no other mirror helps.
  const limited = addressSpaceError(error);
  if (limited !== undefined) return limited;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const what = FAILURES[code] ?? `cannot be read: ${printable(error.message || code)}`;
  return networkError(
    url,
    what,
    { retry: !FINAL.test(code) && !requiresCertificate(error), ...(TIMEOUTS.test(code) ? { timedOut: true } : {}), proxy },
    error,
  );
}

/** Seconds, or a date (RFC 9110, 10.2.3). Returns milliseconds. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse also accepts `-5`.
  const date = /^[a-z]{3,9}, /i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
