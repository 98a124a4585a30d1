/** Packages that are read in other threads are those that would have been read here. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { columnsOf } from '../../src/pool/pool-columns.ts';
import { PackageScan } from '../../src/repositories/package-scan.ts';
import { type PrimaryFile, type ScannedPool, scanPool } from '../../src/repositories/scan-pool.ts';
import { ScanThreads } from '../../src/repositories/scan-threads.ts';
import { primaryXml } from '../helpers/small-mirror.ts';
import { recordedWorld } from '../work-counts/recorded-world.ts';

const XML = Buffer.from(primaryXml(recordedWorld(600)));
/** Hardly compressed, so that it is worth a thread. */
const FILE: PrimaryFile = { bytes: gzipSync(XML, { level: 0 }), openSize: XML.length, what: 'primary.xml' };

const bytesOf = ({ columns }: ScannedPool): string =>
  Buffer.concat(
    Object.values(columnsOf(columns)).map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ).toString('base64');
const here = async (files: readonly PrimaryFile[]): Promise<string> => bytesOf(await scanPool('x86_64', files, new PackageScan(0)));

test('columns are the same, for more scans than there are threads, compressed or not', async () => {
  const threads = new ScanThreads(2);
  const plain = { ...FILE, bytes: new Uint8Array(XML) };
  // As it comes from a file or a server: a Buffer, and a part of one.
  const buffers = [Buffer.from(XML), Buffer.concat([XML, XML]).subarray(XML.length)].map((bytes) => ({ ...FILE, bytes }));
  await threads.during(async () => {
    const scans = [[FILE], [plain], [FILE, plain], [FILE], [FILE], buffers];
    const scanned = await Promise.all(scans.map((files) => threads.scan('x86_64', files)));
    for (const [i, files] of scans.entries()) expect(bytesOf(scanned[i]!)).toBe(await here(files));
  });
  // What is not compressed belongs to others as well.
  for (const { bytes } of [plain, ...buffers]) expect(Buffer.compare(bytes, XML)).toBe(0);
});

test('a file that cannot be read is an error of that scan alone', async () => {
  const threads = new ScanThreads(2);
  const cut = { ...FILE, bytes: FILE.bytes.subarray(0, FILE.bytes.length - 100) };
  const html = Buffer.from(`<html>${'x'.repeat(1_000_000)}</html>`);
  const wrong = { bytes: gzipSync(html, { level: 0 }), openSize: html.length, what: 'a web page' };
  await threads.during(async () => {
    const outcomes = await Promise.allSettled([cut, wrong, FILE, FILE, wrong, FILE].map((file) => threads.scan('x86_64', [file])));
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? bytesOf(outcome.value) : outcome.reason.code))).toEqual([
      'METADATA_INVALID',
      'METADATA_INVALID',
      await here([FILE]),
      await here([FILE]),
      'METADATA_INVALID',
      await here([FILE]),
    ]);
  });
});
