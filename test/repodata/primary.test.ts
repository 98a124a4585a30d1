import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { PrimaryReader } from '../../src/pool/primary-reader.ts';
import { asColumnsHave, asPackages, readPackages } from './primary-events.ts';
import { readWithSaxes } from './reference-primary.ts';

const ENCODER = new TextEncoder();
const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="1">\n';
const document = (inside: string): string => `${HEAD}${inside}</metadata>\n`;
const read = (xml: string, cuts: readonly number[] = []) => readPackages(ENCODER.encode(xml), cuts);

function refusal(xml: string | Uint8Array): string {
  return mistakeIn(xml)?.message ?? 'accepted';
}

function mistakeIn(xml: string | Uint8Array): RpmDepsError | undefined {
  try {
    readPackages(typeof xml === 'string' ? ENCODER.encode(xml) : xml);
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'METADATA_INVALID') return error;
    throw error;
  }
  return undefined;
}

const PACKAGE = `<package type="rpm">
  <name>bash</name>
  <arch>x86_64</arch>
  <version epoch="0" ver="5.1.8" rel="9.el9"/>
  <checksum type="sha256" pkgid="YES">00ff</checksum>
  <summary>A shell &amp; more</summary>
  <time file="1716330110" build="1715287144"/>
  <size package="2922140" installed="11556907" archive="11596752"/>
  <location href="Packages/bash-5.1.8-9.el9.x86_64.rpm"/>
  <format>
    <rpm:sourcerpm>bash-5.1.8-9.el9.src.rpm</rpm:sourcerpm>
    <rpm:header-range start="59776" end="132493"/>
    <rpm:provides>
      <rpm:entry name="/bin/sh"/>
      <rpm:entry name="bash" flags="EQ" epoch="0" ver="5.1.8" rel="9.el9"/>
    </rpm:provides>
    <rpm:requires>
      <rpm:entry name="libc.so.6(GLIBC_2.34)(64bit)"/>
      <rpm:entry name="filesystem" flags="GE" epoch="3" ver="3" pre="1"/>
      <rpm:entry name="(a &gt;= 1 or b)"/>
    </rpm:requires>
    <file>/bin/bash</file>
    <file type="dir">/etc/skel</file>
  </format>
</package>
`;

test('a package has all that its entry says', () => {
  expect(read(document(PACKAGE))).toEqual([
    {
      name: 'bash',
      arch: 'x86_64',
      evr: '5.1.8-9.el9',
      checksum: 'sha256 00ff',
      location: 'Packages/bash-5.1.8-9.el9.x86_64.rpm',
      source: 'bash-5.1.8-9.el9.src.rpm',
      size: 2922140,
      buildTime: 1715287144,
      files: ['/bin/bash', '/etc/skel'],
      dependencies: [
        'provides /bin/sh 0 ',
        'provides bash 2 5.1.8-9.el9',
        'requires libc.so.6(GLIBC_2.34)(64bit) 0 ',
        'requires (a 3 1 17 b 0 )',
        'requires filesystem 3 3:3',
      ],
    },
  ]);
});

test('the next version of a package is read as if there had been none', () => {
  const versions = [
    PACKAGE,
    PACKAGE.replaceAll('5.1.8', '5.2'),
    PACKAGE.replace('"/bin/sh"', '"/bin/dash"').replace('ver="3" pre', "ver='3' pre"),
    PACKAGE.replace('name="bash" flags="EQ"', 'flags="EQ" name="bash"').replace('"filesystem" flags="GE"', '"filesystem" flags="LE"'),
    PACKAGE.replace('<rpm:entry name="/bin/sh"/>', '<rpm:entry name="/bin/sh"><file>/bin/bash</file></rpm:entry>'),
    PACKAGE.replace('"/bin/sh"', '"/bin/s&#104;" x="&gt;"').replace('<file>/bin/bash</file>', '<file> name="/bin/sh"/&gt;</file>'),
    PACKAGE.replace('<file>/bin/bash</file>', '').replace('<format>', '<format><file>/bin/bash</file>'),
    PACKAGE.replace('  <name>bash</name>\n', '').replace('</format>', '</format><name>bash</name>'),
    PACKAGE,
  ];
  expect(read(document(versions.join('')))).toEqual(readWithSaxes(document(versions.join(''))).map(asColumnsHave));
});

test('what is remembered of entries is given up when it becomes too much', () => {
  const reader = new PrimaryReader();
  reader.start('primary.xml');
  reader.write(ENCODER.encode(HEAD));
  // More entries than are remembered, and then more text.
  const many = `<package><name>a</name><rpm:requires>${'<rpm:entry name="a"/>'.repeat(1_000_000)}</rpm:requires></package>`;
  const long = (package_: number): string => {
    const entries = Array.from({ length: 50_000 }, (_, i) => `<rpm:entry name="a" x="${package_} ${i} ${'x'.repeat(90)}"/>`);
    return `<package><name>a</name><rpm:requires>${entries.join('')}</rpm:requires></package>`;
  };
  for (let i = 0; i < 10; i++) reader.write(ENCODER.encode(many));
  for (let i = 0; i < 10; i++) reader.write(ENCODER.encode(long(i)));
  reader.write(ENCODER.encode(`${PACKAGE}${PACKAGE.replaceAll('5.1.8', '5.2')}</metadata>`));
  reader.end();
  const packages = asPackages(reader.columns('x86_64'));
  expect(packages.slice(20)).toEqual(read(document(PACKAGE + PACKAGE.replaceAll('5.1.8', '5.2'))));
  expect(new Set(packages.slice(0, 20).map(({ dependencies }) => dependencies.join()))).toEqual(new Set(['provides a 2 ,requires a 0 ']));
});

test('no packages are no mistake', () => {
  expect(read('<metadata packages="0"/>')).toEqual([]);
  expect(read('\ufeff<?xml version="1.0"?><!-- none --><metadata></metadata>\n<!-- end -->\n')).toEqual([]);
});

test('a document can be cut anywhere', () => {
  const xml = document(`<!-- </package> -->${PACKAGE.replace('A shell', '<![CDATA[</package>]]>')}${PACKAGE}`);
  const whole = read(xml);
  expect(whole).toHaveLength(2);
  for (let cut = 0; cut < xml.length; cut++) expect(read(xml, [cut])).toEqual(whole);
  expect(
    read(
      xml,
      Array.from(xml, (_, i) => i),
    ),
  ).toEqual(whole);
});

test('elements that nobody knows are passed over with all that is in them', () => {
  const more = '<extra><name>wrong</name><package><arch>wrong</arch></package></extra><name2>wrong</name2>';
  const xml = document(PACKAGE.replace('<format>', `${more}<format>${more}`).replace('<rpm:requires>', `<rpm:requires>${more}`));
  expect(read(xml)).toEqual(read(document(PACKAGE)));
});

test('a value may hold the end of a tag', () => {
  const xml = document(
    PACKAGE.replace('</rpm:provides>', `<rpm:entry name='a"/>b'/><rpm:entry name='a"/>c'/><rpm:entry name="x>y"/></rpm:provides>`),
  );
  expect(read(xml)).toEqual(readWithSaxes(xml).map(asColumnsHave));
});

test('a package that requires its own name and version provides it once', () => {
  const own = '<rpm:entry name="bash" flags="EQ" epoch="0" ver="5.1.8" rel="9.el9"/>';
  const [read1] = read(document(PACKAGE.replace('</rpm:requires>', `${own}</rpm:requires><rpm:provides>${own}</rpm:provides>`)));
  expect(read1!.dependencies.filter((text) => text === 'provides bash 2 5.1.8-9.el9')).toHaveLength(1);
  expect(read1!.dependencies).toContain('requires bash 2 5.1.8-9.el9');
});

test('a CDATA section is text, with line ends as XML has them and no entities', () => {
  const xml = document(PACKAGE.replace('>bash<', '>b<![CDATA[<a>&amp;\r\n]]>h<'));
  expect(read(xml)[0]!.name).toBe('b<a>&amp;\nh');
  expect(read(xml)).toEqual(readWithSaxes(xml).map(asColumnsHave));
});

test('more than the memory for all packages is refused', () => {
  const reader = new PrimaryReader();
  reader.start('primary.xml');
  // Never touched, and so no real memory.
  const huge = new Uint8Array(1.1 * 1024 ** 3);
  expect(() => reader.write(huge)).toThrow(expect.objectContaining({ code: 'METADATA_INVALID' }));
});

const blank = fc.constantFrom(' ', '\n', '\t', '  \r\n ', '\n      ');
const maybe = (text: fc.Arbitrary<string>) => fc.option(text, { nil: '' }).map((value) => value ?? '');
const ornament = fc.constantFrom(
  '',
  '',
  '\n    ',
  '<!-- a > b </package> -->',
  '<?pi x="<"?>',
  ' text &lt; ',
  '<![CDATA[<name>no</name>]]>',
);
const character = fc.constantFrom(...'abcXYZ019-._~^+:/()>"\'&<é漢😀 \n\t'.split(/(?:)/u), '&#x41;', '&#233;', '&apos;', '&quot;', '&gt;');
const rawText = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));
const escaped = (text: string): string =>
  text
    .replace(/&(?!#?\w+;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
const content = rawText.map((text) => escaped(text).replace(/\]\]>/g, ']]&gt;'));
const attribute = (name: string, value: fc.Arbitrary<string>) =>
  fc
    .tuple(blank, value, fc.constantFrom('"', "'"), maybe(blank), maybe(blank))
    .map(([before, text, quote, a, b]) => `${before}${name}${a}=${b}${quote}${escaped(text)}${quote}`);
const attributes = (...wanted: fc.Arbitrary<string>[]) =>
  fc
    .tuple(...wanted)
    .chain((all) => fc.shuffledSubarray([...all], { minLength: 0, maxLength: all.length }))
    .map((all) => all.join(''));
const element = (name: string, inside: fc.Arbitrary<string>, own: fc.Arbitrary<string> = fc.constant('')) =>
  fc.tuple(own, inside, maybe(blank)).map(([attrs, text, end]) => `<${name}${attrs}>${text}</${name}${end}>`);
const empty = (name: string, own: fc.Arbitrary<string>) =>
  fc
    .tuple(own, maybe(blank), fc.boolean())
    .map(([attrs, end, long]) => (long ? `<${name}${attrs}></${name}>` : `<${name}${attrs}${end}/>`));

const version = [
  attribute('epoch', fc.constantFrom('0', '', '1', '12')),
  attribute('ver', fc.constantFrom('1.0', '2:3', '', 'a~b', '1.0')),
  attribute('rel', fc.constantFrom('1.el9', '', '2')),
] as const;
const entry = empty(
  'rpm:entry',
  attributes(
    attribute('name', rawText),
    attribute('flags', fc.constantFrom('EQ', 'LT', 'GE', 'GT', 'LE', 'NE')),
    ...version,
    attribute('pre', fc.constantFrom('1', '0')),
    attribute('other', rawText),
  ),
);
const dependencies = fc
  .tuple(
    fc.constantFrom('provides', 'requires', 'conflicts', 'obsoletes', 'recommends', 'suggests', 'supplements', 'enhances'),
    fc.array(fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: ornament }), { maxLength: 6 }),
    ornament,
  )
  .map(([kind, entries, end]) => `<rpm:${kind}>${entries.join('')}${end}</rpm:${kind}>`);
const inFormat = fc.oneof(
  dependencies,
  element('file', content),
  element('rpm:sourcerpm', content),
  element('rpm:license', content),
  ornament,
);
const inPackage = fc.oneof(
  element('name', content),
  element('arch', content),
  element('checksum', fc.constantFrom('00ff', 'ABC'), attributes(attribute('type', fc.constant('sha256')))),
  element(
    'description',
    fc.array(fc.oneof(content, ornament), { maxLength: 4 }).map((parts) => parts.join('')),
  ),
  empty('version', attributes(...version)),
  empty('size', attributes(attribute('package', fc.constantFrom('0', '12345')), attribute('installed', fc.constant('1')))),
  empty('time', attributes(attribute('build', fc.constantFrom('0', '1715287144')), attribute('file', fc.constant('1')))),
  empty('location', attributes(attribute('href', fc.constantFrom('Packages/a.rpm', 'a+b~c^d.rpm', 'é/x.rpm')))),
  element(
    'format',
    fc.array(inFormat, { maxLength: 6 }).map((parts) => parts.join('\n')),
  ),
  ornament,
);
const packages = fc.array(
  element(
    'package',
    fc.array(inPackage, { maxLength: 12 }).map((parts) => parts.join('\n')),
  ),
  { maxLength: 4 },
);

test('whatever is well-formed is read as a strict parser reads it, however it is cut', () => {
  fc.assert(
    fc.property(packages, fc.array(fc.nat(20_000), { maxLength: 8 }), (all, cuts) => {
      const xml = document(all.join('\n'));
      const bytes = ENCODER.encode(xml);
      const ours = readPackages(
        bytes,
        cuts.map((cut) => cut % bytes.length),
      );
      expect(ours).toEqual(readWithSaxes(xml).map(asColumnsHave));
    }),
    { numRuns: Number(process.env['RPM_DEPS_PROPERTY_RUNS'] ?? 300) },
  );
});

test.each([
  ['an empty file', '', 'is empty'],
  ['text', 'no such bucket', 'is not XML'],
  ['an HTML page', '\n<!DOCTYPE html>\n<html></html>', 'is an HTML page'],
  ['an HTML page without a type', '<!-- x --><html><body>', 'is an HTML page'],
  ['other metadata', '<filelists packages="0"/>', 'starts with <filelists> where <metadata> was expected'],
  ['a DTD', `<!DOCTYPE metadata [<!ENTITY a "b">]>${document(PACKAGE).slice(39)}`, 'declares a document type (DTD)'],
  ['a DTD inside', document(`<!ENTITY a "b">${PACKAGE}`), 'declares a document type (DTD)'],
  ['another encoding', document(PACKAGE).replace('UTF-8', 'UTF-16'), 'is encoded in UTF-16'],
  ['a document cut in a package', document(PACKAGE).slice(0, -30), 'is cut off'],
  ['a document without an end', HEAD + PACKAGE, 'is cut off'],
  ['a comment without an end', `${HEAD + PACKAGE}<!-- `, 'is cut off'],
  ['more behind the end', document(PACKAGE) + PACKAGE, 'continues after </metadata>'],
  ['a wrong end tag', document(PACKAGE.replace('</name>', '</nam>')), 'does not close <name>'],
  ['a list that is not closed', document(PACKAGE.replace('</rpm:provides>', '')), 'does not close <rpm:provides>'],
  ['an element in a text', document(PACKAGE.replace('bash</name>', '<b/></name>')), 'where only text is expected'],
  ['an unknown entity', document(PACKAGE.replace('>bash<', '>&bash;<')), 'has an entity'],
  ['an unknown entity in a value', document(PACKAGE.replace('"/bin/sh"', '"&sh;"')), 'has an entity'],
  ['an entity for a control character', document(PACKAGE.replace('>bash<', '>&#27;<')), 'a control character'],
  ['a control character', document(PACKAGE.replace('>bash<', '>ba\u0007sh<')), 'a control character'],
  ['a control character in a CDATA section', document(PACKAGE.replace('>bash<', '><![CDATA[\u001b[31m]]><')), 'a control character'],
  [
    'bytes that are not UTF-8 in a CDATA section',
    Buffer.from(document(PACKAGE.replace('>bash<', '><![CDATA[b\u00e4]]><')), 'latin1'),
    'XML metadata never has',
  ],
  ['bytes that are not UTF-8', Buffer.from(document(PACKAGE).replace('>bash<', '>b\u00e4sh<'), 'latin1'), 'XML metadata never has'],
  ['a value without quotes', document(PACKAGE.replace('name="/bin/sh"', 'name=sh')), 'attribute without quotes'],
  ['an attribute without a value', document(PACKAGE.replace('name="/bin/sh"', 'name')), 'attribute without a value'],
  ['attributes without a space', document(PACKAGE.replace('flags="EQ" epoch', 'flags="EQ"epoch')), 'not set off by a space'],
  ['deep nesting', document(PACKAGE.replace('<format>', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}<format>`)), 'deep'],
  ['very many attributes', document(`<package ${Array.from({ length: 99 }, (_, i) => `a${i}="" `).join('')}/>`), 'more than 64 attributes'],
])('%s is refused', (_, xml, reason) => {
  expect(refusal(xml)).toContain(reason);
  expect(refusal(xml).length).toBeLessThan(500);
});

test.each([
  ['./Packages/', '', 'Packages/bash'],
  ['../../pool/', '', '../../pool/bash'],
  ['a/../b//', '', 'b//bash'],
  ['/Packages/', '', 'Packages/bash'],
  ['%2e%2e/', '', '%2e%2e/bash'],
  ['c++ ^~/', '', 'c++ ^~/bash'],
  ['https://X.example:443/a+b/%20/', '', 'https://x.example/a%2Bb/%20/bash'],
  ['v1/', 'https://x.example/files', 'https://x.example/files/v1/bash'],
  ['a+b/', 'https://x.example/files/?key=1', 'https://x.example/files/a%2Bb/bash'],
  ['../', 'https://x.example/a/b/', 'https://x.example/a/bash'],
  ['v1/', '../other', '../other/v1/bash'],
  ['https://x.example/', 'https://y.example/', 'https://x.example/bash'],
])('the location %j with the base %j is %s', (href, base, location) => {
  const element = `<location ${base === '' ? '' : `xml:base="${base}" `}href="`;
  const [read] = readPackages(ENCODER.encode(document(PACKAGE.replace('<location href="Packages/', `${element}${href}`))));
  expect(read!.location.startsWith(location)).toBe(true);
});

test.each([
  ['gigantic', 'a'.repeat(5_000_000), 'is longer than 4096 characters'],
  ['with control characters', 'a&#9;b/', 'has control characters in it'],
  ['with a backslash', 'a\\..\\', 'has a backslash in it'],
  ['of another scheme', 'ftp://x.example/', 'is a URL that is neither http, https nor file'],
  ['with a password', 'https://u:p@x.example/', 'has a user or a password in it'],
  ['of no server', 'https://[/', 'is not a URL'],
])('a location %s is that of a package that is left out', (_, href, mistake) => {
  const read = readPackages(ENCODER.encode(document(PACKAGE + PACKAGE.replace('Packages/', href))));
  expect(read.map(({ location }) => location)).toEqual([read[0]!.location, `\0${mistake}`]);
});

test('a checksum that is none is that of a package without', () => {
  expect(readPackages(ENCODER.encode(document(PACKAGE.replace('00ff', 'zz'))))[0]!.checksum).toBe('sha256 ');
});

test('of another encoding the mirror is not to blame', () => {
  const mistake = mistakeIn(Buffer.from(document(PACKAGE.replace('>bash<', '>b\u00e4sh<')).replace('UTF-8', 'windows-1252'), 'latin1'));
  expect(mistake?.message).toContain('is encoded in windows-1252, which is not read');
  expect(mistake?.hint).toMatch(/^the repository is made wrong, not the mirror.*UTF-8/);
});

test('a refusal names the document and the byte', () => {
  const xml = document(PACKAGE + PACKAGE.replace('>bash<', '>&bash;<'));
  expect(refusal(xml)).toContain(`(byte ${xml.indexOf('&bash;')})`);
});
