import { expect, test } from 'vitest';
import { decodePool, encodePool } from '../../src/pool/pool-file.ts';
import { PrimaryReader } from '../../src/pool/primary-reader.ts';
import { primaryXml } from '../helpers/small-mirror.ts';

function columnsOf(lines: readonly string[]) {
  const reader = new PrimaryReader();
  reader.start('primary.xml');
  reader.write(Buffer.from(primaryXml(lines)));
  reader.end();
  return reader.columns('x86_64');
}

test.each([
  ['no packages', []],
  ['one package without dependencies', ['a-1-1.noarch']],
  [
    'packages with all there is',
    ['a-1-1.noarch requires: b >= 1, (c or d); suggests: e; files: /usr/bin/a', 'b-2:1-1.x86_64 provides: d = 1'],
  ],
])('a stored pool of %s is read back as it was', (_, lines) => {
  const columns = columnsOf(lines);
  // A copy in a buffer of its own, as a file is read.
  const file = new Uint8Array(Buffer.concat(encodePool(columns, { key: 'k', more: { said: 1 } })));
  expect(decodePool(file, 'k')).toEqual({ more: { said: 1 }, columns });
  expect(decodePool(file, 'another')).toBeUndefined();
});
