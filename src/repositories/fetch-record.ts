/** Downloads the files listed in repomd.xml and verifies them while reading. */
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { isUrl, joinUrl } from '../base/urls.ts';
import { openStream } from '../io/decompress.ts';
import { DigestCheck, isWeakDigest, WEAK_HINT } from '../io/digest.ts';
import { fromFirstPlace, type RetryOptions } from '../net/first-place.ts';
import type { HttpClient } from '../net/http-client.ts';
import { placeMistake } from '../net/place-policy.ts';
import { plainXml } from '../repodata/plain-xml.ts';
import type { RepomdRecord } from '../repodata/repomd.ts';
import { allFailed } from './fetch-repomd.ts';

export interface RecordSource {
  /** Id of the repository, for messages. */
  readonly id: string;
  readonly baseurls: readonly string[];
  readonly http: HttpClient;
  readonly emit?: Emit;
  /** Accept md5 and SHA-1 checksums too. */
  readonly allowWeakChecksums: boolean;
}

/**
 * Reads a file from the first mirror that has it completely. `read` gets the decompressed bytes, and may be called again for the next
 * mirror; its result is used only if size and checksum were right, so unverified data is never used. `tap` gets the bytes of each mirror
 * before decompression.
 */
export async function readRecord<T>(
  record: RepomdRecord,
  source: RecordSource,
  read: (bytes: AsyncIterable<Uint8Array>, url: string) => Promise<T>,
  tap: (packed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (packed) => packed,
): Promise<T> {
  return fromMirrors(record, source, async (url, retry) => {
    const { body } = await source.http.request(url, retry);
    return readChecked(tap(reportProgress(body, url, record, source)), record, { ...source, what: redact(url) }, read);
  });
}

/** The result of the first mirror that works. */
export async function fromMirrors<T>(
  record: RepomdRecord,
  source: RecordSource,
  attempt: (url: string, retry: RetryOptions) => Promise<T>,
): Promise<T> {
  if (isWeakDigest(record.checksum.type) && !source.allowWeakChecksums) {
    const text = `the ${printable(record.type)} file of repository ${source.id} has only a ${record.checksum.type} checksum, which can be forged`;
    throw new RpmDepsError('METADATA_INVALID', text, { hint: WEAK_HINT });
  }
  const why = isUrl(record.href) ? placeMistake(record.href, source.baseurls[0]!) : undefined;
  if (why !== undefined) {
    throw new RpmDepsError(
      'METADATA_INVALID',
      `repomd.xml of repository ${source.id} names ${printable(redact(record.href))}, which is not read: ${why}`,
      {
        hint: 'ask the operator of the repository why it uses such a location',
      },
    );
  }
  const urls = [...new Set(source.baseurls.map((baseurl) => joinUrl(baseurl, record.href)))];
  return fromFirstPlace(urls, attempt, (failures) => allFailed(source.id, failures));
}

/** Reports the progress of a download. Parallel downloads are added up. */
export async function* reportProgress(
  body: AsyncIterable<Uint8Array>,
  url: string,
  { href, size = 0 }: RepomdRecord,
  { id, emit }: RecordSource,
): AsyncGenerator<Uint8Array> {
  const part = `${id} ${href}`;
  let done = 0;
  for await (const chunk of body) {
    done += chunk.length;
    if (!url.startsWith('file:')) {
      emit?.({ kind: 'progress', stage: 'download', text: 'downloading metadata', part, of: id, done, total: size, unit: 'bytes' });
    }
    yield chunk;
  }
}

/** Decompresses and reads a file; the result is used only if the checksum is right. `what` is for messages. */
export async function readChecked<T>(
  body: AsyncIterable<Uint8Array>,
  record: RepomdRecord,
  { what, ...source }: Pick<RecordSource, 'id' | 'emit' | 'allowWeakChecksums'> & { readonly what: string },
  read: (bytes: AsyncIterable<Uint8Array>, url: string) => Promise<T>,
): Promise<T> {
  const check = recordCheck(what, record, source);
  const checked = checkWhileReading(body, check);
  // The reader of an invalid file stops early; then the rest is read here, for the checksum.
  const kept = { [Symbol.asyncIterator]: () => ({ next: () => checked.next() }) };
  try {
    const result = await read(plainXml(openStream(kept, { what })), what);
    check.finish();
    reportWrongSize(check, record, source);
    return result;
  } catch (error) {
    // A file with wrong content often fails first as invalid: report the wrong checksum instead.
    if (error instanceof RpmDepsError && error.code === 'METADATA_INVALID' && (await isReadToEnd(checked))) check.finish();
    throw error;
  } finally {
    await checked.return(undefined);
  }
}

/** Compares a file with its record. A wrong `<size>` is accepted if the checksum is right (librepo ignores the size too). */
export const recordCheck = (what: string, record: RepomdRecord, source: Pick<RecordSource, 'allowWeakChecksums'>): DigestCheck =>
  new DigestCheck(what, record, { sizeMayBeWrong: true, allowWeak: source.allowWeakChecksums });

export function reportWrongSize(
  { wrongSize }: DigestCheck,
  { type, size }: RepomdRecord,
  { id, emit }: Pick<RecordSource, 'id' | 'emit'>,
): void {
  if (wrongSize === undefined) return;
  const text = `repository ${id}: the ${printable(type)} file has ${wrongSize} bytes where repomd.xml says ${size}; its checksum is right, and it is used`;
  emit?.({ kind: 'warning', code: 'SIZE_WRONG', text });
}

/** Maximum bytes of an invalid file that are read for its checksum. */
const MAX_REST = 64 * 1024 * 1024;

async function isReadToEnd(chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MAX_REST) return false;
  }
  return true;
}

/** Passes bytes on, and throws as soon as there are more than declared. */
export async function* checkWhileReading(body: AsyncIterable<Uint8Array>, check: DigestCheck): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    check.update(chunk);
    yield chunk;
  }
}
