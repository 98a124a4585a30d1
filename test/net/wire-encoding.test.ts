import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { collectBytes } from '../../src/io/bytes.ts';
import { faultyClient } from '../helpers/faulty-client.ts';

const CONTENT = createHash('sha512').update('x').digest('hex').repeat(4000);
const faulty = faultyClient();

test('compression for the way comes off', async () => {
  expect(await faulty.read(faulty.server.serve('/repomd.xml', CONTENT, { kind: 'gzip-on-the-wire' }))).toBe(CONTENT);
});

test('a gzip file that is labelled as encoded stays as it is', async () => {
  const zipped = gzipSync(CONTENT);
  const { body } = await faulty.http.request(faulty.server.serve('/primary.xml.gz', zipped, { kind: 'mislabelled-gzip' }));
  expect(Buffer.from(await collectBytes(body, 1e8)).equals(zipped)).toBe(true);
});

test('a gzip file that is compressed once more for the way loses only that', async () => {
  const zipped = gzipSync(CONTENT);
  const { body } = await faulty.http.request(faulty.server.serve('/twice.xml.gz', zipped, { kind: 'gzip-on-the-wire' }));
  expect(Buffer.from(await collectBytes(body, 1e8)).equals(zipped)).toBe(true);
});

test.each([
  ['/primary.xml.xz', 'xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1]],
  ['/primary.xml.bz2', 'x-bzip2', [0x42, 0x5a, 0x68, 1]],
  ['/primary.xml.zst', 'zstd', [0x28, 0xb5, 0x2f, 0xfd, 1]],
  ['/tool.rpm', 'xz', [0xed, 0xab, 0xee, 0xdb]],
  ['/tool.rpm', 'aws-chunked', [0xed, 0xab, 0xee, 0xdb]],
  ['/primary.xml.zst', 'UTF-8, zstd', [0x28, 0xb5, 0x2f, 0xfd, 1]],
])('%s stays as it is though its server calls it %s-encoded', async (path, as, bytes) => {
  const { body } = await faulty.http.request(faulty.server.serve(path, Uint8Array.from(bytes), { kind: 'encoded', as }));
  expect([...(await collectBytes(body, 10))]).toEqual(bytes);
});

test('what a server packed for the way with zstd is opened', async () => {
  // zstd -c of `hello`
  const packed = Buffer.from('28b52ffd0458290000' + '68656c6c6f' + 'a36d9f88', 'hex');
  const { body } = await faulty.http.request(faulty.server.serve('/primary.xml', packed, { kind: 'encoded', as: 'zstd' }));
  expect(Buffer.from(await collectBytes(body, 10)).toString()).toBe('hello');
});
