import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

async function project(): Promise<CliProject> {
  const made = cliProject('sets: { web: { packages: [app] }, base: { packages: [lib] } }\n');
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, [`app-2:1.0^git~1-1.${arch} requires: lib`, 'lib-1-1.noarch']);
  await made.run('update');
  return made;
}

test('rpms.lock.yaml has each package once for each architecture, with the whole URL', async () => {
  const { run, readLock } = await project();
  const lock = parse((await run('export', '--format', 'rpms.lock.yaml')).stdout) as Record<string, unknown>;
  expect(lock).toMatchObject({
    lockfileVersion: 1,
    lockfileVendor: 'redhat',
    arches: [{ arch: 's390x' }, { arch: 'x86_64', source: [], module_metadata: [] }],
  });
  expect((lock['arches'] as { packages: unknown[] }[])[1]!.packages).toEqual([
    {
      url: `https://mirror.stream.centos.org/x86_64/Packages/app-1.0%5Egit~1-1.x86_64.rpm`,
      repoid: 'base',
      size: 1000,
      checksum: `sha256:${readLock('web-x86_64').packages[0]!.sha256}`,
      name: 'app',
      evr: '2:1.0^git~1-1',
      sourcerpm: 'app-1.0^git~1-1.src.rpm',
    },
    expect.objectContaining({ name: 'lib' }),
  ]);
});

test('packages.manifest.yaml keeps the place within the repository', async () => {
  const { run } = await project();
  expect(parse((await run('export', '--format', 'packages.manifest.yaml', '--arch', 's390x')).stdout)).toMatchObject({
    document: 'rpm-package-manifest',
    version: '0.2.2',
    data: {
      repositories: [{ id: 'base-s390x' }],
      packages: {
        s390x: [{ name: 'app', repo_id: 'base-s390x', location: 'Packages/app-1.0^git~1-1.s390x.rpm', evr: '2:1.0^git~1-1' }],
        noarch: [{ name: 'lib', parent_archs: ['s390x'] }],
      },
    },
  });
});

test('cyclonedx holds one lock, and bazeldnf one or all', async () => {
  const { run, readLock } = await project();
  expect(JSON.parse((await run('export', '--format', 'bazeldnf')).stdout)).toMatchObject({ name: 'rpms' });
  expect(await run('export', '--format', 'cyclonedx')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('4 lockfiles were chosen'),
  });
  const one = ['--set', 'web', '--arch', 's390x'];
  const bazel = JSON.parse((await run('export', '--format', 'bazeldnf', ...one)).stdout) as { rpms: { integrity: string }[] };
  expect(bazel).toMatchObject({
    name: 'web',
    targets: ['app'],
    rpms: [{ id: 'app', dependencies: ['lib'], repository: 'base' }, { id: 'lib' }],
  });
  expect(Buffer.from(bazel.rpms[0]!.integrity.slice(7), 'base64').toString('hex')).toBe(readLock('web-s390x').packages[0]!.sha256);
  const bom = JSON.parse((await run('export', '--format', 'cyclonedx', ...one)).stdout) as { components: { purl: string }[] };
  expect(bom.components[0]!.purl).toContain('app@1.0%5Egit~1-1?arch=s390x&checksum=sha256%3A');
});

test('a union in which sets have different versions of a package is exported with a warning', async () => {
  const { run, read, write } = await project();
  const path = 'rpm-lockfiles/base-x86_64.lock.json';
  write(path, read(path).replaceAll('"release": "1"', '"release": "2"'));
  const { stderr, exitCode } = await run('export', '--format', 'rpms.lock.yaml');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('several versions of lib.noarch: 1-2 (base), 1-1 (web)')]);
});

test('a list is one NEVRA a line, and --output writes a file', async () => {
  const { run, read } = await project();
  expect(await run('export', '--format', 'list', '--arch', 's390x', '--output', 'x/list')).toMatchObject({ exitCode: 0, stdout: '' });
  expect(read('x/list')).toBe('app-2:1.0^git~1-1.s390x\nlib-0:1-1.noarch\n');
  expect((await run('export')).exitCode).toBe(2);
});

test('lists of packages become a manifest in which what differs between architectures is scoped', async () => {
  const { run, write, read } = cliProject();
  write('sets-x86_64.json', '{"web": ["app", "seabios"], "base": ["lib"]}');
  write('sets-s390x.json', '{"web": ["app", "qemu-17:9.1.0-7.el9"]}');
  expect((await run('import', 'sets-x86_64.json', 'sets-s390x.json')).exitCode).toBe(0);
  expect(read('rpm-packages.yaml')).toBe(`schema_version: "1.0"
architectures: [x86_64, s390x]
versions:
  QEMU_VERSION: 17:9.1.0-7.el9
sets:
  web:
    packages:
      - app
      - { name: seabios, architectures: [x86_64] }
      - { name: "qemu-\${QEMU_VERSION}", architectures: [s390x] }
  base:
    architectures: [x86_64]
    packages:
      - lib
`);
  expect(await run('check')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('there is no lock') });
});

test('lockfiles and rpms.in.yaml can be imported; nothing else, and never over a manifest', async () => {
  const { run, write, read } = cliProject();
  const one = { epoch: '0', version: '1', release: '1', arch: 's390x', sha256: 'a'.repeat(64), filename: 'acl-1-1.s390x.rpm' };
  write(
    'old.lock.json',
    JSON.stringify({ schema_version: '1.0', architecture: 's390x', package_set: 'web', packages: [{ name: 'acl', ...one }] }),
  );
  write('rpms.in.yaml', 'arches: [x86_64, aarch64]\npackages: [make, { name: seabios, arches: { only: x86_64 } }]\n');
  await run('import', 'old.lock.json', 'rpms.in.yaml', '--manifest', 'new.yaml');
  expect(read('new.yaml')).toContain(
    '  rpms:\n    architectures: [x86_64, aarch64]\n    packages:\n      - make\n      - { name: seabios, architectures: [x86_64] }',
  );
  expect(await run('import', 'old.lock.json', '--manifest', 'new.yaml')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('already exists'),
  });
  write('odd.yaml', '- a: 1\n');
  expect(await run('import', 'odd.yaml')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('unrecognized format') });
  write('list.json', '{"web": ["a"]}');
  expect(await run('import', 'list.json')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('name it with --arch') });
  expect(await run('import', 'missing.json')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('`missing.json` cannot be read: it does not exist'),
  });
});

test('init writes a manifest that is understood, once', async () => {
  const { run, files } = cliProject();
  expect((await run('init')).exitCode).toBe(0);
  expect(await run('check')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('tools-s390x.lock.json') });
  const before = files();
  expect(await run('init')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('already exists') });
  expect((await run('init', '--set', 'x')).exitCode).toBe(2);
  expect(files()).toEqual(before);
});

test('the cache is shown and cleaned; fetched RPMs and files of others stay', async () => {
  const { run, write, directory } = await project();
  write('.cache/content-v1/sha256/ab/cdef', 'an rpm');
  write('.cache/mine.txt', 'not of rpm-deps');
  expect((await run('cache', 'info', '--json')).json).toMatchObject({
    folders: [{ name: 'metadata-v1' }, { name: 'stamps-v1' }, { name: 'content-v1', files: 1, bytes: 6 }],
  });
  expect((await run('cache', 'info')).stdout).toContain('metadata-v1');
  expect((await run('cache', 'clean', '--max-size', 'lots')).exitCode).toBe(2);
  expect((await run('cache', 'clean', '--max-size', '1GB', '--json')).json).toMatchObject({ removed: 0 });
  expect((await run('cache', 'clean')).exitCode).toBe(0);
  const left = (): string[] =>
    readdirSync(join(directory, '.cache'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  expect(left()).toEqual(['cdef', 'mine.txt']);
  await run('cache', 'clean', '--rpms');
  expect(left()).toEqual(['mine.txt']);
});
