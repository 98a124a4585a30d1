/**
 * Checks that a server really has a file: login pages and proxies return 200 for any URL. A digest header or the
 * beginning of the RPM decides; if the headers differ or are missing, the complete file is read.
 */
import { RpmDepsError } from '../base/errors.ts';
import { DigestCheck, DigestMismatchError } from '../io/digest.ts';
import type { HttpClient, HttpResponse } from '../net/http-client.ts';
import { ByteReader } from '../rpm/byte-reader.ts';
import { identityFrom } from '../rpm/rpm-identity.ts';
import { compareIdentity, type ExpectedIdentity } from './check-identity.ts';

export interface ExpectedFile {
  readonly sha256: string;
  readonly size: number | undefined;
  readonly expected?: readonly ExpectedIdentity[];
}

export interface PresenceOptions {
  readonly http: HttpClient;
  readonly headers?: Readonly<Record<string, string>>;
  /** Read the complete file if no digest header confirms it. */
  readonly isThorough?: boolean;
}

export const GONE = [404, 410];
/** Statuses of servers that do not support HEAD. */
const NO_HEAD = [405, 501];
const BEGINNING = 64 << 10;

export async function isPresent(
  url: string,
  file: ExpectedFile,
  { http, headers = {}, isThorough = false }: PresenceOptions,
): Promise<boolean> {
  const head = await http.request(url, { method: 'HEAD', headers, accept: [...GONE, ...NO_HEAD] });
  if (GONE.includes(head.status)) return false;
  let isDoubtful = isThorough;
  // With a content encoding, length and digest are not those of the file.
  if (head.status < 400 && head.headers['content-encoding'] === undefined) {
    const digest = digestOf(head);
    if (digest === file.sha256) return true;
    // These headers can be wrong for an existing file: some servers create a page per request, or store digests elsewhere.
    const { 'content-length': length = file.size } = head.headers;
    isDoubtful ||= digest !== undefined || (file.size !== undefined && Number(length) !== file.size);
  }
  const range = isDoubtful ? {} : { range: `bytes=0-${BEGINNING - 1}` };
  const answer = await http.request(url, { headers: { ...headers, ...range }, accept: [...GONE, 416] });
  if (answer.status === 206) return beginsAs(file, answer);
  if (answer.status >= 400) {
    for await (const _ of answer.body) break;
    return false;
  }
  return isSame(file, answer);
}

/** Headers of RFC 9530, of its predecessor, and of Artifactory and Nexus. */
function digestOf({ headers }: Pick<HttpResponse, 'headers'>): string | undefined {
  const base64 = /(?:^|,)\s*sha-256=:?([A-Za-z0-9+/]{43}=):?/i.exec(headers['repr-digest'] ?? headers['digest'] ?? '')?.[1];
  if (base64 !== undefined) return Buffer.from(base64, 'base64').toString('hex');
  const hex = headers['x-checksum-sha256'];
  return hex !== undefined && /^[0-9a-f]{64}$/i.test(hex) ? hex.toLowerCase() : undefined;
}

async function beginsAs({ size, expected = [] }: ExpectedFile, { headers, body }: HttpResponse): Promise<boolean> {
  const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  const reader = new ByteReader(upTo(body, BEGINNING));
  try {
    const identity = await identityFrom(reader, 'rpm').catch((error: unknown) => {
      if (error instanceof RpmDepsError && error.code === 'RPM_INVALID') return undefined;
      throw error;
    });
    // Packages with many files have a header larger than the requested range: then accept a valid beginning.
    const isRpm = identity === undefined ? reader.offset > 96 : expected.every((one) => compareIdentity(one, identity) === undefined);
    return isRpm && (size === undefined || total === undefined || Number(total) === size);
  } finally {
    await reader.close();
  }
}

async function* upTo(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    yield chunk.subarray(0, limit - length);
    length += chunk.length;
    if (length >= limit) return;
  }
}

async function isSame({ sha256, size }: ExpectedFile, { url, body }: HttpResponse): Promise<boolean> {
  const check = new DigestCheck(url, { checksum: { type: 'sha256', value: sha256 }, size });
  try {
    for await (const chunk of body) check.update(chunk);
    check.finish();
    return true;
  } catch (error) {
    if (error instanceof DigestMismatchError) return false;
    throw error;
  }
}
