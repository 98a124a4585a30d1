/** As on s390x, whose typed arrays are big-endian and whose WebAssembly memory is not. What is made here for such a machine is turned round to be looked at. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { columnsOf } from '../../src/pool/pool-columns.ts';
import { primaryXml } from '../helpers/small-mirror.ts';
import { asColumnsHave, asPackages } from '../repodata/primary-events.ts';
import { readWithSaxes } from '../repodata/reference-primary.ts';
import { recordedWorld } from '../work-counts/recorded-world.ts';

// Other files run in the same process: what was loaded for such a machine is forgotten in the end.
beforeAll(() => {
  vi.resetModules();
  vi.doMock('node:os', async (original) => ({ ...(await original<typeof import('node:os')>()), endianness: () => 'BE' }));
});
afterAll(() => {
  vi.doUnmock('node:os');
  vi.resetModules();
  vi.unstubAllEnvs();
});

const XML = primaryXml(recordedWorld(20));

test('columns are in the order of the machine', async () => {
  const { PrimaryReader } = await import('../../src/pool/primary-reader.ts');
  const reader = new PrimaryReader();
  reader.start('primary.xml');
  reader.write(Buffer.from(XML));
  reader.end();
  const columns = reader.columns('x86_64');
  for (const [name, { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }] of Object.entries(columnsOf(columns))) {
    // These are not made in WebAssembly.
    if (name === 'repoStarts' || name === 'unlistedPaths') continue;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    if (BYTES_PER_ELEMENT === 4) bytes.swap32();
    if (BYTES_PER_ELEMENT === 8) bytes.swap64();
  }
  expect(asPackages(columns)).toEqual(readWithSaxes(XML).map(asColumnsHave));
});

test('xz is opened by the program of that name: the library is for machines that are little-endian', async () => {
  const { openBytes } = await import('../../src/io/decompress.ts');
  const xz = Buffer.from('/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADYWJjCgCHaS2POTPp2wABHARvLJzBH7bzfQEAAAAABFla', 'base64');
  vi.stubEnv('PATH', '');
  await expect(openBytes(xz, { what: 'modules.yaml.xz' })).rejects.toThrow('can only be opened by the external program xz');
});
