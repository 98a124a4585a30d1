/** Repositories that mean harm: each ends in an answer or an error of ours, soon, and does nothing to a terminal or to other files. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type CliProject, cliProject, type Ran } from '../helpers/cli-project.ts';
import { type RawFile, writeRawRepository } from '../helpers/hostile-mirror.ts';
import { primaryXml } from '../helpers/small-mirror.ts';

const SETS = 'sets: { web: { architectures: [x86_64], packages: [app] } }\n';
const GOOD = primaryXml(['app-1-1.x86_64 requires: lib', 'lib-1-1.x86_64']);
/** What a terminal acts on, but for line ends. */
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const parts: string[] = [];
/** One row of the table in docs/reliability.md. */
function part(name: string, tests: () => void): void {
  parts.push(name);
  describe(name, tests);
}

const plain = (text: string, extension = '.xml'): RawFile => ({ bytes: Buffer.from(text), extension });

function project(files: Readonly<Record<string, RawFile>>, sets = SETS): CliProject {
  const made = cliProject(sets);
  for (const arch of ['x86_64', 's390x']) writeRawRepository(join(made.directory, 'mirror', arch), { primary: plain(GOOD), ...files });
  return made;
}

/** Runs the program; whatever it says does nothing to a terminal and is no crash. */
async function run(made: CliProject, ...argv: readonly string[]): Promise<Ran> {
  const ran = await made.run(...argv);
  expect(ran.stderr).not.toContain('internal error');
  expect(ran.stderr).not.toMatch(DANGEROUS);
  expect(ran.stdout).not.toMatch(DANGEROUS);
  return ran;
}

async function refused(made: CliProject, words: RegExp, exitCode = 4): Promise<void> {
  const { exitCode: got, stderr } = await run(made, 'update');
  expect(stderr).toMatch(words);
  expect(stderr.length).toBeLessThan(5000);
  expect(got).toBe(exitCode);
  expect(Object.keys(made.files())).toEqual(['rpm-packages.yaml']);
}

async function locks(made: CliProject, packages: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await run(made, 'update');
  expect(stderr).not.toContain('error');
  expect(exitCode).toBe(0);
  expect(made.locked('web-x86_64')).toEqual(packages);
}

const withApp = (change: (xml: string) => string): Record<string, RawFile> => ({ primary: plain(change(GOOD)) });
/** primary.xml in which `app` says this as well. */
const appSays = (more: string): Record<string, RawFile> => withApp((xml) => xml.replace('<format>', `<format>${more}`));
const entries = (kind: string, names: readonly string[]): string =>
  `<rpm:${kind}>${names.map((name) => `<rpm:entry name="${name}"/>`).join('')}</rpm:${kind}>`;

part('decompression bombs', () => {
  const OPENED = 100 * 1024 * 1024;
  const packers: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array | undefined])[] = [
    ['.gz', (bytes) => gzipSync(bytes)],
    ['.xz', (bytes) => spawned('xz', bytes)],
    ['.zst', (bytes) => spawned('zstd', bytes)],
  ];
  const spawned = (program: string, input: Uint8Array): Uint8Array | undefined => {
    const { status, stdout } = spawnSync(program, ['-c', '-'], { input, maxBuffer: 1e9 });
    return status === 0 ? stdout : undefined;
  };
  const contents: Readonly<Record<string, Buffer>> = {
    // Blanks between elements, of which every reader keeps as little as it can.
    primary: Buffer.concat([Buffer.from('<metadata>'), Buffer.alloc(OPENED, ' '), Buffer.from('</metadata>')]),
    group: Buffer.concat([Buffer.from('<comps>'), Buffer.alloc(OPENED, ' '), Buffer.from('</comps>')]),
    modules: Buffer.alloc(OPENED, '\n'),
    filelists: Buffer.concat([Buffer.from('<filelists>'), Buffer.alloc(OPENED, ' '), Buffer.from('</filelists>')]),
  };

  test.each(Object.keys(contents).flatMap((type) => packers.map(([extension]) => [type, extension] as const)))(
    '%s%s is stopped though its size was promised, and without its memory',
    async (type, extension) => {
      const bytes = packers.find(([name]) => name === extension)![1](contents[type]!);
      if (bytes === undefined) return;
      const file = { bytes, extension: `${type === 'modules' ? '.yaml' : '.xml'}${extension}`, openSize: contents[type]!.length };
      // Filelists are read when a path is asked for that nothing else lists.
      const needsPath = withApp((xml) => xml.replace('name="lib"', 'name="/opt/lib"'));
      const made = project({ ...(type === 'filelists' ? needsPath : {}), [type]: file });
      const before = process.resourceUsage().maxRSS;
      // comps.xml is missed by who asks for a group, and by nobody else.
      if (type === 'group') expect((await run(made, 'update')).exitCode).toBe(0);
      else await refused(made, /grows more than 400 times when opened|has a package of more than 64 MiB/);
      expect((process.resourceUsage().maxRSS - before) / 1024, 'MiB').toBeLessThan(400);
    },
  );
});

part('entities and document types', () => {
  const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'abcdefghij'[i + 1]} "${`&${'abcdefghij'[i]};`.repeat(10)}">`).join('')}]>`;
  const FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>';

  test.each([
    ['primary.xml with a billion laughs', { primary: plain(GOOD.replace('?>', `?>${LAUGHS}`).replace('<summary>s', '<summary>&j;')) }],
    ['primary.xml that names a file', { primary: plain(GOOD.replace('?>', `?>${FILE}`).replace('<summary>s', '<summary>&f;')) }],
    ['primary.xml with an entity that nobody declared', { primary: plain(GOOD.replace('<name>app', '<name>&app;')) }],
    ['comps.xml with a billion laughs', { group: plain(`<?xml version="1.0"?>${LAUGHS}<comps><group><id>&j;</id></group></comps>`) }],
    ['comps.xml that names a file', { group: plain(`<?xml version="1.0"?>${FILE}<comps><group><id>&f;</id></group></comps>`) }],
    [
      'modules.yaml with anchors that grow',
      {
        modules: plain(
          `---\ndocument: modulemd\nversion: 2\ndata:\n  name: &a nodejs\n${[...'abcdefghi'].map((c, i) => `  ${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${`*${c},`.repeat(10)}]\n`).join('')}  artifacts: { rpms: *j }\n...\n`,
          '.yaml',
        ),
      },
    ],
  ])('%s is refused, and nothing is expanded', async (_, files: Record<string, RawFile>) => {
    const sets =
      'modules' in files
        ? `${SETS}modules: { enable: ["nodejs:18"] }\n`
        : 'group' in files
          ? SETS.replace('[app]', '[app, "@core"]')
          : SETS;
    // A document of modules.yaml with aliases is skipped, as libmodulemd skips it, and its module is not there.
    if ('modules' in files) await refused(project(files, sets), /there is no module `nodejs`/, 2);
    else await refused(project(files, sets), /document type|\(DTD\)|has an entity|is not valid/);
  });
});

part('very large input', () => {
  test('an attribute of 70 MB is refused', async () => {
    const block = randomBytes(5000).toString('hex');
    const xml = GOOD.replace('<format>', `<format><rpm:vendor x="${block.repeat(7000)}"/>`);
    await refused(
      project({ primary: { bytes: gzipSync(xml), extension: '.xml.gz', openSize: xml.length } }),
      /has a package of more than 64 MiB|grows more than 400 times/,
    );
  });

  test('a name of 10 MB is in no lock, and in a message of a few lines', async () => {
    const name = 'x'.repeat(10_000_000);
    await refused(
      project(withApp((xml) => xml.replace('<name>lib<', `<name>${name}<`).replaceAll(/"lib"/g, '"p"'))),
      /has the name `x{200}\.\.\.`/,
    );
  });

  test('a million provides in one package are read and solved', async () => {
    const names = Array.from({ length: 1_000_000 }, (_, i) => `p${i}`);
    await locks(project(appSays(entries('provides', names))), ['app-1-1.x86_64', 'lib-1-1.x86_64']);
  });

  test('a hundred thousand requirements of one package are solved', async () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `p${i}`);
    const made = project(
      withApp((xml) =>
        xml
          .replace('<format>', `<format>${entries('requires', names)}`)
          .replace(/(<name>lib<.*?<format>)/s, `$1${entries('provides', names)}`),
      ),
    );
    await locks(made, ['app-1-1.x86_64', 'lib-1-1.x86_64']);
  });
});

part('rich dependencies', () => {
  const pair = (i: number): string => `(lib${i}a or lib${i}b)`;
  const libs = Array.from({ length: 60 }, (_, i) => [`lib${i}a-1-1.x86_64`, `lib${i}b-1-1.x86_64`]).flat();

  test.each([
    ['nested ten thousand deep', `${'('.repeat(10_000)}lib${' or lib)'.repeat(10_000)}`],
    ['with ten thousand alternatives', `(${Array(10_000).fill('lib').join(' or ')})`],
    ['of a megabyte of brackets', '('.repeat(1_000_000)],
  ])('%s are dropped, as what cannot be read', async (_, text) => {
    await locks(project(appSays(entries('requires', [text]))), ['app-1-1.x86_64', 'lib-1-1.x86_64']);
  });

  test.each([
    ['conflicts', `(${Array.from({ length: 60 }, (_, i) => pair(i)).join(' and ')})`],
    ['requires', `(${Array.from({ length: 60 }, (_, i) => `(lib${i}a and lib${i}b)`).join(' or ')})`],
  ])('whose normal form has more terms than there are atoms end in an error (%s)', async (kind, text) => {
    const made = cliProject(SETS);
    made.mirror('x86_64', [`app-1-1.x86_64 ${kind}: ${text}`, ...libs]);
    made.mirror('s390x', []);
    await refused(made, /dependency .* is too large/);
  });

  test('in circles are solved', async () => {
    const made = cliProject(SETS);
    made.mirror('x86_64', ['app-1-1.x86_64 requires: (lib if app), (app or lib)', 'lib-1-1.x86_64 requires: (app if lib)']);
    made.mirror('s390x', []);
    await locks(made, ['app-1-1.x86_64', 'lib-1-1.x86_64']);
  });
});

part('cycles', () => {
  test('of requirements and of obsoletes are solved and drawn', async () => {
    const made = cliProject(SETS);
    made.mirror('x86_64', [
      'app-1-1.x86_64 requires: lib; obsoletes: old',
      'lib-1-1.x86_64 requires: app, self; provides: self',
      'old-1-1.x86_64 obsoletes: older',
      'older-1-1.x86_64 obsoletes: old',
    ]);
    made.mirror('s390x', []);
    await locks(made, ['app-1-1.x86_64', 'lib-1-1.x86_64']);
    for (const argv of [['tree'], ['tree', '--invert'], ['why', 'lib', '--all']]) expect((await run(made, ...argv)).exitCode).toBe(0);
  });

  test('a chain of five thousand packages is solved and drawn', async () => {
    const made = cliProject(SETS);
    const chain = Array.from({ length: 5000 }, (_, i) => `p${i}-1-1.x86_64 requires: p${(i + 1) % 5000}`);
    made.mirror('x86_64', ['app-1-1.x86_64 requires: p0', ...chain]);
    made.mirror('s390x', []);
    expect((await run(made, 'update')).exitCode).toBe(0);
    expect(made.locked('web-x86_64')).toHaveLength(5001);
    for (const argv of [['tree'], ['why', 'p4999']]) expect((await run(made, ...argv)).exitCode).toBe(0);
  });
});

part('locations', () => {
  const at = (href: string) => project(withApp((xml) => xml.replace(/location href="[^"]*app[^"]*"/, `location href="${href}"`)));

  test.each([
    ['a\\..\\..\\x.rpm', 'has a backslash'],
    ['a&#10;b.rpm', 'has control characters'],
    ['', 'names no file'],
    ['ftp://evil.example/x.rpm', 'is a URL that is neither'],
    ['https://user:password@evil.example/x.rpm', 'has a user or a password in it'],
  ])('a package with %j in primary.xml is skipped, and who asks for it is told', async (href, reason) => {
    await refused(at(href), new RegExp(reason), 3);
  });

  test.each([
    ['../../../etc/cron.d/x.rpm', '../../../etc/cron.d/x.rpm', 'x.rpm'],
    ['a/%2e%2e/%2e%2e/x.rpm', 'a/%2e%2e/%2e%2e/x.rpm', 'x.rpm'],
    ['/etc/passwd', 'etc/passwd', 'app-1-1.x86_64.rpm'],
    ['//evil.example/x.rpm', 'evil.example/x.rpm', 'x.rpm'],
    ['https://evil.example/..%2fx.rpm', 'https://evil.example/..%2fx.rpm', 'app-1-1.x86_64.rpm'],
  ])('%j in primary.xml is a place to read from, and its file has a plain name', async (href, location, filename) => {
    const made = at(href);
    expect((await run(made, 'update')).exitCode).toBe(0);
    expect(made.readLock('web-x86_64').packages[0]).toMatchObject({ location, filename });
  });
});

part('control characters in names', () => {
  const EVIL = 'ev\u009b31mil\u202e&#x85;\u0090';

  test('are refused for packages that are to be locked', async () =>
    refused(
      project(
        withApp((xml) =>
          xml.replace('<name>lib<', `<name>${EVIL}<`).replace(/(<name>ev.*?<format>)/s, `$1${entries('provides', ['lib'])}`),
        ),
      ),
      /has the name `ev\\u009b31mil\\u202e/,
    ));

  test('are shown harmless where nothing provides them', async () =>
    refused(project(appSays(entries('requires', [`${EVIL}&#10;error: all is well`]))), /ev(?:\\x9b|\\u009b)31mil\\u202e/, 3));

  test('are shown harmless by search, info and resolve, also in JSON', async () => {
    const made = project(withApp((xml) => xml.replace('<summary>s', `<summary>${EVIL}`).replace('<name>lib<', `<name>lib-${EVIL}<`)));
    for (const argv of [
      ['search', '*'],
      ['search', 'lib*'],
      ['info', 'app'],
      ['resolve', 'app'],
      ['resolve', 'lib*'],
    ])
      await run(made, ...argv);
  });

  test('are shown harmless where resolve tells why there is no answer', async () => {
    const made = project(appSays(entries('requires', [`${EVIL}&#10;error: all is well`])));
    expect((await run(made, 'resolve', 'app')).stderr).toMatch(/\\u202e/);
  });

  test('are shown harmless in groups, modules and suggestions', async () => {
    const group = plain(
      `<comps><group><id>core${EVIL}</id><name>${EVIL}</name><packagelist><packagereq>${EVIL}</packagereq></packagelist></group></comps>`,
    );
    const modules = plain(
      `---\ndocument: modulemd\nversion: 2\ndata:\n  name: "nodejs"\n  stream: "18"\n  version: 1\n  context: x\n  arch: x86_64\n  summary: s\n  description: d\n  license: { module: [MIT] }\n  profiles:\n    "com\u0085mon\u202e": { rpms: [app] }\n...\n`,
      '.yaml',
    );
    for (const spec of ['@core', '@nodejs:18/comon', '@nodejs:1', `ev*`]) {
      const made = project({ group, modules }, SETS.replace('[app]', JSON.stringify([spec])));
      expect((await run(made, 'update')).exitCode).not.toBe(0);
    }
  });
});

part('duplicates', () => {
  test('of one package are locked once, always the same one', async () => {
    const twice = (xml: string): string =>
      xml.replace(/<package.*?<\/package>/s, (one) => `${one}${one.replace(/pkgid="YES">..../, 'pkgid="YES">ffff')}${one}`);
    const made = project(withApp(twice));
    await locks(made, ['app-1-1.x86_64', 'lib-1-1.x86_64']);
    const first = made.read('rpm-lockfiles/web-x86_64.lock.json');
    await run(made, 'lock');
    expect(made.read('rpm-lockfiles/web-x86_64.lock.json')).toBe(first);
  });

  test('of elements within a package: the last one counts, and no package has two names', async () =>
    locks(project(withApp((xml) => xml.replace('<name>app<', '<name>wrong</name><name>app<'))), ['app-1-1.x86_64', 'lib-1-1.x86_64']));
});

part('checksums', () => {
  test.each([
    ['of an unknown type', '<checksum type="crc32">00000000</checksum>', 'unknown type `crc32`'],
    ['of a type with control characters', '<checksum type="\u009b31m">00</checksum>', 'unknown type `\\u009b31m`'],
    ['of md5 only', `<checksum type="md5">${'0'.repeat(32)}</checksum>`, 'has only a md5 checksum'],
    ['of SHA-1 only', `<checksum type="sha">${'0'.repeat(40)}</checksum>`, 'has only a sha1 checksum'],
    ['that are none', '', 'has no checksum'],
  ])('%s in repomd.xml are refused', async (_, checksum, reason) => {
    const made = project({ primary: { ...plain(GOOD), checksum } });
    const { stderr, exitCode } = await run(made, 'update');
    expect(stderr).toContain(reason);
    expect(exitCode).toBe(4);
  });

  test.each([
    ['md5', '0'.repeat(32), /has only a md5 checksum\n.*`allow_weak_checksums: true`/s],
    ['sha1', '0'.repeat(40), /has only a sha1 checksum\n.*`allow_weak_checksums: true`/s],
    ['whirlpool', '00', /no sha256 checksum/],
    ['sha256', '00', /has the sha256 `00`/],
  ])('of packages of type %s, %j, are in no lock', async (type, value, reason) => {
    const made = project(
      withApp((xml) => xml.replace(/<checksum type="sha256" pkgid="YES">[0-9a-f]*</, `<checksum type="${type}" pkgid="YES">${value}<`)),
    );
    await refused(made, reason);
  });
});

test('the table in docs/reliability.md lists exactly these parts', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
  const rows = docs.slice(docs.indexOf('| metadata |')).split('\n\n')[0]!.split('\n').slice(2);
  expect(rows.map((row) => row.split('|')[1]!.trim())).toEqual(parts);
});
