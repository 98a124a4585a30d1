/** repomd.xml: all other metadata of a repository is verified with it. */
import { createHash } from 'node:crypto';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { redact } from '../base/redact.ts';
import { sha256 } from '../base/sha256.ts';
import { joinUrl } from '../base/urls.ts';
import { fromFirstPlace, type RetryOptions } from '../net/first-place.ts';
import { parseRepomd, type Repomd } from '../repodata/repomd.ts';
import { fetchKept, type KeepingContext } from './kept-answer.ts';
import { findMirrors, type Mirrors } from './mirrors.ts';
import type { ResolvedRepository } from './repository.ts';

export interface FetchedRepomd {
  readonly repomd: Repomd;
  readonly sha256: string;
  /** Original bytes, for the detached signature. */
  readonly bytes: Uint8Array;
  /** The mirror that answered first, then the others: the other files are downloaded in this order. */
  readonly baseurls: readonly string[];
}

export interface FetchContext extends KeepingContext {
  readonly emit: Emit;
}

export interface RepomdOptions {
  /** Ignores the cache: used after a file listed in repomd.xml is gone. */
  readonly fresh?: boolean;
  /** Base URLs that are tried last. */
  readonly stale?: readonly string[];
  /** Parsed files of earlier runs. */
  readonly known?: Promise<KnownRepomds>;
}

/** Checksum -> parsed file. */
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

/** The same digest as `sha256` of `fetchRepomd`, without parsing. */
export async function fetchRepomdDigest(repository: ResolvedRepository, context: FetchContext): Promise<string> {
  return (await fetchAndRead(repository, context, {}, () => undefined)).sha256;
}

async function fetchAndRead<T>(
  repository: ResolvedRepository,
  context: FetchContext,
  options: RepomdOptions,
  read: (bytes: Uint8Array, url: string, sha256: string) => T | Promise<T>,
): Promise<Omit<FetchedRepomd, 'repomd'> & { readonly repomd: T }> {
  const mirrors = await findMirrors(repository, (url) => fetchKept(url, context, { kind: 'list' })).catch((error: unknown) => {
    throw error instanceof RpmDepsError && error.code !== 'INTERRUPTED' ? allFailed(repository.id, [error]) : error;
  });
  const list = repository.metalink ?? repository.mirrorlist;
  if (list !== undefined) context.http.shareAccess?.(list, mirrors.baseurls);
  const isStale = (baseurl: string): boolean => options.stale?.includes(baseurl) === true;
  const places = [...mirrors.baseurls.filter((url) => !isStale(url)), ...mirrors.baseurls.filter(isStale)];
  const attempt = async (baseurl: string, retry: RetryOptions) => {
    try {
      const url = joinUrl(baseurl, 'repodata/repomd.xml');
      const host = URL.parse(baseurl)?.host ?? '';
      if (host !== '' && !context.offline)
        context.emit({ kind: 'stage', stage: 'download', text: `contacting ${host} for repository ${repository.id}` });
      const answer = fetchKept(url, context, { kind: 'repomd', fresh: options.fresh === true, ...retry });
      const made = await answer.then(
        () => undefined,
        (error: unknown) => madeFromHeaders(error, repository, baseurl, context),
      );
      const bytes = made?.repomd ?? (await answer);
      const digest = sha256(bytes);
      if (!isListedInMetalink(bytes, mirrors.repomdDigests)) {
        throw new RpmDepsError('DIGEST_MISMATCH', `${redact(baseurl)} has a repomd.xml that is not in the metalink`, {
          hint: 'the mirror is stale or altered',
        });
      }
      const repomd = await read(bytes, redact(url), digest);
      const others = mirrors.baseurls.filter((other) => other !== baseurl);
      return { repomd, sha256: digest, bytes, baseurls: [baseurl, ...(made === undefined ? [] : [made.baseurl]), ...others] };
    } catch (error) {
      if (error instanceof RpmDepsError) context.emit({ kind: 'debug', text: `repository ${repository.id}: ${error.message}` });
      throw error;
    }
  };
  return fromFirstPlace(places, attempt, (failures) => allFailed(repository.id, failures));
}

/** Metadata of a configured folder of RPMs without repomd.xml. Folders in a mirror list are not used in this way. */
async function madeFromHeaders(error: unknown, repository: ResolvedRepository, baseurl: string, context: FetchContext) {
  const isMissing = error instanceof RpmDepsError && error.data?.['status'] === 404;
  if (!isMissing || !/^file:/i.test(baseurl) || !repository.baseurls.includes(baseurl)) throw error;
  const { readFolderOfRpms } = await import('./folder-of-rpms.ts');
  const made = await readFolderOfRpms(repository.id, baseurl, context);
  if (made === undefined) throw error;
  return made;
}

/** True if any checksum of the metalink matches, or if it has none. */
function isListedInMetalink(bytes: Uint8Array, digests: Mirrors['repomdDigests']): boolean {
  if (digests.length === 0) return true;
  const own = new Map([...new Set(digests.map(({ type }) => type))].map((type) => [type, createHash(type).update(bytes).digest('hex')]));
  return digests.some(({ type, value }) => own.get(type) === value);
}

/** If only one place was tried, its failure; otherwise one error for all. */
export function allFailed(id: string, failures: readonly RpmDepsError[]): RpmDepsError {
  const first = failures[0];
  if (first === undefined) return new RpmDepsError('NETWORK', `repository ${id} has no mirror`);
  const worst =
    failures.find(({ code }) => code === 'DIGEST_MISMATCH') ?? failures.find(({ code }) => code === 'METADATA_INVALID') ?? first;
  return new RpmDepsError(worst.code, `repository ${id} cannot be read: ${worst.message}`, {
    ...(worst.hint === undefined ? {} : { hint: worst.hint }),
    details: [...worst.details, ...failures.filter((other) => other !== worst).map(({ message }) => message)],
    ...(worst.data === undefined ? {} : { data: worst.data }),
    cause: worst,
  });
}
