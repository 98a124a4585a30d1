import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { parseRepomd } from '../../src/repodata/repomd.ts';

const URL = 'https://mirror.example/os/repodata/repomd.xml';
const SHA256 = 'a'.repeat(64);

const parse = (text: string | Uint8Array) => parseRepomd(typeof text === 'string' ? new TextEncoder().encode(text) : text, URL);
const document = (
  data: string,
  before = '',
) => `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <revision>9-stream</revision>${before}${data}</repomd>`;
const entry = (inside: string, type = 'primary') => `<data type="${type}">${inside}</data>`;
const PRIMARY = entry(
  `<checksum type="sha256">${SHA256}</checksum><open-checksum type="sha512">${'B'.repeat(128)}</open-checksum>
  <location href="repodata/primary.xml.gz"/><timestamp>1736761412.75</timestamp><size>12</size><open-size>34</open-size>`,
);

function refusal(text: string | Uint8Array): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'METADATA_INVALID') return error.message.replace(URL, 'repomd.xml');
    throw error;
  }
  return 'accepted';
}

test('a record has its location, checksums, sizes and time', () => {
  const repomd = parse(document(PRIMARY, '<tags><distro cpeid="cpe:/o:example">Example &amp; Sons</distro></tags>'));
  expect(repomd).toEqual({
    revision: '9-stream',
    timestamp: 1736761412,
    distroTags: [{ name: 'Example & Sons', cpeid: 'cpe:/o:example' }],
    broken: {},
    records: new Map([
      [
        'primary',
        {
          type: 'primary',
          href: 'repodata/primary.xml.gz',
          checksum: { type: 'sha256', value: SHA256 },
          size: 12,
          openSize: 34,
          timestamp: 1736761412,
        },
      ],
    ]),
  });
});

test('the time is the newest of all entries, also of those that nobody reads', () => {
  const unread = entry('<timestamp>1800000000</timestamp><checksum type="md5">x</checksum>', 'prestodelta');
  const repomd = parse(document(PRIMARY + unread));
  expect(repomd.timestamp).toBe(1800000000);
  expect([...repomd.records.keys()]).toEqual(['primary']);
});

test('the first of two records of one type counts', () => {
  const repomd = parse(document(PRIMARY + PRIMARY.replace('primary.xml.gz', 'second.xml.gz')));
  expect(repomd.records.get('primary')?.href).toBe('repodata/primary.xml.gz');
});

test('a prefix of the namespace makes no difference', () => {
  const prefixed = document(PRIMARY)
    .replaceAll(/<(\/?)(?=[a-z])/g, '<$1md:')
    .replace('xmlns=', 'xmlns:md=');
  expect(parse(prefixed).records.get('primary')?.size).toBe(12);
});

test.each([
  ['an empty file', '', 'repomd.xml is empty'],
  ['text', 'no such bucket', 'repomd.xml is not XML'],
  ['an HTML page', '\n<!-- x --><!DOCTYPE html><html></html>', /HTML instead of XML/],
  ['an HTML page without a type', '<html><body>', /HTML instead of XML/],
  ['other metadata', '<metadata packages="0"/>', 'repomd.xml starts with <metadata> where <repomd> was expected'],
  ['a file cut short', document(PRIMARY).slice(0, -20), /not well-formed/],
  ['a comment cut short', `${document(PRIMARY)}<!-- `, /cut off/],
  ['no primary', document(''), 'repomd.xml lists no primary metadata'],
  ['another encoding', document(PRIMARY).replace('UTF-8', 'EBCDIC-US'), /encoded in EBCDIC-US/],
  [
    'the bytes of another encoding',
    Buffer.from(document(`<!-- \u00e4 -->${PRIMARY}`).replace('UTF-8', 'windows-1252'), 'latin1'),
    /encoded in windows-1252/,
  ],
  ['a DTD', `<!DOCTYPE repomd [<!ENTITY a "b">]>${document(PRIMARY).slice(39)}`, /DTD/],
  ['a DTD inside', document('<!ENTITY a "b">'), /DTD/],
  ['an entity of its own', document('<revision>&lol;</revision>'), /&lol;, which is not one of the five/],
  ['an entity for a control character', document('<revision>&#27;[31m</revision>'), /&#27;/],
  ['deep nesting', '<repomd>'.repeat(5000) + '</repomd>'.repeat(5000), /nested/],
  ['a control character as revision', document(PRIMARY).replace('9-stream', '\u0007'), /control characters/],
])('%s is refused', (_, text, reason) => {
  expect(refusal(text)).toMatch(reason);
});

const checksum = `<checksum type="sha256">${SHA256}</checksum>`;
const location = '<location href="repodata/p.xml"/>';
test.each([
  ['no checksum', location, 'has no checksum, and nothing else proves what the file is'],
  ['no location', checksum, 'has no location'],
  ['an unknown checksum', `<checksum type="crc\u009b32">1</checksum>${location}`, 'unknown type `crc\\u009b32`'],
  ['a short checksum', `<checksum type="sha256">abc</checksum>${location}`, 'is not 64 hex digits'],
  ['a checksum of letters', `<checksum type="sha256">${'g'.repeat(64)}</checksum>${location}`, 'is not 64 hex digits'],
])('an entry with %s is refused', (_, inside, reason) => {
  expect(refusal(document(entry(inside)))).toContain(reason);
});

test.each([
  '',
  'a/..',
  'repodata/',
  'ftp://mirror.example/p.xml',
  'https://user:password@mirror.example/p.xml',
  'a\\..\\p.xml',
  'a&#10;b.xml',
])('the location %j is refused', (href) => {
  expect(refusal(document(entry(`${checksum}<location href="${href}"/>`)))).toMatch(/the location `.*`, which/s);
});

test.each(['repodata/a..b.xml', 'repodata/p+q~r^s.xml', 'p%zzq.xml', '../p.xml', 'https://mirror.example/p.xml', 'file:p.xml'])(
  'the location %j is taken',
  (href) => {
    expect(parse(document(entry(`${checksum}<location href="${href}"/>`))).records.get('primary')?.href).toBe(href);
  },
);

test.each([
  ['repodata/p%20q.xml', 'repodata/p q.xml'],
  ['repodata/a%2Bb%23c.xml', 'repodata/a+b#c.xml'],
  ['..%2fp.xml', '../p.xml'],
])('the location %j is that of a URL, as for librepo: %j', (href, path) => {
  expect(parse(document(entry(`${checksum}<location href="${href}"/>`))).records.get('primary')?.href).toBe(path);
});

test('a location may not hide control characters in escapes', () => {
  expect(refusal(document(entry(`${checksum}<location href="p%0Aq.xml"/>`)))).toContain('has control characters in it');
});

test('an encoding or a document type that dnf takes makes no difference', () => {
  const xml = document(`<!-- \u00e4 -->${PRIMARY}`);
  const wanted = parse(xml);
  expect(parse(Buffer.from(xml.replace('UTF-8', 'ISO-8859-1'), 'latin1'))).toEqual(wanted);
  expect(parse(Buffer.from(`\ufeff${xml.replace('UTF-8', 'UTF-16')}`, 'utf16le'))).toEqual(wanted);
  expect(parse(xml.replace('<repomd', '<!DOCTYPE repomd SYSTEM "repomd.dtd">\n<repomd'))).toEqual(wanted);
});

test.each([
  ['a negative size', '<size>-1</size>'],
  ['a hexadecimal size', '<size>0x10</size>'],
  ['a gigantic size', '<open-size>99999999999999</open-size>'],
  ['a time that is none', '<timestamp>now</timestamp>'],
  ['a time after the year 9999', '<timestamp>999999999999</timestamp>'],
  ['a weak open-checksum', '<open-checksum type="sha">00</open-checksum>'],
])('%s counts as not said', (_, inside) => {
  const record = parse(document(entry(`${checksum}${location}${inside}`))).records.get('primary');
  expect([record?.size, record?.openSize, record?.timestamp]).toEqual([undefined, undefined, 0]);
});

test('of several checksums the strongest counts', () => {
  const two = `<checksum type="sha">${'b'.repeat(40)}</checksum>${checksum}`;
  expect(parse(document(entry(`${two}${location}`))).records.get('primary')?.checksum.type).toBe('sha256');
});

test('an entry that is broken is an error of whoever needs it, but for primary', () => {
  const { records, broken } = parse(document(entry(checksum + location) + entry(location, 'other')));
  expect([[...records.keys()], broken]).toEqual([['primary'], { other: expect.stringContaining('the other entry has no checksum') }]);
});

test('a message never carries a control character', () => {
  expect(refusal('<\u001b[31mrepomd></repomd>')).not.toContain('\u001b');
  expect(refusal(document(entry(checksum + location, 'primary').replace('repodata/p.xml', '../\u202e\u009bx')))).toContain(
    '\\u202e\\u009b',
  );
});
