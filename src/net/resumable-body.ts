/**
 * A response body that continues after a broken connection: requests the rest with a Range header. A validator (If-Range)
 * ensures that the file has not changed. Without a validator or range support, the server sends the beginning again, and
 * its digest is compared.
 */
import { createHash, type Hash } from 'node:crypto';
import { isRetryable, networkError } from './failures.ts';
import type { HttpResponse } from './http-exchange.ts';

export interface Resumption {
  /** Repeats the request with these headers; throws the errors of the client. */
  readonly again: (headers: Readonly<Record<string, string>>) => Promise<HttpResponse>;
  /** Waits before the given attempt (from 0), or throws the error if there are no attempts left. */
  readonly pauseOrThrow: (attempt: number, error: Error) => Promise<void>;
}

export async function* resumableBody(first: HttpResponse, { again, pauseOrThrow }: Resumption): AsyncGenerator<Uint8Array> {
  const validator = strongValidator(first.headers);
  const hash = createHash('sha256');
  let offset = 0;
  let body = first.body;
  for (let attempt = 0; ; attempt++) {
    try {
      if (attempt > 0) body = await reopen();
      for await (const chunk of body) {
        offset += chunk.length;
        hash.update(chunk);
        yield chunk;
      }
      return;
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await pauseOrThrow(attempt, error);
    }
  }

  async function reopen(): Promise<AsyncIterable<Uint8Array>> {
    if (offset === 0) return (await again({})).body;
    const ranged = validator === undefined ? {} : { range: `bytes=${offset}-`, 'if-range': validator };
    const response = await again(ranged);
    if (response.status !== 206) return withoutKnown(response, { offset, hash });
    if (response.headers['content-range']?.startsWith(`bytes ${offset}-`) === true) return response.body;
    throw networkError(first.url, 'answered with a different range than requested');
  }
}

/** A weak ETag does not guarantee identical bytes (RFC 9110, 13.1.5). */
function strongValidator(headers: Readonly<Record<string, string>>): string | undefined {
  const { etag } = headers;
  if (etag !== undefined && !etag.startsWith('W/')) return etag;
  return headers['last-modified'];
}

async function* withoutKnown(response: HttpResponse, { offset, hash }: { offset: number; hash: Hash }): AsyncGenerator<Uint8Array> {
  const beginning = createHash('sha256');
  let left = offset;
  for await (const chunk of response.body) {
    const known = chunk.subarray(0, left);
    left -= known.length;
    if (known.length > 0) {
      beginning.update(known);
      if (left === 0 && beginning.digest('hex') !== hash.copy().digest('hex')) throw changed(response);
    }
    if (known.length < chunk.length) yield chunk.subarray(known.length);
  }
  if (left > 0) throw changed(response);
}

function changed({ url }: HttpResponse): Error {
  return networkError(url, 'was replaced by another file while it was read');
}
