/**
 * Reads the header of an RPM on a server with a range request, without downloading the whole file. The header is
 * verified with its own digest; the sha256 of the file is verified only if the server sends all of it.
 */
import { createHash } from 'node:crypto';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { sha256 } from '../base/sha256.ts';
import type { LockedPackage } from '../lockfile/lockfile.ts';
import type { HttpClient, HttpResponse } from '../net/http-client.ts';
import { ByteReader } from '../rpm/byte-reader.ts';
import { notAnRpm, readRpmHeaders } from '../rpm/rpm-header.ts';
import { packageFromHeaders, type RpmPackage } from '../rpm/rpm-package.ts';
import { SIGNATURE_TAG } from '../rpm/rpm-tags.ts';
import { GONE } from './remote-presence.ts';

/** Sizes in bytes. The headers of most packages fit into the first; the last is more than rpm accepts. */
const RANGES = [256 << 10, 8 << 20, 96 << 20];

/** Undefined if the server does not have the file. */
export async function readRemoteHeader(url: string, locked: LockedPackage, http: HttpClient): Promise<RpmPackage | undefined> {
  for (const [i, bytes] of RANGES.entries()) {
    const answer = await http.request(url, { headers: { range: `bytes=0-${bytes - 1}` }, accept: [...GONE, 403] });
    if (answer.status >= 400) {
      for await (const _ of answer.body) break;
      return undefined;
    }
    if (answer.status !== 206) return readWhole(answer, locked);
    const rpm = await readBeginning(answer, locked).catch((error: unknown) => {
      const isShort = error instanceof RpmDepsError && error.code === 'RPM_INVALID' && (totalOf(answer) ?? 0) > bytes;
      if (isShort && i < RANGES.length - 1) return undefined;
      throw error;
    });
    if (rpm !== undefined) return rpm;
  }
  throw notAnRpm(printable(locked.filename), 'its header is too long');
}

const totalOf = ({ headers }: HttpResponse): number | undefined => {
  const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
};

async function readBeginning(answer: HttpResponse, locked: LockedPackage): Promise<RpmPackage> {
  const reader = new ByteReader(answer.body);
  try {
    return await readPackage(reader, locked, { sha256: () => locked.sha256, sizeBytes: async () => totalOf(answer) ?? 0 });
  } finally {
    await reader.close();
  }
}

/** For a server without range support: the file is complete, so its digest is checked too. */
async function readWhole({ body }: HttpResponse, locked: LockedPackage): Promise<RpmPackage> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const reader = new ByteReader(hashed());
  try {
    const sizeBytes = async (): Promise<number> => {
      let end = reader.offset;
      for await (const chunk of reader.rest()) end += chunk.length;
      return end;
    };
    const rpm = await readPackage(reader, locked, { sha256: () => hash.digest('hex'), sizeBytes });
    if (rpm.sha256 === locked.sha256) return rpm;
    throw new RpmDepsError('DIGEST_MISMATCH', `\`${printable(locked.filename)}\` has the checksum ${rpm.sha256}, not ${locked.sha256}`, {
      hint: 'the archive has a different file with this name',
    });
  } finally {
    await reader.close();
  }
}

interface FileFacts {
  readonly sha256: () => string;
  readonly sizeBytes: () => Promise<number>;
}

async function readPackage(reader: ByteReader, locked: LockedPackage, facts: FileFacts): Promise<RpmPackage> {
  const name = printable(locked.filename);
  const headers = await readRpmHeaders(reader, name);
  const digest = headers.signature.string(SIGNATURE_TAG.SHA256_HEADER);
  if (digest !== undefined && digest !== sha256(headers.main.bytes)) throw notAnRpm(name, 'its header does not match its own digest');
  const sizeBytes = await facts.sizeBytes();
  return packageFromHeaders(headers, { name, sha256: facts.sha256(), sizeBytes });
}
