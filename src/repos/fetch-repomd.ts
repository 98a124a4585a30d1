/** repomd.xml: the root of trust of everything else a repository offers. */
import { RpmDepsError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { collectMetadata } from '../io/bytes.ts';
import { sha256 } from '../io/digest.ts';
import { parseRepomd, type Repomd } from '../metadata/repomd.ts';
import type { HttpClient } from '../net/http-client.ts';
import { redact } from '../net/redact.ts';
import { joinUrl } from '../net/urls.ts';
import { cacheKey, type MetadataCache } from './metadata-cache.ts';
import { findMirrors } from './mirrors.ts';
import type { ResolvedRepository } from './repository.ts';

export interface FetchedRepomd {
  readonly repomd: Repomd;
  readonly sha256: string;
  /** As it came, for its detached signature. */
  readonly bytes: Uint8Array;
  /** The mirror that answered first, then the others: where the files it names are to be looked for. */
  readonly baseurls: readonly string[];
}

export interface FetchContext {
  readonly http: HttpClient;
  readonly cache: MetadataCache;
  readonly offline: boolean;
  readonly emit: Emit;
}

const MAX_BYTES = 4 * 1024 * 1024;

export interface RepomdOptions {
  /** Without the cache: for when files that repomd.xml names are gone. */
  readonly fresh?: boolean;
  /** Base URLs that are asked last. */
  readonly stale?: readonly string[];
  /** What need not be parsed again. */
  readonly known?: Promise<KnownRepomds>;
}

/** What was parsed before, by the checksum of the file. */
export type KnownRepomds = ReadonlyMap<string, Repomd>;

/** Tries the mirrors in order. */
export async function fetchRepomd(
  repository: ResolvedRepository,
  context: FetchContext,
  options: RepomdOptions = {},
): Promise<FetchedRepomd> {
  return fetchAndRead(repository, context, options, async (bytes, url, digest) => {
    return (await options.known)?.get(digest) ?? parseRepomd(bytes, url);
  });
}

/** What `sha256` of `fetchRepomd` would be, without reading what it says. */
export async function fetchRepomdDigest(repository: ResolvedRepository, context: FetchContext): Promise<string> {
  return (await fetchAndRead(repository, context, {}, () => undefined)).sha256;
}

async function fetchAndRead<T>(
  repository: ResolvedRepository,
  context: FetchContext,
  options: RepomdOptions,
  read: (bytes: Uint8Array, url: string, sha256: string) => T | Promise<T>,
): Promise<Omit<FetchedRepomd, 'repomd'> & { readonly repomd: T }> {
  const mirrors = await findMirrors(repository, context.http);
  const failures: RpmDepsError[] = [];
  const isStale = (baseurl: string): boolean => options.stale?.includes(baseurl) === true;
  for (const baseurl of [...mirrors.baseurls.filter((url) => !isStale(url)), ...mirrors.baseurls.filter(isStale)]) {
    try {
      const bytes = await fetchFrom(joinUrl(baseurl, 'repodata/repomd.xml'), context, options.fresh === true);
      const digest = sha256(bytes);
      if (mirrors.repomdSha256.length > 0 && !mirrors.repomdSha256.includes(digest)) {
        throw new RpmDepsError('DIGEST_MISMATCH', `${redact(baseurl)} has a repomd.xml that the metalink does not know`, {
          hint: 'the mirror is stale or altered',
        });
      }
      const repomd = await read(bytes, redact(joinUrl(baseurl, 'repodata/repomd.xml')), digest);
      return { repomd, sha256: digest, bytes, baseurls: [baseurl, ...mirrors.baseurls.filter((other) => other !== baseurl)] };
    } catch (error) {
      if (!(error instanceof RpmDepsError)) throw error;
      failures.push(error);
      context.emit({ kind: 'debug', text: `repository ${repository.id}: ${error.message}` });
    }
  }
  throw allFailed(repository.id, failures);
}

/** The first failure as it is when there is only one place to look; otherwise all of them. */
export function allFailed(id: string, failures: readonly RpmDepsError[]): RpmDepsError {
  const first = failures[0];
  if (first === undefined) return new RpmDepsError('NETWORK', `repository ${id} has no mirror to read from`);
  const worst =
    failures.find(({ code }) => code === 'DIGEST_MISMATCH') ?? failures.find(({ code }) => code === 'METADATA_INVALID') ?? first;
  return new RpmDepsError(worst.code, `repository ${id} cannot be read: ${worst.message}`, {
    ...(worst.hint === undefined ? {} : { hint: worst.hint }),
    details: [...worst.details, ...failures.filter((other) => other !== worst).map(({ message }) => message)],
    ...(worst.data === undefined ? {} : { data: worst.data }),
    cause: worst,
  });
}

/** With the validators of the last answer, so that an unchanged repomd.xml costs one empty answer. */
async function fetchFrom(url: string, context: FetchContext, fresh: boolean): Promise<Uint8Array> {
  const isFile = url.startsWith('file:');
  const key = `repomd-${cacheKey(url)}`;
  const known = isFile ? undefined : await readKnown(context.cache, key);
  if (context.offline && !isFile) {
    if (known !== undefined) return known.bytes;
    throw new RpmDepsError('OFFLINE', `${redact(url)} is not in the cache`, { hint: 'run once without --offline' });
  }
  const headers: Record<string, string> = {};
  if (known?.etag !== undefined && !fresh) headers['if-none-match'] = known.etag;
  if (known?.lastModified !== undefined && !fresh) headers['if-modified-since'] = known.lastModified;
  const response = await context.http.request(url, { headers, accept: [304] });
  if (response.status === 304 && known !== undefined) {
    for await (const _ of response.body) break;
    return known.bytes;
  }
  const bytes = await collectMetadata(response.body, { limit: MAX_BYTES, what: redact(url) });
  if (!isFile) {
    const { etag, 'last-modified': lastModified } = response.headers;
    const answer = JSON.stringify({ etag, lastModified, body: Buffer.from(bytes).toString('base64') });
    await context.cache.write(key, `${sha256(answer)}\n${answer}`);
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
    const [sum, answer = ''] = text.toString('utf8').split('\n', 2);
    // A server that says that nothing has changed speaks of what it sent, and not of what a disk made of it.
    if (sha256(answer) !== sum) return undefined;
    const { etag, lastModified, body } = JSON.parse(answer) as { etag?: string; lastModified?: string; body: string };
    return { bytes: Buffer.from(body, 'base64'), etag, lastModified };
  } catch {
    return undefined;
  }
}
