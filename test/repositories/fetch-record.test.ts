import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { sha256 } from '../../src/base/sha256.ts';
import { readChecked } from '../../src/repositories/fetch-record.ts';

const BYTES = gzipSync('<comps/>'.repeat(10_000));
const record = (bytes: Uint8Array, { size = bytes.length }: { size?: number } = {}) => ({
  type: 'group',
  href: 'repodata/comps.xml.gz',
  checksum: { type: 'sha256', value: sha256(bytes) },
  size,
  timestamp: 0,
});

const SOURCE = { id: 'r', what: 'comps.xml', allowWeakChecksums: false };

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50);
}

/** Gives up at the first bytes, as a reader does that finds something broken. */
async function giveUp(chunks: AsyncIterable<Uint8Array>): Promise<never> {
  for await (const _ of chunks) throw new RpmDepsError('METADATA_INVALID', 'broken at its beginning');
  throw new Error('nothing came');
}

test('a file that is what was promised, and broken, is called broken', async () => {
  await expect(readChecked(inPieces(BYTES), record(BYTES), SOURCE, giveUp)).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: 'broken at its beginning',
  });
});

test('a file with a wrong checksum is reported as that, even if reading it fails first', async () => {
  const other = record(Buffer.from('another'), { size: BYTES.length });
  await expect(readChecked(inPieces(BYTES), other, SOURCE, giveUp)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  await expect(readChecked(inPieces(Buffer.from('no gzip at all')), record(BYTES), SOURCE, giveUp)).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH',
  });
});

test('the source is left when the reader has failed', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield* inPieces(BYTES);
    } finally {
      ended = true;
    }
  }
  const fail = async (): Promise<never> => {
    throw new Error('a bug');
  };
  await expect(
    readChecked(source(), record(BYTES), SOURCE, async (chunks) => {
      for await (const _ of chunks) return fail();
      return fail();
    }),
  ).rejects.toThrow('a bug');
  expect(ended).toBe(true);
});
