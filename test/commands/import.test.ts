import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXPORT_FORMATS, type ExportFormat } from '../../src/manifest/export-names.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

const SETS = `sets:
  web: { packages: [app, tools] }
  base: { architectures: [x86_64], packages: [tools, "pinned-1-1"] }
`;

/** Two sets for two architectures, in which each package but the requested ones is needed by another. */
async function lockedProject(): Promise<CliProject> {
  const project = cliProject(SETS);
  for (const arch of ['x86_64', 's390x']) {
    const lines = [`app-2:1.0^git~1-1.${arch} requires: lib, data`, `lib-1-1.${arch} requires: loop`, `loop-1-1.${arch} requires: lib`];
    project.mirror(arch, [...lines, 'data-1-1.noarch', `tools-3-1.${arch} requires: lib`, `pinned-1-1.${arch}`, `pinned-2-1.${arch}`]);
  }
  expect((await project.run('update')).exitCode).toBe(0);
  return project;
}

/** Files by which `import` knows the set and architecture that a format does not have. */
const FILES: Readonly<Record<ExportFormat, string>> = {
  'rpms.lock.yaml': 'rpms.lock.yaml',
  'packages.manifest.yaml': 'packages.manifest.yaml',
  bazeldnf: 'web-s390x.json',
  cyclonedx: 'web.cdx.json',
  spdx: 'web.spdx.json',
  kickstart: 'web.ks',
  aria2: 'web-s390x.aria2',
  list: 'web-s390x.txt',
  rpmtree: 'web-s390x.bzl',
};

test.each(EXPORT_FORMATS)('what `export --format %s` writes comes back as roots, and is locked as it was', async (format) => {
  const { run, read, write, readLock, directory } = await lockedProject();
  const file = FILES[format];
  await run('export', '--format', format, '--set', 'web', '--arch', 's390x', '--output', file);
  // These name no repository: without metadata nobody knows what needs what.
  const alone = ['kickstart', 'list'].includes(format);
  write('base.repo', '[base]\nbaseurl=https://mirror.stream.centos.org/$basearch/\n');
  const { exitCode, stderr } = await run('import', file, ...(alone ? ['base.repo'] : []), '--manifest', 'new.yaml');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('not carried over: versions and checksums')]);
  const text = read('new.yaml');
  const manifest = parse(text) as { architectures: string[]; sets: Record<string, { packages: string[] }> };
  const [set = ''] = Object.keys(manifest.sets);
  expect(manifest).toMatchObject({ architectures: ['s390x'], sets: { [set]: { packages: ['app', 'tools'] } } });
  expect(text).toContain('# not carried over: versions and checksums');
  const locked = await run('lock', '--manifest', 'new.yaml', '--lockfiles', 'again', '--mirror', `${directory}/mirror`);
  expect([locked.exitCode, locked.stderr]).toEqual([0, expect.any(String)]);
  const again = JSON.parse(read(`again/${set}-s390x.lock.json`)) as { packages: { name: string; sha256: string }[] };
  const ids = (packages: readonly { name: string; sha256: string }[]): string[] => packages.map(({ name, sha256 }) => `${name} ${sha256}`);
  expect(ids(again.packages)).toEqual(ids(readLock('web-s390x').packages));
});

test('of packages that provide the same, the one of the file is a root; a package without architecture is only for those that have it', async () => {
  const project = cliProject(
    'sets: { web: { packages: [app, zools, { name: firmware, architectures: [x86_64] }] }, more: { packages: [app] } }\n',
  );
  for (const arch of ['x86_64', 's390x']) {
    const lines = [`app-1-1.${arch} requires: tools`, `tools-1-1.${arch}`, `zools-1-1.${arch} provides: tools conflicts: tools-full`];
    project.mirror(arch, [...lines, `tools-full-1-1.${arch}`, ...(arch === 'x86_64' ? ['firmware-1-1.noarch'] : [])]);
  }
  expect((await project.run('lock', '--set', 'web')).exitCode).toBe(0);
  project.write('base.repo', '[base]\nbaseurl=https://mirror.stream.centos.org/$basearch/\n');
  for (const [format, file, repo] of [
    ['rpms.lock.yaml', 'rpms.lock.yaml'],
    ['packages.manifest.yaml', 'packages.manifest.yaml'],
    ['bazeldnf', 'web.json'],
    ['aria2', 'web.aria2'],
    ['list', 'web.txt', 'base.repo'],
    ['rpmtree', 'web.bzl'],
  ] as const) {
    await project.run('export', '--format', format, '--set', 'web', '--output', file);
    const manifest = `${format}-new.yaml`;
    const { stderr } = await project.run('import', file, ...(repo === undefined ? [] : [repo]), '--manifest', manifest);
    expect([format, stderr]).toEqual([format, expect.not.stringContaining('no repository has')]);
    const options = ['--manifest', manifest, '--lockfiles', `${format}-locks`, '--mirror', `${project.directory}/mirror`];
    expect([format, await project.run('lock', ...options)]).toEqual([format, expect.objectContaining({ exitCode: 0 })]);
    const [set = ''] = Object.keys((parse(project.read(manifest)) as { sets: object }).sets);
    for (const arch of ['x86_64', 's390x']) {
      const names = (lock: string): string[] =>
        (JSON.parse(project.read(lock)) as { packages: { name: string }[] }).packages.map(({ name }) => name);
      expect([format, names(`${format}-locks/${set}-${arch}.lock.json`)]).toEqual([format, names(`rpm-lockfiles/web-${arch}.lock.json`)]);
    }
  }
});

test('lockfiles come back as the request, with pins under versions and the repositories that they name', async () => {
  const { run, read } = await lockedProject();
  const locks = ['web-x86_64', 'web-s390x', 'base-x86_64'].map((name) => `rpm-lockfiles/${name}.lock.json`);
  expect((await run('import', ...locks, '--manifest', 'new.yaml')).exitCode).toBe(0);
  expect(parse(read('new.yaml'))).toEqual({
    schema_version: '1.0',
    architectures: ['x86_64', 's390x'],
    mirror: 'https://mirror.stream.centos.org',
    repositories: [{ id: 'base', baseurl: '$mirror/$basearch' }],
    versions: { PINNED_VERSION: '1-1' },
    sets: {
      web: { packages: ['app', 'tools'] },
      base: { architectures: ['x86_64'], packages: ['tools', `pinned-\${PINNED_VERSION}`] },
    },
  });
  expect(read('new.yaml')).not.toContain('not carried over');
});

test('a lockfile of schema 1.0 becomes roots by the metadata; what only the metadata knows is said', async () => {
  const { run, read, write, readLock } = await lockedProject();
  const { packages } = readLock('web-s390x');
  const plain = packages.map(({ name, epoch, version, release, arch, sha256, filename }) => ({
    name,
    epoch,
    version,
    release,
    arch,
    sha256,
    filename,
  }));
  const old = (more: readonly object[], without = ''): string =>
    JSON.stringify({
      schema_version: '1.0',
      architecture: 's390x',
      package_set: 'web',
      packages: [...plain.filter(({ name }) => name !== without), ...more],
    });
  write('repo.repo', `[base]\nbaseurl=$mirror/$basearch/\n`);
  write('old.lock.json', old([{ ...plain[0], name: 'gone' }], 'data'));
  const { stderr, exitCode } = await run('import', 'old.lock.json', 'repo.repo', '--manifest', 'new.yaml');
  expect(exitCode).toBe(0);
  expect(parse(read('new.yaml'))).toMatchObject({ sets: { web: { packages: ['app', 'gone', 'tools'] } } });
  expect(stderr).toContain('what needs gone: no repository has it any more');
  expect(stderr).toContain('that data was left out, which its packages need');
  // Without a mirror every package is listed, with the reason.
  write('old2.lock.json', old([]));
  const away = await run('import', 'old2.lock.json', 'repo.repo', '--manifest', 'all.yaml', '--mirror', 'missing');
  expect([away.exitCode, away.stderr]).toEqual([
    0,
    expect.stringContaining('every package is listed, because the repositories cannot be read'),
  ]);
  expect(parse(read('all.yaml'))).toMatchObject({ sets: { web: { packages: ['app', 'data', 'lib', 'loop', 'tools'] } } });
});

test('a file in another format is refused with the formats that there are, and without a byte of it', async () => {
  const { run, write } = cliProject();
  for (const [name, text] of [
    ['notes.txt', 'secret-token is here: 1\nand more\n'],
    ['broken.json', '{"secret-token": '],
    ['broken.yaml', 'secret-token: [\n'],
    ['other.yaml', 'secret-token: { a: 1 }\n'],
    ['list.json', '[]'],
    ['WORKSPACE', 'http_archive(name = "secret-token")\n'],
    ['empty.txt', ''],
    ['script.sh', 'secret_token() { :; }\n'],
    ['odd.ks', '%packages\nsecret-token\n'],
    ['packages.manifest.yaml', 'document: rpm-package-manifest\nversion: secret-token\ndata: 3\n'],
  ] as const) {
    write(name, text);
    const { exitCode, stderr, stdout } = await run('import', name, '--arch', 's390x');
    expect([name, exitCode, stdout]).toEqual([name, 2, '']);
    expect(stderr).toContain('has an unrecognized format');
    expect([name, stderr.includes('not valid')]).toEqual([name, name.startsWith('broken')]);
    expect(stderr).toContain('packages.manifest.yaml');
    expect(stderr).not.toContain('secret');
    expect(stderr.length).toBeLessThan(1200);
  }
  write('acl.sh', '#!/bin/sh\nlist="acl tar"\0');
  expect(await run('import', 'acl.sh')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('error: `acl.sh` is not a text file\n'),
  });
  write('Dockerfile', 'FROM base\nRUN dnf install -y acl\n');
  expect((await run('import', 'Dockerfile')).stderr).toContain(
    'hint: name it in a manifest instead: `packages_from_containerfile: { containerfile: FILE }` in a set',
  );
  expect(await run('import', '.')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is a folder') });
  for (const [name, text] of [
    ['twice-s390x.json', '{"a": ["acl\\": "],\n "web": ["a"], "b": [],\n "web": ["b"]}'],
    ['twice-s390x.yaml', 'a: [acl]\nweb: [a]\nweb: [b]\n'],
  ] as const) {
    write(name, text);
    const line = `error: ${name}:3: the key \`web\` occurs twice\n`;
    expect(await run('import', name)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(line) });
  }
});

test('no login of an imported file is in the manifest or a message, wherever it stands', async () => {
  const { run, write, read } = cliProject();
  write('k.ks', 'url --url=http://me:s3cretOne@a.test/os/\n%packages\nacl\n%end\n');
  write('rpm.sh', 'bazeldnf rpmtree --public --name tree --basesystem acl --repofile http://me:s3cretTwo@b.test/r acl\n');
  const origin = `repofiles: ['http://me:s3cretThree@c.test/x.repo?token=s3cretFour'], repos: [{ repoid: r, baseurl: 'http://c.test/', proxy: 'http://me:s3cretFive@p.test:1', gpgkey: 'http://me:s3cretSix@k.test/' }, { repoid: s, baseurl: 'http://d.test/', proxy: 'me:s3cretSeven@q.test:1' }]`;
  write('rpms.in.yaml', `arches: [x86_64]\npackages: [acl]\ncontentOrigin: { ${origin} }\n`);
  const { exitCode, stdout, stderr } = await run('import', 'k.ks', 'rpm.sh', 'rpms.in.yaml', '--manifest', 'new.yaml', '--arch', 'x86_64');
  const text = read('new.yaml');
  expect(`${exitCode} ${stdout}${stderr}${text}`).not.toContain('s3cret');
  expect(parse(text)).toMatchObject({ repofiles: ['http://c.test/x.repo'] });
  for (const server of ['http://a.test', 'http://b.test/r', 'http://p.test:1', 'q.test:1', 'http://k.test/'])
    expect(text).toContain(server);
  expect(stderr).toContain('the login in the URL of a repository file');
});

test('.repo files, repo.yaml and versionlock.list without packages give the rest of a manifest', async () => {
  const { run, write, read } = cliProject();
  write(
    'a.repo',
    '[base]\nname=Base\nbaseurl=https://me:secret@mirror.test/os/$basearch/\nusername=me\npassword=secret\nmystery=1\npriority=5\ngpgkey=https://mirror.test/KEY\n',
  );
  write('versionlock.list', '# 1.17 dropped the tables\nseabios-0:1.16.3-4.el9.*\n!qemu-9*\n0:bash-5.1-*.el9\n');
  const { stderr } = await run('import', 'a.repo', 'versionlock.list', '--manifest', 'new.yaml', '--arch', 's390x');
  const text = read('new.yaml');
  expect(parse(text)).toMatchObject({
    repositories: [{ id: 'base', baseurl: ['$mirror/os/$basearch/'], priority: 5, gpgkey: ['https://mirror.test/KEY'] }],
    sets: { tools: { packages: ['bash'], exclude: ['qemu-9*'] } },
    holds: [
      { package: 'seabios', version: '0:1.16.3-4.el9', reason: '1.17 dropped the tables' },
      { package: 'bash', version: '0:5.1-*' },
    ],
  });
  expect(text).not.toContain('secret');
  expect(stderr).toContain('the imported files name no packages');
  expect(stderr).toContain('the login in its URL');
  expect(stderr).toContain('`mystery` of a.repo');
  expect(stderr).toContain('`password`, which does not belong in a manifest');
  expect(text).toContain('# not carried over: `mystery` of a.repo');
  write(
    'repo.yaml',
    'repositories:\n- { arch: x86_64, name: c/base-x86_64, baseurl: "http://m.test/x86_64/os/" }\n- { arch: s390x, name: c/base-s390x, baseurl: "http://m.test/s390x/os/" }\n',
  );
  await run('import', 'repo.yaml', '--manifest', 'both.yaml');
  expect(parse(read('both.yaml'))).toMatchObject({
    architectures: ['x86_64', 's390x'],
    repositories: [{ id: 'c-base', baseurl: '$mirror/$basearch/os/' }],
  });
  expect(read('both.yaml')).toContain('# was c/base-x86_64, c/base-s390x');
  write('repo.yaml', read('repo.yaml').replace('s390x/os/"', 's390x/os/", disabled: true'));
  await run('import', 'repo.yaml', '--manifest', 'one.yaml');
  expect(parse(read('one.yaml'))).toMatchObject({
    repositories: [
      { id: 'c-base', architectures: ['x86_64'] },
      { architectures: ['s390x'], enabled: false },
    ],
  });
});

test('rpms.in.yaml keeps everything that `lock --manifest rpms.in.yaml` reads', async () => {
  const { run, write, read } = cliProject();
  write(
    'rpms.in.yaml',
    `contentOrigin: { repos: [{ repoid: base, baseurl: "https://m.test/$basearch/" }] }
arches: [x86_64, aarch64]
packages: [make, { name: seabios, arches: { only: x86_64 } }]
moduleEnable: ["nodejs:20"]
context: { image: "registry.test/base:1" }
installWeakDeps: true
`,
  );
  expect((await run('import', 'rpms.in.yaml', '--manifest', 'new.yaml')).exitCode).toBe(0);
  expect(parse(read('new.yaml'))).toMatchObject({
    architectures: ['x86_64', 'aarch64'],
    repositories: [{ id: 'base', baseurl: '$mirror/$basearch/' }],
    sets: {
      rpms: {
        packages: ['make', { name: 'seabios', architectures: ['x86_64'] }],
        base: { image: 'registry.test/base:1' },
        modules: { enable: ['nodejs:20'] },
        options: { weak_dependencies: true },
      },
    },
  });
});

test('rpms.in.yaml without installWeakDeps installs weak dependencies, and a value of $releasever is named', async () => {
  const { run, write, read } = cliProject();
  const origin = 'contentOrigin: { repos: [{ repoid: base, baseurl: "https://m.test/$releasever/$basearch/" }] }\narches: [x86_64]\n';
  write('rpms.in.yaml', `${origin}packages: [make]\nvariables: [{ inline: { releasever: "9.5" } }]\n`);
  const { stderr } = await run('import', 'rpms.in.yaml', '--manifest', 'new.yaml');
  expect(parse(read('new.yaml'))).toMatchObject({ sets: { rpms: { packages: ['make'], options: { weak_dependencies: true } } } });
  expect(stderr).toContain('not carried over: the value of `$releasever`: add `releasever: 9.5`');
  write('rpms.in.yaml', `${origin}packagesFromContainerfile: Containerfile\n`);
  write('Containerfile', 'FROM scratch\nRUN dnf install -y --setopt=install_weak_deps=0 make\n');
  const open = await run('import', 'rpms.in.yaml', '--manifest', 'open.yaml');
  expect(parse(read('open.yaml'))).toMatchObject({ sets: { rpms: { packages_from_containerfile: { containerfile: 'Containerfile' } } } });
  expect(read('open.yaml')).not.toMatch(/^ +options:/m);
  expect(open.stderr).toContain('not carried over: weak dependencies');
});

test('files whose values no manifest takes are refused before anything is written', async () => {
  const { run, write, files } = cliProject();
  write('rpms.in.yaml', 'contentOrigin: { repos: [] }\narches: [x86_64]\npackages: [make]\nassumeProvides: 7\n');
  const before = files();
  const { exitCode, stderr } = await run('import', 'rpms.in.yaml', '--manifest', 'new.yaml');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('do not make a valid manifest')]);
  expect(files()).toEqual(before);
});

test('names that YAML would take for something else come through as they are', async () => {
  const { run, write, read } = cliProject();
  const specs = [
    'yes',
    '1.10',
    '0x1f',
    'null',
    '@group',
    '/usr/bin/x',
    'a~b^c+d',
    '*',
    'python*',
    '~',
    'libfoo.so.1()(64bit)',
    'name >= 2.0',
    "it's #1: x",
  ];
  write('odd-x86_64.json', JSON.stringify({ 'set with: spaces': specs, '1.0': ['a'] }));
  expect((await run('import', 'odd-x86_64.json', '--manifest', 'new.yaml')).exitCode).toBe(0);
  expect(parse(read('new.yaml'))).toMatchObject({ sets: { set_with__spaces: { packages: specs }, '1.0': { packages: ['a'] } } });
});

test('i686 packages, source RPMs and module streams: carried over or named, in every format with all sets', async () => {
  const { run, read, write, mirror } = cliProject();
  write(
    'rpm-packages.yaml',
    `architectures: [x86_64, s390x]
repositories:
  - { id: base, baseurl: $mirror/base/$basearch/os/ }
  - { id: base-source, baseurl: $mirror/base/source/tree/, enabled: false }
modules: { enable: ["node:20"] }
sets:
  web: { packages: [app, node, { name: lib.i686, architectures: [x86_64] }], sources: true }
`,
  );
  const modules = `---
document: modulemd
version: 2
data: { name: node, stream: "20", version: 1, context: aa, summary: n, description: n, license: { module: [MIT] }, artifacts: { rpms: ["node-0:20-1.module_el9+1.noarch"] } }
`;
  const source = ['app-1-1.src', 'lib-1-1.src', 'node-20-1.module_el9+1.src'];
  mirror('base/x86_64/os', ['app-1-1.x86_64', 'lib-1-1.i686', 'node-20-1.module_el9+1.noarch'], { modules });
  mirror('base/s390x/os', ['app-1-1.s390x', 'node-20-1.module_el9+1.noarch'], { modules });
  mirror('base/source/tree', source);
  expect(await run('update')).toMatchObject({ exitCode: 0 });
  for (const format of ['bazeldnf', 'aria2']) {
    await run('export', '--format', format, '--output', 'all.out');
    const { exitCode, stderr } = await run('import', 'all.out', '--arch', 's390x', '--manifest', `one-${format}.yaml`);
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/packages for .*`x86_64`.*: only those for s390x are imported/)]);
  }
  const whole = ['rpms.lock.yaml', 'packages.manifest.yaml', 'bazeldnf', 'rpmtree', 'locks'] as const;
  for (const format of whole) {
    const file =
      format === 'locks'
        ? ['rpm-lockfiles/web-x86_64.lock.json', 'rpm-lockfiles/web-s390x.lock.json']
        : [`all-${FILES[format]}`.replace('-s390x', '')];
    if (format !== 'locks') await run('export', '--format', format, '--output', file[0]!);
    const { exitCode, stderr } = await run('import', ...file, '--manifest', `${format}.yaml`);
    expect([format, exitCode, stderr]).toEqual([format, 0, expect.stringContaining('not carried over: module streams')]);
    const made = parse(read(`${format}.yaml`)) as { repositories: { id: string }[]; sets: Record<string, Record<string, unknown>> };
    const [set] = Object.values(made.sets);
    expect([format, set!['packages']]).toEqual([
      format,
      expect.arrayContaining(['app', 'node', { name: 'lib.i686', architectures: ['x86_64'] }]),
    ]);
    const hasSources = ['rpms.lock.yaml', 'locks'].includes(format);
    expect([format, set!['sources'], made.repositories.map(({ id }) => id)]).toEqual([
      format,
      hasSources ? true : undefined,
      hasSources ? ['base', 'base-source'] : ['base'],
    ]);
    expect([format, set!['repositories']]).toEqual([format, undefined]);
  }
});

test('lists as people have them: capabilities with versions, keys of `rpm -qa`, and the line of what is no package', async () => {
  const { run, read, write } = cliProject();
  write('tools.txt', '# tools\nacl # for getfacl\n\nmake >= 4\n/usr/bin/vi\n');
  expect(await run('import', 'tools.txt', '--arch', 'x86_64', '--manifest', 'tools.yaml')).toMatchObject({ exitCode: 0 });
  expect(parse(read('tools.yaml'))).toMatchObject({ sets: { tools: { packages: ['acl', 'make >= 4', '/usr/bin/vi'] } } });
  write('installed-x86_64.txt', 'gpg-pubkey-8483c65d-5ccc5b19\nacl-2.3.1-4.el9.x86_64\n');
  const installed = await run('import', 'installed-x86_64.txt', '--manifest', 'installed.yaml');
  expect(installed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('not carried over: keys of the rpm database') });
  expect(parse(read('installed.yaml'))).toMatchObject({ sets: { installed: { packages: ['acl'] } } });
  write('wrong.txt', 'acl\nbash\nfoo,bar\n');
  const wrong = await run('import', 'wrong.txt', '--arch', 'x86_64', '--manifest', 'wrong.yaml');
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('wrong.txt:3 is not a package')]);
});

test('lists in JSON and YAML as people write them: by architecture, without a set, with something else beside them, with CRLF', async () => {
  const { run, read, write } = cliProject();
  const setsOf = async (name: string, text: string, ...more: string[]): Promise<unknown> => {
    write(name, text);
    expect([name, await run('import', name, '--manifest', `${name}.new.yaml`, ...more)]).toMatchObject([name, { exitCode: 0 }]);
    return (parse(read(`${name}.new.yaml`)) as { sets: unknown }).sets;
  };
  const both = { db: { packages: ['acl', { name: 'tar', architectures: ['s390x'] }] } };
  expect(await setsOf('a.json', '{ "db": { "x86_64": ["acl"], "s390x": ["acl", "tar"] } }')).toEqual(both);
  expect(await setsOf('b.yaml', 'x86_64:\r\n  db: [acl]\r\ns390x:\r\n  db:\r\n  - acl\r\n  - tar\r\n')).toEqual(both);
  expect(await setsOf('c.json', '["acl"]', '--arch', 's390x')).toEqual({ c: { packages: ['acl'] } });
  expect(await setsOf('d-s390x.yaml', '- acl\n')).toEqual({ d: { packages: ['acl'] } });
  expect(await setsOf('e-s390x.json', '{ "web": ["acl"], "note": "later" }')).toEqual({ web: { packages: ['acl'] } });
  expect(read('e-s390x.json.new.yaml')).toContain('# not carried over: keys of e-s390x.json that have no list of packages: `note`');
  write('package.json', '{ "name": "x", "version": "1", "scripts": { "a": "b" }, "keywords": ["rpm"] }');
  expect(await run('import', 'package.json', '--arch', 's390x')).toMatchObject({ exitCode: 2 });
});

test('a bill of materials of another tool: what is no RPM package is counted, keys too', async () => {
  const { run, read, write } = cliProject();
  const purls = [
    'pkg:rpm/centos/acl@2.3.1-4.el9?arch=x86_64',
    'pkg:rpm/centos/gpg-pubkey@8483c65d-5ccc5b19',
    'pkg:pypi/requests@2.0',
    'pkg:rpm/centos/tar@1.34-7.el9?arch=src',
    'pkg:rpm/centos/%zz@1',
  ];
  const components: object[] = purls.map((purl) => ({ purl, 'bom-ref': purl }));
  // Components may hold components.
  components.push({ name: 'layer', components: [{ components: [{ purl: 'pkg:rpm/centos/libstdc%2B%2B@11.5.0-2.el9?arch=x86_64' }] }] });
  write('image.cdx.json', JSON.stringify({ bomFormat: 'CycloneDX', components }));
  const { exitCode, stderr } = await run('import', 'image.cdx.json', '--manifest', 'new.yaml');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('not carried over: 6 components that are no RPM packages')]);
  expect(parse(read('new.yaml'))).toMatchObject({ architectures: ['x86_64'], sets: { image: { packages: ['acl', 'libstdc++'] } } });
});

test('a bill of materials without RPM packages gives none, and needs no architecture', async () => {
  const { run, write } = cliProject();
  for (const components of [7, [], [{ purl: 'pkg:pypi/requests@2.0' }]]) {
    write('image.cdx.json', JSON.stringify({ bomFormat: 'CycloneDX', components }));
    const { exitCode, stderr } = await run('import', 'image.cdx.json', '--manifest', `${JSON.stringify(components).length}.yaml`);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('the imported files name no packages')]);
    expect(stderr).toContain(': 1 set for ');
    expect(stderr.includes('1 component that is no RPM package')).toBe(Array.isArray(components) && components.length > 0);
  }
});

test('dependencies in a bill of materials give the roots, and the metadata the choices that the solver would not make again', async () => {
  const project = cliProject('sets: { web: { packages: [app, zools] } }\n');
  const lines = ['app-1-1.x86_64 requires: tools', 'tools-1-1.x86_64', 'zools-1-1.x86_64 provides: tools conflicts: tools-full'];
  project.mirror('x86_64', [...lines, 'tools-full-1-1.x86_64']);
  project.write('base.repo', '[base]\nbaseurl=https://mirror.stream.centos.org/$basearch/\n');
  const refs = ['app', 'zools', 'gone'].map((name) => `pkg:rpm/centos/${name}@1-1?arch=x86_64`);
  const [app, zools, gone] = refs;
  const components = refs.map((purl) => ({ 'bom-ref': purl, purl }));
  const dependencies = [{ ref: app, dependsOn: [zools, gone] }];
  project.write('image.cdx.json', JSON.stringify({ bomFormat: 'CycloneDX', components, dependencies }));
  const relationships = [zools, gone].map((ref) => ({ spdxElementId: ref, relationshipType: 'DEPENDENCY_OF', relatedSpdxElement: app }));
  const externalRefs = (purl: string): object[] => [{ referenceType: 'purl', referenceLocator: purl }];
  const packages = refs.map((purl) => ({ SPDXID: purl, externalRefs: externalRefs(purl) }));
  project.write('image.spdx.json', JSON.stringify({ spdxVersion: 'SPDX-2.3', packages, relationships }));
  for (const file of ['image.cdx.json', 'image.spdx.json']) {
    expect(await project.run('import', file, 'base.repo', '--manifest', `${file}.yaml`)).toMatchObject({ exitCode: 0 });
    expect([file, parse(project.read(`${file}.yaml`))]).toMatchObject([file, { sets: { image: { packages: ['app', 'zools'] } } }]);
    const away = await project.run('import', file, 'base.repo', '--manifest', `${file}-away.yaml`, '--mirror', 'missing');
    expect(away.stderr).toContain('not carried over: choices between packages that provide the same');
    expect([file, parse(project.read(`${file}-away.yaml`))]).toMatchObject([file, { sets: { image: { packages: ['app'] } } }]);
  }
});

test('scripts that are imported together source each other, and lockfiles beside them add no packages to their request', async () => {
  const { run, read, write } = await lockedProject();
  write('hack/lists.sh', 'VERSION=1-1\nshared="\n  app\n  tools\n"\n');
  const call = (set: string, words: string): string => `bazel run //:bazeldnf -- rpmtree --nobest --name ${set}_x86_64 ${words}`;
  write(
    'hack/deps.sh',
    `source hack/lists.sh\nsource hack/common.sh\n${call('web', '$shared')}\n${call('db', '$shared "pinned-${VERSION}"')}\n`,
  );
  const lock = { schema_version: '1.0', architecture: 'x86_64', package_set: 'web', packages: [] as object[] };
  lock.packages = ['app', 'lib'].map((name) => ({
    name,
    epoch: '0',
    version: '1',
    release: '1',
    arch: 'x86_64',
    sha256: 'a'.repeat(64),
    filename: `${name}.rpm`,
  }));
  write('old.lock.json', JSON.stringify(lock));
  const { exitCode, stderr } = await run('import', 'hack/lists.sh', 'hack/deps.sh', 'old.lock.json', '--manifest', 'new.yaml');
  expect([exitCode, stderr]).toEqual([
    0,
    expect.stringContaining('not carried over: files that deps.sh reads, which are not read: `hack/common.sh`'),
  ]);
  expect(stderr).toContain('web: not carried over: the list of all packages in one file: another file has what was requested');
  expect(parse(read('new.yaml'))).toMatchObject({
    versions: { VERSION: '1-1' },
    groups: { shared: ['app', 'tools'] },
    sets: { web: { groups: ['shared'] }, db: { groups: ['shared'], packages: [`pinned-\${VERSION}`] } },
  });
});

test('a set of a script has the repositories of its own --repofile, and two releases have ids that tell them apart', async () => {
  const { run, read, write } = cliProject();
  const repository = (name: string, release: string): string =>
    `- { name: ${name}, arch: x86_64, baseurl: "https://m.example.org/${release}/BaseOS/x86_64/os/" }\n`;
  write('rpm/cs9.yaml', `repositories:\n${repository('baseos', '9-stream')}`);
  write('rpm/cs10.yaml', `repositories:\n${repository('baseos', '10-stream')}`);
  const tree = (set: string, file: string): string => `bazeldnf rpmtree --nobest --name ${set}_x86_64 --repofile ${file} acl\n`;
  write('deps.sh', `${tree('web-cs9', 'rpm/cs9.yaml')}${tree('web-cs10', 'rpm/cs10.yaml')}${tree('other', 'rpm/more.yaml')}`);
  write('MODULE.bazel', 'bazeldnf.config(name = "mod", rpms = ["acl"], nobest = True, repofile = "//rpm:cs10.yaml")\n');
  const { stderr } = await run('import', 'deps.sh', 'MODULE.bazel', 'rpm/cs9.yaml', 'rpm/cs10.yaml', '--manifest', 'new.yaml');
  expect(stderr).toContain('the repositories in rpm/more.yaml: import that file too');
  expect(parse(read('new.yaml'))).toMatchObject({
    repositories: [
      { id: 'baseos', baseurl: '$mirror/9-stream/BaseOS/$basearch/os/' },
      { id: 'baseos-10-stream', baseurl: '$mirror/10-stream/BaseOS/$basearch/os/' },
    ],
    sets: {
      'web-cs9': { repositories: ['baseos'] },
      'web-cs10': { repositories: ['baseos-10-stream'] },
      mod: { repositories: ['baseos-10-stream'] },
    },
  });
  expect((parse(read('new.yaml')) as { sets: { other: object } }).sets.other).toEqual({ packages: ['acl'] });
});

test('what is not carried over is named: settings that differ, words that are no package, architectures, conditions of dnf5', async () => {
  const { run, read, write } = cliProject();
  const repository = (name: string, more: string): string =>
    `- { name: ${name}, arch: x86_64, baseurl: "https://a.example.org/x/", metalink: "https://b.example.org/m", ${more} }\n`;
  write(
    'repo.yaml',
    `repositories:\n- { name: other, arch: riscv, baseurl: "https://a.example.org/riscv/" }\n${repository('one', 'priority: 5, gpgkey: "https://a.example.org/k", gpgcheck: false')}${repository('two', 'priority: 7')}`,
  );
  write('lists.yaml', 'base: &base [acl]\nweb: *base\n');
  write(
    'versionlock.toml',
    `[[packages]]
name = "bash"
comment = "broken later"
conditions = [{ key = "evr", comparator = "=", value = "5.2-1" }]
[[packages]]
name = "acl"
conditions = [{ key = "evr", comparator = "<", value = "3-1" }]
`,
  );
  write('main.repo', '[main]\nexclude=bash\nkeepcache=1\n[main-base]\nbaseurl=https://c.example.org/\ngpgcheck=1\n');
  write('rpms.in.yaml', 'packages: [acl]\narches: [x86_64]\nexclude: [bash]\n');
  const manifest = { document: 'rpm-package-manifest', data: { packages: { mips: [{ name: 'acl' }], x86_64: [{ name: 'tar' }] } } };
  write('packages.manifest.yaml', JSON.stringify(manifest));
  write('deps.sh', `#!/bin/bash\nbazeldnf rpmtree --nobest --name web_x86_64 acl '^odd'\n`);
  const files = ['repo.yaml', 'lists.yaml', 'main.repo', 'rpms.in.yaml', 'versionlock.toml', 'packages.manifest.yaml', 'deps.sh'];
  const { exitCode, stderr } = await run('import', ...files, '--arch', 'x86_64', '--manifest', 'new.yaml');
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  for (const text of [
    '`gpgcheck` of repo.yaml, which bazeldnf does not read',
    '`priority: 7`, which another file or architecture has differently',
    'the conditions for `acl` in versionlock.toml',
    'what is for architectures that rpm-deps does not know: `mips`',
    'what is for architectures that rpm-deps does not know: `riscv`',
    'options of `[main]` of main.repo: `exclude`\n',
    'unknown key `exclude`\n',
    'gpgcheck (without gpgkey signatures are not checked)',
    'words that name no package: `^odd`',
  ]) {
    expect(stderr).toContain(text);
    expect(read('new.yaml')).toContain(text);
  }
  expect(parse(read('new.yaml'))).toMatchObject({
    repositories: [
      { id: 'one', baseurl: 'https://a.example.org/x/', metalink: 'https://b.example.org/m', priority: 5 },
      { id: 'main-base' },
    ],
    sets: { base: { packages: ['acl'] }, web: { packages: ['acl'] } },
    holds: [{ package: 'bash', version: '5.2-1', reason: 'broken later' }],
  });
});
