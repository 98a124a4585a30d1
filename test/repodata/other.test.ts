import { expect, test } from 'vitest';
import { type ChangelogEntry, newChanges, readChangelogs } from '../../src/repodata/other.ts';

const URL = 'https://mirror.example/other.xml';

const entry = (text: string, date: number, author = 'Jane Doe &lt;jane@example.org&gt; - 1-1') =>
  `<changelog author="${author}" date="${date}">${text}</changelog>\n`;
const document = (inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<otherdata xmlns="http://linux.duke.edu/metadata/other" packages="3">\n${inside}</otherdata>\n`;
const packaged = (pkgid: string, inside: string) => `<package pkgid="${pkgid}" name="p>q" arch="noarch">
  <version epoch="0" ver="1" rel="1"/>\n${inside}</package>\n`;

/** In pieces of a few bytes, so that every border falls somewhere between two of them. */
function* pieces(text: string, size: number): Generator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, pkgids: readonly string[], size = 1 << 16) {
  return readChangelogs(pieces(text, size), new Set(pkgids), URL);
}

const TEXT = document(
  packaged('aa', entry('- unwanted', 1)) +
    `<!-- <package pkgid="bb"> -->` +
    packaged('bb', entry('- first', 100) + entry('- second &amp; &#8364;', 200) + entry('- third, same day', 200)) +
    `<package pkgid="dd" name="x" arch="noarch"/>` +
    packaged('cc', entry('<![CDATA[- <package pkgid="aa">]]>', 5)),
);

test.each([1, 2, 3, 7, 64, 1 << 16])('the entries of the asked packages are read, newest first, in chunks of %i bytes', async (size) => {
  const found = await read(TEXT, ['bb', 'cc', 'dd', 'ee'], size);
  expect([...found.keys()]).toEqual(['bb', 'dd', 'cc']);
  expect(found.get('bb')).toEqual([
    { author: 'Jane Doe <jane@example.org> - 1-1', date: 200, text: '- third, same day' },
    { author: 'Jane Doe <jane@example.org> - 1-1', date: 200, text: '- second & €' },
    { author: 'Jane Doe <jane@example.org> - 1-1', date: 100, text: '- first' },
  ]);
  expect(found.get('cc')?.[0]?.text).toBe('- <package pkgid="aa">');
  expect(found.get('dd')).toEqual([]);
});

test('what a newer version adds are the entries that the older one does not have', () => {
  const [a, b, c]: ChangelogEntry[] = ['a', 'b', 'c'].map((text) => ({ author: 'x', date: 1, text })) as never;
  expect(newChanges([b!, a!], [c!, b!])).toEqual([c]);
});

test.each([
  ['a cut document', TEXT.slice(0, -20), /cut off/],
  ['an empty document', '', /no <otherdata>/],
  ['another document', '<filelists/>', /outermost/],
  ['two documents in one', TEXT + document(''), /outermost/],
  ['HTML', '<html><body></body></html>', /HTML/],
  ['a DTD', `<!DOCTYPE a [<!ENTITY b "c">]>${document('')}`, /DTD/],
  ['an entity of its own', document(packaged('bb', entry('&b;', 1))), /not one of the five/],
  ['a date that is none', document(packaged('bb', entry('x', Number.NaN))), /impossible date `NaN`/],
  ['deep nesting', `<otherdata>${'<a>'.repeat(100)}`, /deep/],
  ['closing tags without opening ones', '</a>', /closes more/],
  ['a gigantic attribute', `<otherdata><package a="${'x'.repeat(9_000_000)}`, /more than 8388608 bytes/],
  ['a gigantic element', document(packaged('bb', entry('x'.repeat(9_000_000), 1))), /more than 8388608 bytes/],
])('%s is refused', async (_, text, reason) => {
  await expect(read(text, ['bb'])).rejects.toMatchObject({ code: 'METADATA_INVALID', message: expect.stringMatching(reason) });
});

test('a gigantic attribute that comes byte by byte is refused as soon', async () => {
  const text = `<otherdata><package a="${'x'.repeat(9_000_000)}`;
  await expect(read(text, ['bb'], 100)).rejects.toMatchObject({ code: 'METADATA_INVALID' });
});

test('a gigantic element that nobody wants is no obstacle', async () => {
  const found = await read(document(packaged('aa', entry('x'.repeat(9_000_000), 1)) + packaged('bb', entry('y', 2))), ['bb']);
  expect(found.get('bb')?.[0]?.text).toBe('y');
});
