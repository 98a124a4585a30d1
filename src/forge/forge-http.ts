/**
 * JSON over HTTP, for the APIs of forges. Writes are sent one at a time. After a 403 or 429 the client waits as long
 * as the server requires, up to a limit. Reads are retried after a broken connection; writes are not, because they
 * may have succeeded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { fieldsOf } from '../base/fields.ts';
import { printable } from '../base/printable.ts';
import { collectBytes } from '../io/bytes.ts';
import { parseRetryAfter } from '../net/failures.ts';
import type { HttpClient, HttpResponse } from '../net/http-client.ts';
import { listOf, textIn } from './fields.ts';

export interface ForgeHttpOptions {
  readonly http: HttpClient;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** Called before each request, because tokens are renewed. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly now: () => Date;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Total time that one call waits for the forge's rate limits, in milliseconds; default two minutes. */
  readonly maxWaitMs?: number | undefined;
}

export interface Call {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** Accepted statuses besides 2xx. */
  readonly accept?: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

const MAX_ANSWER_BYTES = 32 << 20;
const ANY_STATUS: readonly number[] = Array.from({ length: 300 }, (_, i) => 300 + i);
/** For rate limits without `retry-after`: GitHub requires at least a minute. */
const DEFAULT_WAIT_MS = 60_000;
const READ_RETRIES = 3;

export class ForgeHttp {
  readonly #options: ForgeHttpOptions;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #newestHeaders: Readonly<Record<string, string>> = {};

  constructor(options: ForgeHttpOptions) {
    this.#options = options;
  }

  /** Headers of the last response to any request. */
  get newestHeaders(): Readonly<Record<string, string>> {
    return this.#newestHeaders;
  }

  /** `path` below the API, or a complete URL. */
  call(method: Method, path: string, call: Call = {}): Promise<Answer> {
    if (method === 'GET') return this.#callUntilAnswered(method, path, call);
    const turn = this.#lastWrite.then(() => this.#callUntilAnswered(method, path, call));
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  /** All pages of a list, at most `limit` entries. All forges use `page` and `per_page`, except Gitea, which has another name for the latter. */
  async list(path: string, { query = {}, pageSize, sizeName = 'per_page', limit = 1000 }: ListCall): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for (let page = 1; found.length < limit; page++) {
      const { json, headers } = await this.call('GET', path, { query: { ...query, [sizeName]: pageSize, page } });
      if (!Array.isArray(json)) throw this.#failure('FORGE', 'GET', path, 'did not return a list');
      found.push(...json);
      // A server may return fewer than requested: the last page is one without a link to the next, or an empty one.
      const hasNext = headers['link'] !== undefined ? /rel="?next/.test(headers['link']) : undefined;
      if (json.length === 0 || hasNext === false || (hasNext === undefined && json.length < pageSize && sizeName === 'per_page')) break;
    }
    return found;
  }

  /** Waits as long as the forge requires, within the bound. */
  async #callUntilAnswered(method: Method, path: string, call: Call): Promise<Answer> {
    const { maxWaitMs = 120_000, emit, signal, now } = this.#options;
    for (let waited = 0, broken = 0; ; ) {
      const answer = await this.#send(method, path, call);
      const { status, headers } = answer;
      if ((status >= 200 && status < 300) || call.accept?.includes(status) === true) return answer;
      const asked = waitFor(answer, now().getTime());
      if (asked !== undefined) {
        if (waited + asked > maxWaitMs) {
          throw this.#failure('FORGE_LIMIT', method, path, `answered ${status} and requires waiting ${Math.ceil(asked / 1000)} s`, answer);
        }
        emit({ kind: 'debug', text: `${this.#name(method, path)} requires waiting ${asked} ms` });
        await sleep(asked, undefined, { signal });
        waited += Math.max(asked, 1);
        continue;
      }
      if (method === 'GET' && status >= 500 && broken < READ_RETRIES) {
        await sleep(250 * 2 ** broken++, undefined, { signal });
        continue;
      }
      const needs = headers['x-accepted-github-permissions'];
      const more = needs === undefined || status !== 403 ? '' : ` (needs ${needs})`;
      throw this.#failure(codeOf(status), method, path, `answered ${status}${reasonsIn(answer)}${more}`, answer);
    }
  }

  async #send(method: Method, path: string, { query = {}, body }: Call): Promise<Answer> {
    const { http, apiUrl, headers, signal } = this.#options;
    const url = new URL(path.startsWith('/') ? `${apiUrl}${path}` : path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const given = { accept: 'application/json', ...(await headers()), ...(bytes === undefined ? {} : JSON_BODY(bytes)) };
    const response = await http
      .request(url.href, {
        method,
        headers: given,
        signal,
        accept: ANY_STATUS,
        retries: method === 'GET' ? READ_RETRIES : 0,
        ...(bytes === undefined ? {} : { body: () => once(bytes) }),
      })
      .catch((error: unknown) => {
        if (!(error instanceof RpmDepsError) || error.code !== 'NETWORK') throw error;
        throw this.#failure('FORGE', method, path, `failed: ${error.message}`, undefined, error);
      });
    const answer = { status: response.status, headers: response.headers, json: await jsonOf(response) };
    this.#newestHeaders = response.headers;
    return answer;
  }

  #name(method: Method, path: string): string {
    return `${method} ${printable(path.startsWith('/') ? `${this.#options.apiUrl}${path}` : path)}`;
  }

  #failure(code: ErrorCode, method: Method, path: string, what: string, answer?: Answer, cause?: unknown): RpmDepsError {
    const { status, json } = answer ?? {};
    return new RpmDepsError(code, `${this.#name(method, path)} ${what}`, {
      hint: HINTS[code] ?? 'run it again later: completed steps are not repeated',
      data: { ...(status === undefined ? {} : { status }), messages: messagesOf(json) },
      cause,
    });
  }
}

interface ListCall {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly pageSize: number;
  readonly sizeName?: 'per_page' | 'limit';
  readonly limit?: number;
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  FORGE_DENIED:
    'check that the repository exists, and that the token is valid and has write access to its contents, pull requests and issues',
  FORGE_LIMIT: 'the rate limit of the forge is used up: run it again later; completed steps are not repeated',
};

const JSON_BODY = (bytes: Buffer): Record<string, string> => ({
  'content-type': 'application/json',
  'content-length': String(bytes.length),
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const codeOf = (status: number): ErrorCode =>
  status === 401 || status === 403 || status === 404 || status === 423 ? 'FORGE_DENIED' : 'FORGE';

async function jsonOf({ body, headers }: HttpResponse): Promise<unknown> {
  const text = Buffer.from(await collectBytes(body, MAX_ANSWER_BYTES)).toString('utf8');
  if (!/json/.test(headers['content-type'] ?? '') || text === '') return undefined;
  try {
    // Gerrit sends this prefix before all JSON.
    return JSON.parse(text.replace(/^\)\]\}'\n/, ''));
  } catch {
    return undefined;
  }
}

/** The reasons in an error response, in all the shapes that forges use. */
export function messagesOf(json: unknown): readonly string[] {
  const { message, error, errors } = fieldsOf(json);
  const details = listOf(errors).map((item) =>
    typeof item === 'string'
      ? item
      : textIn(fieldsOf(item), 'message') || [textIn(fieldsOf(item), 'field'), textIn(fieldsOf(item), 'code')].join(' '),
  );
  const all = [message, error].flatMap((item) => (Array.isArray(item) ? item : [item])).filter((item) => typeof item === 'string');
  return [...all, ...details].filter((text) => text.trim() !== '').map((text) => printable(text).slice(0, 500));
}

function reasonsIn({ json }: Answer): string {
  const messages = messagesOf(json);
  return messages.length === 0 ? '' : `: ${messages.slice(0, 3).join('; ')}`;
}

/** Milliseconds until the same call may succeed; undefined if waiting does not help. */
function waitFor(answer: Answer, nowMs: number): number | undefined {
  const { status, headers } = answer;
  if (status !== 403 && status !== 429) return undefined;
  const asked = parseRetryAfter(headers['retry-after'], nowMs);
  if (asked !== undefined) return asked;
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset']);
  if (remaining === '0' && Number.isFinite(reset)) return Math.max(1000, reset * 1000 - nowMs);
  if (status === 429 || messagesOf(answer.json).some((text) => /rate limit|abuse detection/i.test(text))) return DEFAULT_WAIT_MS;
  return undefined;
}
