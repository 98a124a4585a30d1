/** Sends one request, without retries and redirects: its connection, its headers, its time limits, and the body as it arrives. */
import { stopped } from '../base/interruption.ts';
import type { Secrets } from '../base/redact.ts';
import { credentialsFor, ownLogin } from './credentials.ts';
import type { Connections } from './dispatcher.ts';
import { networkError, transportFailure } from './failures.ts';
import type { HttpRequest, HttpResponse } from './http-exchange.ts';
import type { HTTP_DEFAULTS, HttpSettings } from './http-settings.ts';
import type { AccessRule, ServerAccess } from './server-access.ts';

interface Sending {
  readonly request: HttpRequest;
  /** The URL of the original request, before redirects. */
  readonly from: string;
  /** The URL for messages, without secrets. */
  readonly shown: string;
  /** Access rule for the server of the URL. */
  readonly rule: AccessRule | undefined;
  readonly signal: AbortSignal;
}

export type SenderOptions = HttpSettings & typeof HTTP_DEFAULTS & { readonly secrets: Secrets };

export class RequestSender {
  readonly #options: SenderOptions;
  #connections: Promise<Connections> | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async close(): Promise<void> {
    const connections = await this.#connections?.catch(() => undefined);
    await Promise.all((connections?.all() ?? []).map((dispatcher) => dispatcher.destroy()));
  }

  async send(url: string, { request, from, shown, rule, signal }: Sending): Promise<HttpResponse> {
    const { env, secrets, policy, connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs } = this.#options;
    // Loaded with the first connection: not for file: URLs.
    this.#connections ??= import('./dispatcher.ts').then(({ connect }) => connect(this.#options));
    const { undici, dispatchers, guarded, dispatcherWith, proxyFor } = await this.#connections;
    const isForeign = policy !== undefined && !policy.origins.includes(new URL(url).origin);
    const protocol = /^https:/i.test(url) ? 'https:' : 'http:';
    // undici's own timeouts restart with each byte: a server that sends its headers byte by byte would never time out.
    const late = new AbortController();
    const upload = request.body?.();
    const given = AbortSignal.any([signal, late.signal]);
    const timer = setTimeout(() => late.abort(), connectTimeoutMs + headersTimeoutMs + (upload === undefined ? 0 : bodyTimeoutMs));
    const own = rule === undefined || isForeign ? undefined : await dispatcherWith(protocol, rule);
    const headers = await headersFor(url, { request, from, env, access: rule?.access });
    secrets.learnHeaders(headers);
    try {
      const pending = undici.request(url, {
        method: request.method ?? 'GET',
        headers: { 'user-agent': 'rpm-deps', 'accept-encoding': 'identity', ...headers },
        // The type is a Node stream, but undici accepts any iterable.
        body: upload === undefined ? null : (refreshing(upload, timer) as never),
        dispatcher: own ?? (isForeign ? guarded : dispatchers[protocol]),
        signal: given,
      });
      const { statusCode, headers: answered, body } = await orAborted(pending, given);
      const flat = Object.fromEntries(Object.entries(answered).map(([name, value]) => [name.toLowerCase(), String(value)]));
      return { status: statusCode, headers: flat, url: shown, body: this.#guarded(shown, body, signal) };
    } catch (error) {
      if (signal.aborted) throw stopped(signal);
      const proxy = rule?.access.proxy ?? proxyFor(protocol);
      if (late.signal.aborted) throw networkError(shown, 'does not respond in time', { retry: true, timedOut: true, proxy }, error);
      throw transportFailure(shown, error, proxy);
    } finally {
      clearTimeout(timer);
    }
  }

  async *#guarded(url: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* notTooSlow(url, body, this.#options);
    } catch (error) {
      throw signal.aborted ? stopped(signal) : transportFailure(url, error);
    }
  }
}

/** undici checks the signal only after it has a connection; if a proxy closes the connection on CONNECT, there is none. */
async function orAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** Restarts the timeout after each chunk of an upload. */
async function* refreshing(body: AsyncIterable<Uint8Array>, timer: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk;
    timer.refresh();
  }
}

/** Sends credentials only to their server, and never after a redirect from https to http. */
async function headersFor(
  url: string,
  { request, from, env, access }: { request: HttpRequest; from: string; env: HttpSettings['env']; access: ServerAccess | undefined },
): Promise<Record<string, string>> {
  const downgraded = from.startsWith('https:') && !url.startsWith('https:');
  // A redirect to the same server keeps the login of the original URL; other servers do not get it.
  const isHere = new URL(url).origin === new URL(from).origin;
  const login = downgraded
    ? {}
    : (ownLogin(url, access) ?? (await credentialsFor(isHere && new URL(url).username === '' ? from : url, env)));
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...login, ...Object.fromEntries(given.filter(([name]) => isHere || name !== 'authorization')) };
}

/** Measures only the time spent waiting for the server, not the time of the reader. */
async function* notTooSlow(
  url: string,
  body: AsyncIterable<Uint8Array>,
  { bodyTimeoutMs, minimumRate }: { bodyTimeoutMs: number; minimumRate: number },
): AsyncGenerator<Uint8Array> {
  let waitedMs = 0;
  let bytes = 0;
  let since = performance.now();
  for await (const chunk of body) {
    waitedMs += performance.now() - since;
    bytes += chunk.length;
    if (waitedMs >= bodyTimeoutMs) {
      if (bytes < (minimumRate * waitedMs) / 1000)
        throw networkError(url, `sends less than ${minimumRate} bytes a second`, { retry: true, timedOut: true });
      waitedMs = 0;
      bytes = 0;
    }
    yield chunk;
    since = performance.now();
  }
}
