/**
 * The only HTTP client. Connections are pooled and kept alive. Temporary failures (refused and broken connections, timeouts, 429 and 5xx) are
 * retried with increasing pauses, also in the middle of a body. Also reads file: URLs.
 * docs/reliability.md lists failures of mirrors and how they are handled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RpmDepsError } from '../base/errors.ts';
import { stopped } from '../base/interruption.ts';
import { printable } from '../base/printable.ts';
import { redact, Secrets } from '../base/redact.ts';
import { deniedError, isRetryable, isTimeout, networkError, parseRetryAfter } from './failures.ts';
import { openFileUrl } from './file-url.ts';
import type { HttpRequest, HttpResponse } from './http-exchange.ts';
import { HTTP_DEFAULTS, type HttpOptions, type HttpSettings } from './http-settings.ts';
import { resumableBody } from './resumable-body.ts';
import { RequestSender, type SenderOptions } from './send-request.ts';
import { type AccessRule, refuseMissing, ruleFor, sharedRules } from './server-access.ts';
import { decodeWire } from './wire-encoding.ts';

export type { HttpResponse } from './http-exchange.ts';

export interface HttpClient {
  /**
   * Throws NETWORK, with the status in `data` (`statusOf`), for any status that is neither 2xx nor in `accept`; OFFLINE when offline;
   * INTERRUPTED after a signal. Reading the body can throw the same errors.
   */
  request(url: string, request?: HttpRequest): Promise<HttpResponse>;
  /** Uses the certificates, logins and proxies of these rules for URLs below theirs. */
  useAccess?(rules: readonly AccessRule[]): void;
  /** Uses the credentials of a mirror list for its mirrors. */
  shareAccess?(list: string, mirrors: readonly string[]): void;
  /** Hides the path of a mirror list in messages, because it may be a secret. */
  learnList?(url: string): void;
  close(): Promise<void>;
  /** Settings to create the same client in another thread. */
  readonly settings: HttpSettings;
}

const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_REDIRECTS = 10;
/** Milliseconds. If a server asks for a longer pause, it is retried only once, as after a timeout. */
const MAX_REQUESTED_PAUSE_MS = 120_000;

export function createHttpClient(options: HttpOptions): HttpClient {
  return new Client(options);
}

class Client implements HttpClient {
  readonly #options: SenderOptions & Pick<HttpOptions, 'emit' | 'signal'>;
  /** Aborts pending requests on close, because they would keep the process running. */
  readonly #closed = new AbortController();
  readonly #sender: RequestSender;
  #access: readonly AccessRule[] = [];

  constructor(options: HttpOptions) {
    this.#options = { ...HTTP_DEFAULTS, ...options, secrets: options.secrets ?? new Secrets() };
    this.#sender = new RequestSender(this.#options);
    this.useAccess(options.access ?? []);
  }

  useAccess(rules: readonly AccessRule[]): void {
    const urls = new Set(rules.map(({ url }) => url));
    this.#access = [...this.#access.filter(({ url }) => !urls.has(url)), ...rules];
    for (const { access } of rules) {
      const { username = '', password = '', proxy } = access;
      if (username !== '' || password !== '') this.#options.secrets.learnLogin(username, password);
      if (password !== '') this.#options.secrets.learn(password);
      if (proxy !== undefined) this.#options.secrets.learnUrl(proxy.includes('://') ? proxy : `http://${proxy}`);
    }
  }

  learnList(url: string): void {
    this.#options.secrets.learnList(url);
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
    await this.#refuseForbidden(url, url);
    if (url.startsWith('file:')) return openFileUrl(url, request);
    this.#options.secrets.learnUrl(url);
    if (request.headers !== undefined) this.#options.secrets.learnHeaders(request.headers);
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
    await this.#sender.close();
  }

  async #refuseForbidden(url: string, shown: string): Promise<void> {
    const { policy } = this.#options;
    if (policy !== undefined) (await import('./network-policy.ts')).checkUrl(url, policy, shown);
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
      // 416: the file is shorter now. Request it completely, to check whether it was replaced.
      again: async (headers: Readonly<Record<string, string>>): Promise<HttpResponse> => {
        const response = await this.#attempt(url, { ...request, headers: { ...request.headers, ...headers }, accept: [416] });
        if (response.status !== 416) return response;
        await discard(response.body);
        return this.#attempt(url, request);
      },
      pauseOrThrow: (attempt: number, error: Error) => this.#pauseOrThrow(attempt, error, request),
    };
  }

  /** Pauses double with each attempt, plus up to 50 percent at random, so that many clients do not retry at the same time. */
  async #pauseOrThrow(attempt: number, error: Error, request: HttpRequest): Promise<void> {
    const { maxPauseMs, retryPauseMs, emit } = this.#options;
    const retries = request.retries ?? this.#options.retries;
    const requestedMs = error instanceof RpmDepsError ? Number(error.data?.['retryAfterMs'] ?? 0) : 0;
    const isSlow = isTimeout(error) || requestedMs > MAX_REQUESTED_PAUSE_MS;
    if (attempt >= (isSlow ? Math.min(retries, 1) : retries)) throw error;
    const pause = Math.min(Math.max(requestedMs, retryPauseMs * 2 ** attempt * (1 + Math.random() / 2)), maxPauseMs);
    emit?.({ kind: 'debug', text: `${error.message}; trying again in ${Math.round(pause)} ms` });
    const signal = this.#signal(request);
    await sleep(pause, undefined, { signal }).catch(() => {
      throw stopped(signal);
    });
  }

  #signal(request: HttpRequest): AbortSignal {
    return AbortSignal.any([request.signal, this.#options.signal, this.#closed.signal].filter((signal) => signal !== undefined));
  }

  /** Sends one request and follows redirects. */
  async #attempt(url: string, request: HttpRequest): Promise<HttpResponse> {
    let current = url;
    // A server can repeat secrets of the request in a redirect.
    let shown = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const signal = this.#signal(request);
      if (signal.aborted) throw stopped(signal);
      const rule = ruleFor(current, this.#access);
      if (rule !== undefined) refuseMissing(rule);
      await this.#refuseForbidden(current, shown);
      const response = await this.#sender.send(current, { request, from: url, shown, rule, signal });
      const { status, headers } = response;
      const location = headers['location'];
      if (status >= 300 && status < 400 && status !== 304 && location !== undefined) {
        await discard(response.body);
        if (!URL.canParse(location, current)) throw networkError(url, 'redirects to something that is not a URL');
        current = new URL(location, current).href;
        shown = this.#options.secrets.hide(current);
        // Never follow a redirect to a local file.
        if (!/^https?:/.test(current)) throw networkError(url, `redirects to ${new URL(current).protocol}, which is not followed`);
        continue;
      }
      if ((status >= 200 && status < 300) || request.accept?.includes(status) === true) return response;
      await discard(response.body);
      if (status === 403) throw deniedError(url, ruleFor(current, this.#access));
      const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now());
      const wait =
        retryAfterMs !== undefined && retryAfterMs > MAX_REQUESTED_PAUSE_MS ? ` and asks to wait for ${inWords(retryAfterMs)}` : '';
      throw networkError(url, `answered ${status}${wait}`, {
        status,
        retry: RETRY_STATUSES.has(status),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    throw networkError(url, `redirects more than ${MAX_REDIRECTS} times`);
  }
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : 'days';
}

/** Reads the rest of an unused body, so that its connection can be reused. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > 65_536) return;
    }
  } catch {
    // The connection is closed: nothing to reuse.
  }
}
