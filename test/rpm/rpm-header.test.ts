import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../src/rpm/byte-reader.ts';
import { type RpmHeaders, readRpmHeaders } from '../../src/rpm/rpm-header.ts';
import { TAG } from '../../src/rpm/rpm-tags.ts';
import { fixture } from '../helpers/fixtures.ts';

const GOOD = readFileSync(fixture('rpms/right-key.rpm'));
const MAIN = GOOD.indexOf(Buffer.from('8eade801', 'hex'), 200);
const TAG_CHAR = 1;
const TAG_STRING_ARRAY = 8;

const read = (bytes: Uint8Array): Promise<RpmHeaders> => readRpmHeaders(new ByteReader(chunksOf(bytes, 100)), 'hello.rpm');

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A copy with a 32-bit number written at an offset from the main header. */
function patched(offset: number, value: number): Buffer {
  const bytes = Buffer.from(GOOD);
  bytes.writeUInt32BE(value, MAIN + offset);
  return bytes;
}

describe('the headers of an RPM', () => {
  test('hold name, version and lists, and say where they lie in the file', async () => {
    const { main } = await read(GOOD);
    expect(main.start).toBe(MAIN);
    expect([TAG.NAME, TAG.VERSION, TAG.RELEASE, TAG.ARCH].map((tag) => main.string(tag))).toEqual(['hello', '1.0', '1.el9', 'x86_64']);
    expect(main.strings(TAG.REQUIRE_NAME)).toContain('/bin/sh');
    expect(main.numbers(TAG.BUILD_TIME)).toEqual([Date.UTC(2023, 0, 1) / 1000]);
    expect(main.string(TAG.VENDOR)).toBe('Fixture');
  });
  test('leave the reader at the payload', async () => {
    const reader = new ByteReader(chunksOf(GOOD, 4096));
    const { main } = await readRpmHeaders(reader, 'hello.rpm');
    expect(reader.offset).toBe(main.end);
    const magic = await reader.take(4);
    expect(Buffer.from(magic!).toString('hex')).toBe('28b52ffd');
  });
  test('answer nothing about an entry that is missing or of another type', async () => {
    const { main } = await read(GOOD);
    expect(main.string(TAG.BUILD_TIME)).toBeUndefined();
    expect(main.numbers(TAG.NAME)).toEqual([]);
    expect(main.binary(9999)).toBeUndefined();
  });
});

/** A copy with a byte of the whole file changed. */
function changed(offset: number, value: number): Buffer {
  const bytes = Buffer.from(GOOD);
  bytes[offset] = value;
  return bytes;
}

describe('a header is refused', () => {
  const entry = (index: number, field: number): number => 16 + index * 16 + field * 4;
  test.each([
    ['when the file is something else', Buffer.from('<!DOCTYPE html>'.repeat(20))],
    ['when the file is empty', Buffer.alloc(0)],
    ['when the file ends in the middle of it', GOOD.subarray(0, MAIN + 300)],
    ['when it claims more entries than any header has', patched(8, 0xffff_ffff)],
    ['when it claims more data than any header has', patched(12, 0x7fff_ffff)],
    ['when an entry points beyond its data', patched(entry(3, 2), 0x00ff_ffff)],
    ['when an entry points before its data', patched(entry(3, 2), 0xffff_fff0)],
    ['when an entry has a type that there is not', patched(entry(3, 1), 77)],
    [
      'when an entry claims more items than there are bytes',
      Buffer.from(patched(entry(3, 3), 0x00ff_ffff).fill(TAG_CHAR, MAIN + entry(3, 1) + 3, MAIN + entry(3, 1) + 4)),
    ],
    [
      'when a list of texts claims millions',
      Buffer.from(patched(entry(3, 3), 0x7fff_ffff).fill(TAG_STRING_ARRAY, MAIN + entry(3, 1) + 3, MAIN + entry(3, 1) + 4)),
    ],
    ['when an entry stands twice', patched(entry(4, 0), GOOD.readUInt32BE(MAIN + entry(3, 0)))],
    ['when the lead is of a format that there is not', changed(4, 5)],
    ['when the lead announces another kind of signature', changed(79, 4)],
    ['when something stands in the reserved bytes of the signature header', changed(96 + 5, 1)],
    ['when a signature is said to be a text', changed(96 + entry(1, 1) + 3, 6)],
    ['when a text is said to be several', changed(96 + entry(2, 3) + 3, 2)],
    ['when two entries have the same place', changed(96 + entry(2, 2) + 3, 1)],
    ['when an entry reaches into the end of its region', changed(96 + entry(0, 2) + 3, GOOD[96 + entry(0, 2) + 3]! - 1)],
    ['when an entry has the number of an inner matter', patched(entry(3, 0), 64)],
    ['when the signed region is not there', patched(entry(0, 0), 64)],
    ['when entries lie outside of the signed region', patched(8, GOOD.readUInt32BE(MAIN + 8) - 1)],
  ])('%s', async (_title, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'RPM_INVALID',
      message: expect.stringContaining('`hello.rpm` is not a valid RPM'),
    });
  });
});

test('a signature header may say something twice, and the first counts, as with rpm', async () => {
  const entries = Array.from({ length: 7 }, (_, i) => 96 + 16 + i * 16);
  const bytes = Buffer.from(GOOD);
  const size = entries.find((at) => bytes.readUInt32BE(at) === 1000)!;
  const payloadSize = entries.find((at) => bytes.readUInt32BE(at) === 1007)!;
  bytes.writeUInt32BE(1000, payloadSize);
  const { signature } = await read(bytes);
  expect(payloadSize).toBeGreaterThan(size);
  expect(signature.numbers(1000)).toEqual((await read(GOOD)).signature.numbers(1000));
});
