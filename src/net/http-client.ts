/**
 * The one place that speaks HTTP. Connections are pooled and kept alive; what is worth trying again (refused and broken
 * connections, time-outs, 429 and 5xx) is tried again with growing pauses; file: URLs go through the same door.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RpmDepsError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { credentialsFor } from './credentials.ts';
import { redact } from './redact.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
  /** Statuses that are answers and not failures, besides 2xx. */
  readonly accept?: readonly number[];
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** After redirects. */
  readonly url: string;
  /** To be read to its end, or left by `break`. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HttpClient {
  /** Throws NETWORK, with the status in `data`, for any answer that is neither 2xx nor in `accept`; OFFLINE when offline. */
  request(url: string, request?: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly offline?: boolean;
  readonly emit?: Emit;
  readonly signal?: AbortSignal;
  /** Times without any progress after which a connection is given up, milliseconds. */
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  readonly bodyTimeoutMs?: number;
  /** How often a request is repeated, and the first pause; pauses double, with jitter. */
  readonly retries?: number;
  readonly retryPauseMs?: number;
  readonly maxPauseMs?: number;
}

const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const MAX_REDIRECTS = 10;

export function createHttpClient(options: HttpOptions): HttpClient {
  return new Client(options);
}

type Undici = typeof import('undici');

class Client implements HttpClient {
  readonly #options: HttpOptions;
  #undici: Undici | undefined;
  #agent: InstanceType<Undici['EnvHttpProxyAgent']> | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async request(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    if (url.startsWith('file:')) return openFile(url, request);
    if (!/^https?:\/\//.test(url)) {
      throw new RpmDepsError('USAGE', `${redact(url)} is not a URL that can be read`, { hint: 'use http://, https:// or file://' });
    }
    if (this.#options.offline === true) {
      throw new RpmDepsError('OFFLINE', `${redact(url)} is needed and not in the cache`, { hint: 'run once without --offline' });
    }
    const retries = request.body === undefined ? (this.#options.retries ?? 4) : 0;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#attempt(url, request);
      if (!(outcome instanceof RpmDepsError)) return outcome;
      const again = attempt < retries && outcome.data?.['retry'] === true;
      if (!again) throw outcome;
      const pause = this.#pause(attempt, outcome.data?.['retryAfterMs'] as number | undefined);
      this.#options.emit?.({ kind: 'debug', text: `${outcome.message}; trying again in ${Math.round(pause)} ms` });
      await sleep(pause, undefined, this.#signalOf(request));
    }
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  #signalOf(request: HttpRequest): { signal?: AbortSignal } {
    const signal = request.signal ?? this.#options.signal;
    return signal === undefined ? {} : { signal };
  }

  /** Doubles from attempt to attempt, with up to half of it by chance so that many clients do not come back at once. */
  #pause(attempt: number, retryAfterMs: number | undefined): number {
    const limit = this.#options.maxPauseMs ?? 30_000;
    if (retryAfterMs !== undefined) return Math.min(retryAfterMs, limit);
    const base = (this.#options.retryPauseMs ?? 500) * 2 ** attempt;
    return Math.min(base * (1 + Math.random() / 2), limit);
  }

  /** An answer, or the error that is to be thrown unless another attempt is worth it. */
  async #attempt(url: string, request: HttpRequest): Promise<HttpResponse | RpmDepsError> {
    let current = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#send(current, request);
      if (response instanceof RpmDepsError) return response;
      const { status, headers } = response;
      const location = headers['location'];
      if (status >= 300 && status < 400 && status !== 304 && location !== undefined) {
        await discard(response.body);
        current = new URL(location, current).href;
        if (!/^https?:/.test(current)) return networkError(url, `redirects to ${redact(current)}`);
        continue;
      }
      if ((status >= 200 && status < 300) || request.accept?.includes(status) === true) return response;
      await discard(response.body);
      const retryAfterMs = parseRetryAfter(headers['retry-after']);
      return networkError(url, `answered ${status}`, {
        status,
        retry: RETRY_STATUSES.has(status),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    return networkError(url, `redirects more than ${MAX_REDIRECTS} times`);
  }

  async #send(url: string, request: HttpRequest): Promise<HttpResponse | RpmDepsError> {
    try {
      const { agent, undici } = await this.#connect();
      const response = await undici.request(url, {
        method: request.method ?? 'GET',
        headers: { 'user-agent': 'rpm-deps', ...(await credentialsFor(url, this.#options.env)), ...request.headers },
        body: request.body === undefined ? null : (toReadable(request.body) as never),
        dispatcher: agent,
        ...this.#signalOf(request),
      });
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
      return { status: response.statusCode, headers, url, body: bodyOf(url, response.body, headers['content-encoding']) };
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error;
      return networkError(url, describeFailure(error), { retry: true }, error);
    }
  }

  async #connect(): Promise<{ agent: InstanceType<Undici['EnvHttpProxyAgent']>; undici: Undici }> {
    // undici takes longer to load than the rest of the program: not for file: URLs.
    this.#undici ??= await import('undici');
    const { env } = this.#options;
    const proxy = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
    const httpProxy = proxy('HTTP_PROXY');
    const httpsProxy = proxy('HTTPS_PROXY');
    this.#agent ??= new this.#undici.EnvHttpProxyAgent({
      ...(httpProxy === undefined ? {} : { httpProxy }),
      ...(httpsProxy === undefined ? {} : { httpsProxy }),
      noProxy: proxy('NO_PROXY') ?? '',
      connect: { timeout: this.#options.connectTimeoutMs ?? 15_000 },
      headersTimeout: this.#options.headersTimeoutMs ?? 30_000,
      bodyTimeout: this.#options.bodyTimeoutMs ?? 30_000,
      connections: 8,
    });
    return { agent: this.#agent, undici: this.#undici };
  }
}

function toReadable(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return source;
}

async function* bodyOf(url: string, body: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncGenerator<Uint8Array> {
  try {
    // Some servers compress what is compressed already; nobody asked them to, so it comes off before anybody looks at it.
    if (encoding === 'gzip' || encoding === 'x-gzip') {
      const { openStream } = await import('../io/decompress.ts');
      yield* openStream(body, { what: redact(url) });
    } else yield* body;
  } catch (error) {
    if (error instanceof RpmDepsError || (error as Error).name === 'AbortError') throw error;
    throw networkError(url, describeFailure(error), { retry: true }, error);
  }
}

async function openFile(url: string, request: HttpRequest): Promise<HttpResponse> {
  const path = fileURLToPath(url);
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || !info.isFile()) {
    if (request.accept?.includes(404) === true) return { status: 404, headers: {}, url, body: nothing() };
    const what = info === undefined ? 'does not exist' : 'is not a file';
    throw networkError(url, what, { status: 404, retry: false });
  }
  const headers = { 'content-length': String(info.size) };
  return { status: 200, headers, url, body: createReadStream(path, { highWaterMark: 256 * 1024 }) };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

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

function networkError(url: string, what: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown): RpmDepsError {
  return new RpmDepsError('NETWORK', `${redact(url)} ${what}`, {
    hint: 'check the address and the network, or use another mirror with --mirror',
    data: { url: redact(url), ...data },
    cause,
  });
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'broke the connection',
  UND_ERR_SOCKET: 'broke the connection',
  ENOTFOUND: 'has an unknown host name',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  UND_ERR_CONNECT_TIMEOUT: 'does not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'does not answer in time',
  UND_ERR_BODY_TIMEOUT: 'stopped sending',
};

function describeFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return FAILURES[code ?? ''] ?? `cannot be read: ${message}`;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
