import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { globKey } from '../../src/repodata/file-globs.ts';
import { FilelistsReader } from '../../src/repodata/filelists.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { mutate, randomNumbers, XML_WORDS } from '../helpers/mutate.ts';
import { excerpt, type Pieces, piecesOf, realFiles } from '../helpers/real-metadata.ts';

type Owners = Record<string, readonly string[]>;

function ownersIn(text: string | Uint8Array, paths: readonly string[], cuts: readonly number[] = []): Owners {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const reader = new FilelistsReader(paths, 'filelists.xml');
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i++) reader.write(bytes.slice(places[i - 1], places[i]));
  reader.end();
  return Object.fromEntries([...reader.owners].map(([path, owners]) => [path, [...new Set(owners)]]));
}

const document = (...packages: string[]): string => `<?xml version="1.0"?>\n<filelists packages="1">${packages.join('\n')}</filelists>\n`;
const PACKAGE = `<package pkgid="aa" name="bash" arch="x86_64">
  <version epoch="0" ver="5" rel="1"/>
  <file>/usr/bin/bash</file>
  <file type="dir">/etc/a&amp;b</file>
</package>`;
const OTHER = PACKAGE.replace('aa', 'bb');
/** More than are searched for one by one. */
const MANY = Array.from({ length: 600 }, (_, i) => `/nowhere/${i}`);

describe.each([
  ['a few paths', []],
  ['many paths', MANY],
])('the owners of %s', (_, more) => {
  test('are found, with each package once and in the order of the document', () => {
    const wanted = ['/usr/bin/bash', '/etc/a&b', '/usr/bin', '/bash'];
    expect(ownersIn(document(PACKAGE, OTHER), [...wanted, ...more])).toMatchObject({
      '/usr/bin/bash': ['aa', 'bb'],
      '/etc/a&b': ['aa', 'bb'],
      '/usr/bin': [],
      '/bash': [],
    });
  });

  test('are the same wherever the document is cut', () => {
    const xml = document(PACKAGE, OTHER);
    const wanted = ['/usr/bin/bash', ...more.slice(0, 10)];
    const whole = ownersIn(xml, wanted);
    for (let cut = 0; cut < xml.length; cut++) expect(ownersIn(xml, wanted, [cut])).toEqual(whole);
    const everywhere = Array.from(xml, (_, i) => i);
    expect(ownersIn(xml, wanted, everywhere)).toEqual(whole);
  });

  test('are those whose tags are written in an unusual way as well', () => {
    const unusual = PACKAGE.replace('<package pkgid="aa" name="bash"', `<package\n\tname='pkgid="cc">' pkgid = 'aa'`);
    expect(ownersIn(document(OTHER, unusual), ['/usr/bin/bash', ...more])['/usr/bin/bash']).toEqual(['bb', 'aa']);
  });
});

test.each([
  ['an HTML page', '<!doctype html><html></html>', 'is not filelists.xml'],
  ['an empty file', '', 'is not filelists.xml'],
  ['a document that is cut off', document(PACKAGE).slice(0, -20), 'ends before </filelists>'],
  ['files without a package', document('<file>/usr/bin/bash</file></package>'), 'outside of a package'],
  ['a package without an id', document(PACKAGE.replace('pkgid', 'id')), 'outside of a package'],
  ['a package that never ends', document(`<package pkgid="aa">${'<file>/a</file>'.repeat(5_000_000)}`), 'more than 64 MiB'],
])('%s is refused', (_, text, reason) => {
  expect(() => ownersIn(text, ['/usr/bin/bash'])).toThrow(expect.objectContaining({ code: 'METADATA_INVALID' }));
  expect(() => ownersIn(text, ['/usr/bin/bash'])).toThrow(reason);
});

test('a package that lists one path a million times takes no time', () => {
  const files = '<file>/usr/bin/bash</file>'.repeat(1_000_000);
  const xml = document(`<package pkgid="aa" name="a" arch="x86_64">${files}</package>`, PACKAGE.replace('aa', 'bb'));
  expect(ownersIn(xml, ['/usr/bin/bash'])['/usr/bin/bash']).toEqual(['aa', 'bb']);
});

describe('fuzz', () => {
  let documents: readonly Pieces[];
  beforeAll(async () => {
    documents = (await realFiles('filelists')).map((text) => piecesOf(text, 'package')).filter(({ elements }) => elements.length > 0);
  });

  test(
    `mutants of filelists.xml are read as a strict parser reads them, however they are cut, or refused (${SEED_TEXT})`,
    async () => {
      const dice = randomNumbers(1);
      let agreed = 0;
      await readMutants({
        share: 1,
        codes: ['METADATA_INVALID'],
        make: (random) =>
          mutate(
            excerpt(documents[random(documents.length)]!, random),
            [...XML_WORDS, ' pkgid="x"', '<package ', '</package>', '>/bin/sh</'],
            random,
          ),
        read: (text) => {
          const bytes = Buffer.from(text);
          const files = [...bytes.toString('utf8').matchAll(/<file[^<>]*>(\/[^<>&]+)<\/file>/g)].map(([, path]) => path!);
          const paths = [...new Set(['/bin/sh', ...Array.from({ length: files.length === 0 ? 0 : 3 }, () => files[dice(files.length)]!)])];
          const whole = outcome(() => ownersIn(bytes, paths));
          const cuts = Array.from({ length: dice(6) }, () => dice(bytes.length + 1));
          const cut = outcome(() => ownersIn(bytes, paths, cuts));
          const strict = strictly(bytes.toString('utf8'), paths);
          if (strict !== undefined && typeof whole !== 'string') {
            expect(whole).toEqual(strict);
            expect(cut).toEqual(strict);
            expect(ownersIn(bytes, [...paths, ...MANY])).toMatchObject(strict);
            agreed++;
          }
          if (typeof whole === 'string') throw new RpmDepsError('METADATA_INVALID', whole);
        },
      });
      expect(agreed).toBeGreaterThan(0);
    },
    FUZZ_TIMEOUT,
  );
});

function outcome(read: () => Owners): Owners | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'METADATA_INVALID') return error.message;
    throw error;
  }
}

/** undefined for what is not well-formed, or has what filelists.xml never has: other elements, comments, CDATA, entities. */
function strictly(xml: string, paths: readonly string[]): Owners | undefined {
  const owners = Object.fromEntries(paths.map((path) => [path, new Set<string>()]));
  if (/<!|<\?(?!xml )|&|\r/.test(xml)) return undefined;
  const places = new Set(['filelists', 'filelists package', 'filelists package version', 'filelists package file']);
  const path: string[] = [];
  let pkgid = '';
  const parser = new SaxesParser({ xmlns: false });
  let isUsual = true;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name);
    if (!places.has(path.join(' '))) isUsual = false;
    if (name === 'package') {
      if (!/^[^<>\s]+$/.test(attributes['pkgid'] ?? '')) isUsual = false;
      pkgid = attributes['pkgid'] ?? '';
    }
    if (Object.values(attributes).some((value) => /[<>]/.test(value))) isUsual = false;
  });
  parser.on('text', (text) => {
    if (text.includes('>')) isUsual = false;
    else if (path.at(-1) === 'file') owners[text]?.add(pkgid);
    else if (text.trim() !== '') isUsual = false;
  });
  parser.on('closetag', () => path.pop());
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  return isUsual ? Object.fromEntries(Object.entries(owners).map(([name, found]) => [name, [...found]])) : undefined;
}

describe('the owners of what a glob matches', () => {
  const find = (glob: string, text = document(PACKAGE, OTHER)): readonly string[] | undefined =>
    ownersIn(text, [globKey(glob)])[globKey(glob)];

  test('are found by its beginning, by its end and by what is between', () => {
    for (const glob of ['/usr/*', '*/bash', '/u?r/b[a-i]n/*', '/*']) expect(find(glob), glob).toEqual(['aa', 'bb']);
    expect(find('/opt/*')).toEqual([]);
  });

  test('are found where XML writes a character in another way', () => {
    for (const glob of ['/etc/a&*', '/etc/a?b', '*&b']) expect(find(glob), glob).toEqual(['aa', 'bb']);
    expect(find('/etc/a&amp;*')).toEqual([]);
  });

  test('are not the packages whose name or attributes look alike', () => {
    expect(find('*bash*', document(PACKAGE.replace('<file>/usr/bin/bash</file>', '')))).toEqual([]);
  });

  test('a path with the same characters is a path', () => {
    const text = document(PACKAGE, OTHER.replace('/usr/bin/bash', '/usr/bin/['), OTHER.replace('bb', 'cc'));
    expect(ownersIn(text, ['/usr/bin/[', globKey('/usr/bin/b*')])).toEqual({
      '/usr/bin/[': ['bb'],
      [globKey('/usr/bin/b*')]: ['aa', 'cc'],
    });
  });
});
