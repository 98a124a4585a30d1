/**
 * Small files that rarely change: requested with the validators of the last response (ETag, Last-Modified), so that an unchanged
 * file is not downloaded again.
 */
import { RpmDepsError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { collectMetadata } from '../io/bytes.ts';
import type { RetryOptions } from '../net/first-place.ts';
import type { HttpClient } from '../net/http-client.ts';
import { cacheKey, type MetadataCache } from './metadata-cache.ts';
import { singleFlight } from './single-flight.ts';

export interface KeepingContext {
  readonly http: HttpClient;
  readonly cache: MetadataCache;
  readonly offline: boolean;
}

interface KeepOptions extends RetryOptions {
  /** The type of the file, part of its name in the cache. */
  readonly kind: 'repomd' | 'list';
  /** Download the file even if it is in the cache. */
  readonly fresh?: boolean;
}

const MAX_BYTES = 4 * 1024 * 1024;

/** Offline, the last response; throws OFFLINE if there is none. */
export function fetchKept(url: string, context: KeepingContext, options: KeepOptions): Promise<Uint8Array> {
  const { kind, fresh = false, retries } = options;
  const work = JSON.stringify([url, context.cache.path(''), kind, fresh, retries]);
  return singleFlight(context.http, work, () => fetchNow(url, context, options));
}

async function fetchNow(url: string, context: KeepingContext, { kind, fresh = false, retries }: KeepOptions): Promise<Uint8Array> {
  const isFile = url.startsWith('file:');
  if (kind === 'list') context.http.learnList?.(url);
  const key = `${kind}-${cacheKey(url)}`;
  const known = isFile ? undefined : await readKnown(context.cache, key);
  if (context.offline && !isFile) {
    if (known !== undefined) return known.bytes;
    throw new RpmDepsError('OFFLINE', `${redact(url)} is not in the cache`, { hint: 'run once without --offline' });
  }
  // A proxy may have cached the old file.
  const headers: Record<string, string> = fresh ? { 'cache-control': 'no-cache' } : {};
  if (known?.etag !== undefined && !fresh) headers['if-none-match'] = known.etag;
  if (known?.lastModified !== undefined && !fresh) headers['if-modified-since'] = known.lastModified;
  const response = await context.http.request(url, { headers, accept: [304], ...(retries === undefined ? {} : { retries }) });
  if (response.status === 304 && known !== undefined) {
    for await (const _ of response.body) break;
    return known.bytes;
  }
  const bytes = await collectMetadata(response.body, { limit: MAX_BYTES, what: redact(url) });
  if (!isFile) {
    const { etag, 'last-modified': lastModified } = response.headers;
    const answer = JSON.stringify({ etag, lastModified, body: Buffer.from(bytes).toString('base64') });
    await context.cache.write(key, answer);
  }
  return bytes;
}

interface KnownAnswer {
  readonly bytes: Uint8Array;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

async function readKnown(cache: MetadataCache, key: string): Promise<KnownAnswer | undefined> {
  const text = await cache.read(key);
  if (text === undefined) return undefined;
  try {
    const { etag, lastModified, body } = JSON.parse(text.toString('utf8')) as { etag?: string; lastModified?: string; body: string };
    return { bytes: Buffer.from(body, 'base64'), etag, lastModified };
  } catch {
    return undefined;
  }
}
