/**
 * The one place that speaks HTTP. Connections are pooled and kept alive; what is worth trying again (refused and broken connections,
 * time-outs, 429 and 5xx) is tried again with growing pauses, also in the middle of a body; file: URLs go through the same door.
 * docs/reliability.md lists what mirrors do and what happens then.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { stopped } from '../base/interruption.ts';
import { printable } from '../base/printable.ts';
import { redact, type Secrets } from '../base/redact.ts';
import { credentialsFor, ownLogin } from './credentials.ts';
import type { Connections } from './dispatcher.ts';
import { deniedError, isRetryable, isTimeout, networkError, parseRetryAfter, transportFailure } from './failures.ts';
import { openFileUrl } from './file-url.ts';
import type { HttpRequest, HttpResponse } from './http-exchange.ts';
import type { NetworkPolicy } from './network-policy.ts';
import { resumableBody } from './resumable-body.ts';
import { type AccessRule, refuseMissing, ruleFor, type ServerAccess, sharedRules } from './server-access.ts';
import { decodeWire } from './wire-encoding.ts';

export type { HttpResponse } from './http-exchange.ts';

export interface HttpClient {
  /**
   * Throws NETWORK, with the status in `data` (`statusOf`), for any answer that is neither 2xx nor in `accept`; OFFLINE when offline;
   * INTERRUPTED when a signal was raised. Reading the body throws the same.
   */
  request(url: string, request?: HttpRequest): Promise<HttpResponse>;
  /** Requests below these URLs use certificates, logins and proxies of their own. */
  useAccess?(rules: readonly AccessRule[]): void;
  /** What a list of mirrors names is asked as the list is. */
  shareAccess?(list: string, mirrors: readonly string[]): void;
  /** The path of a list of mirrors may open it. */
  learnList?(url: string): void;
  close(): Promise<void>;
  /** What a thread makes the same client from. */
  readonly settings: HttpSettings;
}

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

const DEFAULTS = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 20_000,
  minimumRate: 500,
  retries: 4,
  retryPauseMs: 500,
  maxPauseMs: 30_000,
};
const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_REDIRECTS = 10;
/** Who asks for more time than this is asked once more, as after a time-out. */
const MAX_ASKED_MS = 120_000;

export function createHttpClient(options: HttpOptions): HttpClient {
  return new Client(options);
}

class Client implements HttpClient {
  readonly #options: HttpOptions & typeof DEFAULTS;
  /** Raised when nobody wants an answer any more: what is under way must not keep the process from ending. */
  readonly #closed = new AbortController();
  #connections: Promise<Connections> | undefined;
  #access: readonly AccessRule[] = [];

  constructor(options: HttpOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.useAccess(options.access ?? []);
  }

  useAccess(rules: readonly AccessRule[]): void {
    const urls = new Set(rules.map(({ url }) => url));
    this.#access = [...this.#access.filter(({ url }) => !urls.has(url)), ...rules];
    for (const { access } of rules) {
      const { username = '', password = '', proxy } = access;
      if (username !== '' || password !== '') this.#options.secrets?.learnLogin(username, password);
      if (password !== '') this.#options.secrets?.learn(password);
      if (proxy !== undefined) this.#options.secrets?.learnUrl(proxy.includes('://') ? proxy : `http://${proxy}`);
    }
  }

  learnList(url: string): void {
    this.#options.secrets?.learnList(url);
  }

  shareAccess(list: string, mirrors: readonly string[]): void {
    const rule = ruleFor(list, this.#access);
    if (rule !== undefined)
      this.useAccess(
        sharedRules(
          rule,
          list,
          mirrors.filter((url) => ruleFor(url, this.#access) === undefined),
        ),
      );
  }

  get settings(): HttpSettings {
    const { emit: _emit, signal: _signal, secrets: _secrets, env, ...plain } = this.#options;
    return { ...plain, env: { ...env }, access: this.#access };
  }

  async request(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    await this.#refuseForbidden(url);
    if (url.startsWith('file:')) return openFileUrl(url, request);
    this.#options.secrets?.learnUrl(url);
    if (request.headers !== undefined) this.#options.secrets?.learnHeaders(request.headers);
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new RpmDepsError('USAGE', `${printable(redact(url))} is not a supported URL`, {
        hint: 'use http://, https:// or file://',
      });
    }
    if (this.#options.offline === true) {
      throw new RpmDepsError('OFFLINE', `${printable(redact(url))} is not in the cache, and --offline prevents downloading it`, {
        hint: 'run once without --offline',
      });
    }
    const response = await this.#retrying(url, request);
    const encoding = response.headers['content-encoding'];
    const isWhole = (request.method ?? 'GET') === 'GET' && response.status === 200;
    const body = isWhole ? resumableBody(response, this.#resumption(url, request)) : response.body;
    return { ...response, body: decodeWire(body, { url: response.url, encoding }) };
  }

  async close(): Promise<void> {
    this.#closed.abort(new RpmDepsError('INTERRUPTED', 'stopped'));
    const connections = await this.#connections?.catch(() => undefined);
    await Promise.all((connections?.all() ?? []).map((dispatcher) => dispatcher.destroy()));
  }

  async #refuseForbidden(url: string): Promise<void> {
    const { policy } = this.#options;
    if (policy !== undefined) (await import('./network-policy.ts')).checkUrl(url, policy);
  }

  async #retrying(url: string, request: HttpRequest): Promise<HttpResponse> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(url, request);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        await this.#pauseOrThrow(attempt, error, request);
      }
    }
  }

  #resumption(url: string, request: HttpRequest) {
    return {
      // A 416 means that the file is shorter now: the whole of it shows whether it is still the same.
      again: async (headers: Readonly<Record<string, string>>): Promise<HttpResponse> => {
        const response = await this.#attempt(url, { ...request, headers: { ...request.headers, ...headers }, accept: [416] });
        if (response.status !== 416) return response;
        await discard(response.body);
        return this.#attempt(url, request);
      },
      pauseOrThrow: (attempt: number, error: Error) => this.#pauseOrThrow(attempt, error, request),
    };
  }

  /** Pauses double from attempt to attempt, with up to half of it by chance so that many clients do not come back at once. */
  async #pauseOrThrow(attempt: number, error: Error, request: HttpRequest): Promise<void> {
    const { maxPauseMs, retryPauseMs, emit } = this.#options;
    const retries = request.retries ?? this.#options.retries;
    const asked = error instanceof RpmDepsError ? Number(error.data?.['retryAfterMs'] ?? 0) : 0;
    const isSlow = isTimeout(error) || asked > MAX_ASKED_MS;
    if (attempt >= (isSlow ? Math.min(retries, 1) : retries)) throw error;
    const pause = Math.min(Math.max(asked, retryPauseMs * 2 ** attempt * (1 + Math.random() / 2)), maxPauseMs);
    emit?.({ kind: 'debug', text: `${error.message}; trying again in ${Math.round(pause)} ms` });
    const signal = this.#signal(request);
    await sleep(pause, undefined, { signal }).catch(() => {
      throw stopped(signal);
    });
  }

  #signal(request: HttpRequest): AbortSignal {
    return AbortSignal.any([request.signal, this.#options.signal, this.#closed.signal].filter((signal) => signal !== undefined));
  }

  /** One request with its redirects. */
  async #attempt(url: string, request: HttpRequest): Promise<HttpResponse> {
    let current = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#send(current, { request, from: url });
      const { status, headers } = response;
      const location = headers['location'];
      if (status >= 300 && status < 400 && status !== 304 && location !== undefined) {
        await discard(response.body);
        if (!URL.canParse(location, current)) throw networkError(url, 'redirects to something that is not a URL');
        current = new URL(location, current).href;
        // Never to a file of this machine.
        if (!/^https?:/.test(current)) throw networkError(url, `redirects to ${new URL(current).protocol}, which is not followed`);
        continue;
      }
      if ((status >= 200 && status < 300) || request.accept?.includes(status) === true) return response;
      await discard(response.body);
      if (status === 403) throw deniedError(url, ruleFor(current, this.#access));
      const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now());
      const wait = retryAfterMs !== undefined && retryAfterMs > MAX_ASKED_MS ? ` and asks to wait for ${inWords(retryAfterMs)}` : '';
      throw networkError(url, `answered ${status}${wait}`, {
        status,
        retry: RETRY_STATUSES.has(status),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    throw networkError(url, `redirects more than ${MAX_REDIRECTS} times`);
  }

  async #send(url: string, { request, from }: { request: HttpRequest; from: string }): Promise<HttpResponse> {
    const { env, secrets, policy, connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs } = this.#options;
    const signal = this.#signal(request);
    if (signal.aborted) throw stopped(signal);
    // Code for connections is loaded with the first one: never for file: URLs.
    this.#connections ??= import('./dispatcher.ts').then(({ connect }) => connect(this.#options));
    const { undici, dispatchers, guarded, dispatcherWith, proxyFor } = await this.#connections;
    const rule = ruleFor(url, this.#access);
    if (rule !== undefined) refuseMissing(rule);
    await this.#refuseForbidden(url);
    const isForeign = policy !== undefined && !policy.origins.includes(new URL(url).origin);
    const protocol = /^https:/i.test(url) ? 'https:' : 'http:';
    // undici's own time-outs begin again with each byte: a server that sends its headers in drops would never meet them.
    const late = new AbortController();
    const upload = request.body?.();
    const given = AbortSignal.any([signal, late.signal]);
    const timer = setTimeout(() => late.abort(), connectTimeoutMs + headersTimeoutMs + (upload === undefined ? 0 : bodyTimeoutMs));
    const own = rule === undefined || isForeign ? undefined : await dispatcherWith(protocol, rule);
    const headers = await headersFor(url, { request, from, env, access: rule?.access });
    secrets?.learnHeaders(headers);
    try {
      const pending = undici.request(url, {
        method: request.method ?? 'GET',
        headers: { 'user-agent': 'rpm-deps', 'accept-encoding': 'identity', ...headers },
        // The type asks for a Node stream; any iterable is accepted.
        body: upload === undefined ? null : (refreshing(upload, timer) as never),
        dispatcher: own ?? (isForeign ? guarded : dispatchers[protocol]),
        signal: given,
      });
      const { statusCode, headers: answered, body } = await orAborted(pending, given);
      const flat = Object.fromEntries(Object.entries(answered).map(([name, value]) => [name.toLowerCase(), String(value)]));
      return { status: statusCode, headers: flat, url, body: this.#guarded(url, body, signal) };
    } catch (error) {
      if (signal.aborted) throw stopped(signal);
      const proxy = rule?.access.proxy ?? proxyFor(protocol);
      if (late.signal.aborted) throw networkError(url, 'does not respond in time', { retry: true, timedOut: true, proxy }, error);
      throw transportFailure(url, error, proxy);
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

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : 'days';
}

/** undici looks at the signal of a request only once it has a connection, and a proxy that hangs up on CONNECT never gives one. */
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

/** Each part of an upload that a server takes buys it time for the next. */
async function* refreshing(body: AsyncIterable<Uint8Array>, timer: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk;
    timer.refresh();
  }
}

/** What logs in goes only to the server it was meant for, and never from https to http. */
async function headersFor(
  url: string,
  { request, from, env, access }: { request: HttpRequest; from: string; env: HttpOptions['env']; access: ServerAccess | undefined },
): Promise<Record<string, string>> {
  const downgraded = from.startsWith('https:') && !url.startsWith('https:');
  // A redirect on the same server keeps the login of the URL that was asked for, and is to be no other's.
  const isHere = new URL(url).origin === new URL(from).origin;
  const login = downgraded
    ? {}
    : (ownLogin(url, access) ?? (await credentialsFor(isHere && new URL(url).username === '' ? from : url, env)));
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...login, ...Object.fromEntries(given.filter(([name]) => isHere || name !== 'authorization')) };
}

/** Time that the reader takes for itself does not count. */
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

/** Lets go of an answer nobody reads, so that its connection can be used again. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > 65_536) return;
    }
  } catch {
    // The connection is gone; there was nothing to keep.
  }
}
