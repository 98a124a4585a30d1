import { expect, test } from 'vitest';
import { collectBytes } from '../../src/io/bytes.ts';
import { plainXml, plainXmlBytes, withoutDoctype } from '../../src/repodata/plain-xml.ts';

const BODY = `<metadata>${'<name>b\u00e4r \u00ff</name>\n'.repeat(2000)}</metadata>\n`;
const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>\n${BODY}`;
const WANTED = declared('UTF-8');

const SAMPLES: readonly (readonly [string, Uint8Array, string])[] = [
  ['UTF-8', Buffer.from(WANTED), WANTED],
  ['ISO-8859-1', Buffer.from(declared('ISO-8859-1'), 'latin1'), WANTED],
  ['UTF-16 with the low byte first', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le'), WANTED],
  ['UTF-16 with the high byte first', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le').swap16(), WANTED],
  [
    'an encoding that is not read',
    Buffer.from(declared('windows-1252'), 'latin1'),
    Buffer.from(declared('windows-1252'), 'latin1').toString(),
  ],
];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const textOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => Buffer.from(await collectBytes(chunks, 1e7)).toString();

test.each(SAMPLES)('%s, whole and in pieces', async (_, bytes, wanted) => {
  const before = Buffer.from(bytes);
  expect(Buffer.from(plainXmlBytes(bytes)).toString()).toBe(wanted);
  for (const size of [1, 7, 4095, 4096, 5001, 1e6]) expect(await textOf(plainXml(inPieces(bytes, size)))).toBe(wanted);
  expect(bytes).toEqual(before);
});

test.each([1, 3, 1e6])('a document shorter than what is looked at, in pieces of %d', async (size) => {
  expect(await textOf(plainXml(inPieces(Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>\u00e4</a>', 'latin1'), size)))).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><a>\u00e4</a>',
  );
  expect(await textOf(plainXml(inPieces(new Uint8Array(), size)))).toBe('');
});

test('a document type that declares nothing becomes blanks in the same lines', async () => {
  const xml = `<?xml version="1.0"?>\n<!-- a\nb -->\n<!DOCTYPE metadata\n  PUBLIC '-//A//B' "http://a/x.dtd">\n${BODY}`;
  const wanted = xml.replace(/<!DOCTYPE[^>]*>/, (doctype) => doctype.replaceAll(/[^\n]/g, ' '));
  expect(withoutDoctype(xml)).toBe(wanted);
  for (const size of [5, 1e6]) expect(await textOf(plainXml(inPieces(Buffer.from(xml), size)))).toBe(wanted);
});

test.each([
  '<!DOCTYPE html><html/>',
  '<!doctype HTML SYSTEM "about:legacy-compat"><html/>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '<!DOCTYPE a SYSTEM "x" [ ]><a/>',
  '<a><!DOCTYPE a></a>',
  `${'<!-- x -->'.repeat(1000)}<!DOCTYPE a><a/>`,
])('%s stays', (xml) => {
  expect(withoutDoctype(xml)).toBe(xml);
  expect(plainXmlBytes(Buffer.from(xml)).length).toBe(xml.length);
});
