import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { TAG } from '../../src/rpm/rpm-tags.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { hermetoProblems } from '../helpers/hermeto-models.ts';
import { rpmRepodata } from '../helpers/rpm-repository.ts';
import { smallRpm } from '../helpers/small-rpm.ts';

const PACKAGES = ['app-1-1.noarch requires: lib', 'lib-1-1.noarch source: app', 'tool-3-1.noarch'];

function project(sources: string, { specs = 'app, tool' } = {}) {
  const made = cliProject();
  made.write(
    'rpm-packages.yaml',
    `architectures: [x86_64, s390x]
repositories:
  - { id: base, baseurl: $mirror/$basearch }
  - { id: base-source, baseurl: $mirror/source, enabled: false }
  - { id: others, baseurl: $mirror/others, enabled: false }
sets: { a: { packages: [${specs}], sources: ${sources} } }
`,
  );
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, PACKAGES);
  made.mirror('source', ['app-1-1.src', 'app-2-1.src']);
  made.mirror('others', ['tool-3-1.src']);
  return made;
}

test('the source RPM of every locked package is locked once, from the repository that dnf would enable', async () => {
  const made = project('true', { specs: 'app' });
  expect((await made.run('lock')).stderr).not.toContain('warning');
  const lock = made.readLock('a-x86_64');
  expect(lock.schema_version).toBe('1.2');
  expect(lock.sources).toEqual([
    {
      ...{ name: 'app', epoch: '0', version: '1', release: '1', arch: 'src', filename: 'app-1-1.src.rpm', repository: 'base-source' },
      ...{
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        location: expect.stringMatching(/app-1-1\.src\.rpm$/),
        size: expect.any(Number),
      },
    },
  ]);
  expect(lock.source_repositories).toEqual([
    expect.objectContaining({ id: 'base-source', baseurl: 'https://mirror.stream.centos.org/source' }),
  ]);
  expect(lock.repositories!.map(({ id }) => id)).toEqual(['base']);
  expect((await made.run('check')).exitCode).toBe(0);
  const before = made.read('rpm-lockfiles/a-x86_64.lock.json');
  for (const command of ['lock', 'update']) {
    expect((await made.run(command)).exitCode).toBe(0);
    expect(made.read('rpm-lockfiles/a-x86_64.lock.json')).toBe(before);
  }
});

test('a source RPM that no repository has is a warning, and an error where all are required', async () => {
  const made = project('true');
  const ran = await made.run('lock', '--json');
  expect([ran.exitCode, (ran.json as { warnings: unknown[] }).warnings]).toEqual([
    0,
    ['x86_64', 's390x'].map((architecture) => ({
      ...{ code: 'SOURCE_MISSING', set: 'a', architecture },
      text: '`tool-3-1.src.rpm` is not locked: the source RPM is in no repository',
    })),
  ]);
  expect(((await made.run('lock', '--json')).json as { warnings: unknown[] }).warnings).toHaveLength(2);
  const strict = project('required');
  const refused = await strict.run('lock', '--json');
  expect([refused.exitCode, refused.json]).toMatchObject([6, { error: { code: 'SOURCE_MISSING' } }]);
  expect(Object.keys(strict.files())).toEqual(['rpm-packages.yaml']);
  strict.mirror('source', ['app-1-1.src', 'tool-3-1.src']);
  expect((await strict.run('lock')).exitCode).toBe(0);
  const path = 'rpm-lockfiles/a-x86_64.lock.json';
  const { sources, ...rest } = JSON.parse(strict.read(path)) as { sources: { name: string }[] };
  strict.write(path, JSON.stringify({ ...rest, sources: sources.filter(({ name }) => name !== 'tool') }));
  const checked = await strict.run('check');
  expect([checked.exitCode, checked.stdout]).toEqual([1, expect.stringContaining('tool-3-1.src.rpm')]);
});

test('only the named repositories are searched for source RPMs, and an unknown one is a mistake', async () => {
  const made = project('[others]');
  expect((await made.run('lock')).stderr).toContain('`app-1-1.src.rpm` is not locked');
  expect(made.readLock('a-s390x').sources!.map(({ filename, repository }) => [filename, repository])).toEqual([
    ['tool-3-1.src.rpm', 'others'],
  ]);
  const wrong = await project('[otters]').run('lock');
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean `others`?')]);
});

test('a locked source RPM stays when the mirror drops it, and one that was locked before is preferred', async () => {
  const made = project('true', { specs: 'app' });
  await made.run('lock');
  const { sources, source_repositories: repositories } = made.readLock('a-x86_64');
  made.mirror('source', ['app-2-1.src'], { timestamp: 1736000001 });
  expect((await made.run('update')).stderr).not.toContain('warning');
  expect(made.readLock('a-x86_64')).toMatchObject({ sources, source_repositories: repositories });
});

test('diff names source RPMs that are locked for the first time', async () => {
  const made = project('false', { specs: 'app' });
  await made.run('lock');
  made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace('sources: false', 'sources: true'));
  const ran = await made.run('lock', '--json');
  expect(ran.json).toMatchObject({ diff: { source_rpms: [{ source_rpm: 'app-1-1.src.rpm', before: null, locks: [{}, {}] }] } });
  expect((await made.run('lock')).exitCode).toBe(0);
});

test('rpms.in.yaml locks the source RPMs of enabled repositories, in the order of keys of the other tool', async () => {
  const made = project('true');
  made.write(
    'rpms.in.yaml',
    `contentOrigin:
  repofiles: [my.repo]
packages: [app, tool]
arches: [x86_64, s390x]
`,
  );
  made.write(
    'my.repo',
    `[base-rpms]\nbaseurl=file://${made.directory}/mirror/$basearch\n[base-source-rpms]\nbaseurl=file://${made.directory}/mirror/source\nenabled=1
[off]\nbaseurl=file://${made.directory}/mirror/others\nenabled=0\n`,
  );
  const run = (...argv: string[]) => made.run(...argv, '--manifest', 'rpms.in.yaml');
  expect((await run('lock')).stderr).toContain('`tool-3-1.src.rpm` is not locked');
  const text = made.read('rpms.lock.yaml');
  expect(hermetoProblems(parse(text) as Record<string, unknown>)).toEqual([]);
  const { arches } = parse(text) as { arches: { source: Record<string, unknown>[] }[] };
  for (const { source } of arches) {
    expect(source.map((entry) => Object.keys(entry))).toEqual([['url', 'repoid', 'size', 'checksum', 'name', 'evr']]);
    expect(source[0]).toMatchObject({
      url: expect.stringMatching(/mirror\/source\/.*app-1-1\.src\.rpm$/),
      repoid: 'base-source-rpms',
      evr: '1-1',
    });
  }
  expect((await run('check')).exitCode).toBe(0);
  expect((await run('update')).exitCode).toBe(0);
  expect(made.read('rpms.lock.yaml')).toBe(text);
  const exported = await run('export', '--format', 'rpms.lock.yaml');
  expect(parse(exported.stdout).arches[0].source).toHaveLength(1);
  made.write('rpms.in.yaml', `${made.read('rpms.in.yaml')}noSources: true\n`);
  expect((await run('lock')).stderr).not.toContain('not locked');
  expect(readFileSync(`${made.directory}/rpms.lock.yaml`, 'utf8')).toContain('source: []');
});

test('fetch --sources downloads, proves and lays out source RPMs; verify and archive know them', async () => {
  const made = cliProject();
  const source = smallRpm({ name: 'hello', version: '1.0', release: '1.el9', arch: 'x86_64', texts: { [TAG.SOURCE_RPM]: '' } });
  made.write('src.rpm', '');
  writeFileSync(join(made.directory, 'src.rpm'), source);
  const repositories = { r: fixture('rpms/unsigned.rpm'), 'r-source': join(made.directory, 'src.rpm') };
  for (const [id, path] of Object.entries(repositories)) {
    const name = id === 'r' ? 'hello.rpm' : 'hello.src.rpm';
    for (const [file, bytes] of await rpmRepodata({ rpms: { [name]: path } })) {
      made.write(`mirror/${id}/${file}`, '');
      writeFileSync(join(made.directory, 'mirror', id, file), bytes);
    }
    copyFileSync(path, join(made.directory, 'mirror', id, name));
  }
  made.write(
    'rpm-packages.yaml',
    `architectures: [x86_64]
repositories:
  - { id: r, baseurl: $mirror/r }
  - { id: r-source, baseurl: $mirror/r-source, enabled: false }
sets: { a: { packages: [hello], sources: required } }
`,
  );
  expect((await made.run('lock')).exitCode).toBe(0);
  expect((await made.run('fetch', '--json')).json).toMatchObject({ files: [{ architecture: 'x86_64' }] });
  const ran = await made.run('fetch', '--sources', '--output', 'out', '--repodata', '--json');
  expect(ran.json).toMatchObject({
    files: [
      { architecture: 'src', filename: 'hello.src.rpm', path: 'out/src/hello.src.rpm' },
      { architecture: 'x86_64', filename: 'hello.rpm' },
    ],
    downloaded: 1,
    reused: 1,
  });
  expect(readFileSync(join(made.directory, 'out/src/hello.src.rpm'))).toEqual(source);
  expect(readFileSync(join(made.directory, 'out/src/repodata/repomd.xml'), 'utf8')).toContain('primary');
  expect((await made.run('verify', 'out')).exitCode).toBe(0);
  expect((await made.run('verify', 'out', '--sources', '--json')).json).toMatchObject({ expected: 2, found: 2 });
  expect((await made.run('archive', '--sources', '--to', 'kept', '--json')).json).toMatchObject({ total: 2 });
  writeFileSync(join(made.directory, 'out/src/hello.src.rpm'), 'other');
  expect((await made.run('verify', 'out', '--sources')).exitCode).toBe(5);
  made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace(', sources: required', ''));
  await made.run('lock');
  const refused = await made.run('fetch', '--sources');
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('the lockfiles have no source RPMs')]);
});
