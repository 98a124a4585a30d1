import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { startFaultyServer } from '../helpers/faulty-server.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

const SETS = `versions: { APP_VERSION: 1-1 }
sets:
  web: { packages: [app, tool] }
  base: { architectures: [x86_64], packages: [lib] }
`;
const DAY_ONE = ['app-1-1.ARCH requires: lib', 'lib-1-1.ARCH', 'tool-1-1.noarch'];
const DAY_TWO = [...DAY_ONE, 'lib-2-1.ARCH', 'tool-2-1.noarch', 'app-2-1.ARCH requires: lib >= 2'];

function project(sets = SETS) {
  const made = cliProject(sets);
  const day = (lines: readonly string[], timestamp = 1736000000): void => {
    for (const arch of ['x86_64', 's390x'])
      made.mirror(
        arch,
        lines.map((line) => line.replace('ARCH', arch)),
        { timestamp },
      );
  };
  day(DAY_ONE);
  return { ...made, day };
}

test('update writes a lockfile for every set and architecture and says what is in them', async () => {
  const { run, locked, readLock } = project();
  const { exitCode, stdout, stderr } = await run('update');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(locked('web-s390x')).toEqual(['app-1-1.s390x', 'lib-1-1.s390x', 'tool-1-1.noarch']);
  expect(locked('base-x86_64')).toEqual(['lib-1-1.x86_64']);
  expect(stdout.replace(/\d+ ms/g, 'N ms').replace(/ +/g, ' ')).toBe(
    [
      'set architecture packages added removed changed time',
      'web x86_64 3 3 0 0 N ms written',
      'base x86_64 1 1 0 0 N ms written',
      'web s390x 3 3 0 0 N ms written\n',
    ].join('\n'),
  );
  expect(readLock('web-s390x')).toMatchObject({ requested: ['app', 'tool'], generated: '2025-01-04T14:13:20Z' });
});

test('--json has the same with the diff', async () => {
  const { run } = project();
  const { json } = await run('update', '--json');
  expect(json).toMatchObject({
    changed: true,
    dry_run: false,
    sets: [{ set: 'web', architecture: 'x86_64', packages: 3, added: 3, written: true }, {}, {}],
    diff: { added_locks: [{}, {}, {}] },
    warnings: [],
  });
});

test('--arch and --set narrow it; amd64 means x86_64, and a list with commas is a list', async () => {
  const { run, files } = project();
  expect((await run('update', '--arch', 'amd64', '--set', 'web')).exitCode).toBe(0);
  expect(Object.keys(files())).toEqual(['rpm-lockfiles/web-x86_64.lock.json', 'rpm-packages.yaml']);
  expect((await run('update', '--arch', 's390x,amd64')).exitCode).toBe(0);
  expect(Object.keys(files())).toHaveLength(4);
});

test('amd64 at the end of a package means x86_64', async () => {
  const { run, locked } = project(
    'sets: { web: { architectures: [amd64], packages: [app.amd64, lib-1-1.amd64], exclude: ["tool.amd64"] } }\n',
  );
  expect(await run('update')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64']);
  const { json } = await run('resolve', '--arch', 'amd64', 'lib.amd64', '--json');
  expect(json).toMatchObject({ architecture: 'x86_64', packages: [{ name: 'lib', arch: 'x86_64' }] });
  expect((await run('resolve', '--arch', 'amd64', 'lib.arm64')).stderr).toContain('packages for aarch64 cannot be installed on x86_64');
});

test('a manifest in JSON does the same, and is found where there is none in YAML', async () => {
  const { run, write, files } = project();
  expect((await run('update')).exitCode).toBe(0);
  const { 'rpm-packages.yaml': _, ...locks } = files();
  const other = project('');
  const set = (packages: string[], more = {}) => ({ packages, ...more });
  const repositories = [{ id: 'base', baseurl: '$mirror/$basearch' }];
  const sets = { web: set(['app', 'tool']), base: set(['lib'], { architectures: ['amd64'] }) };
  other.write('rpm-packages.json', JSON.stringify({ architectures: ['amd64', 's390x'], repositories, sets }));
  expect(await other.run('update')).toMatchObject({ exitCode: 0, stderr: '' });
  const { 'rpm-packages.json': __, ...otherLocks } = other.files();
  const withoutPlace = (texts: Record<string, string>) => JSON.stringify(texts).replace(/file:[^"]*mirror/g, '');
  expect(withoutPlace(otherLocks)).toBe(withoutPlace(locks));
  write('rpm-packages.json', '{ "sets": {} }');
  expect((await run('update')).exitCode).toBe(0);
});

test('RPM_DEPS_MIRROR may be a folder, as --mirror', async () => {
  const { run, env, directory } = project();
  env['RPM_DEPS_MIRROR'] = join(directory, 'mirror');
  expect(await run('update')).toMatchObject({ exitCode: 0, stderr: '' });
  env['RPM_DEPS_MIRROR'] = 'mirror';
  expect(await run('update')).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a dry run writes nothing and shows the diff', async () => {
  const { run, files, day } = project();
  await run('update');
  day(DAY_TWO);
  const before = files();
  const { exitCode, stdout } = await run('update', '--dry-run');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('would be written');
  expect(stdout).toMatch(/Upgraded\n +app +1-1 -> 2-1/);
  expect(files()).toEqual(before);
});

test('lockfiles stay byte for byte when only the mirror was published anew', async () => {
  const { run, files, day } = project();
  await run('update');
  const before = files();
  day([...DAY_ONE, 'unrelated-9-9.noarch'], 1737000000);
  const { stdout } = await run('update');
  expect(stdout).toContain('unchanged');
  expect(stdout).not.toContain('written');
  expect(files()).toEqual(before);
});

test('with names only those move, with what they force', async () => {
  const { run, locked, day } = project();
  await run('update');
  day(DAY_TWO);
  expect((await run('update', 'tool')).exitCode).toBe(0);
  expect(locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-2-1.noarch']);
  expect((await run('update', 'app', '--arch', 's390x')).exitCode).toBe(0);
  expect(locked('web-s390x')).toEqual(['app-2-1.s390x', 'lib-2-1.s390x', 'tool-2-1.noarch']);
  expect(locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-2-1.noarch']);
});

test('a named package moves although a locked sibling is tied to its old version', async () => {
  const { run, locked, mirror } = cliProject('sets: { one: { packages: [common, tool] } }\n');
  for (const arch of ['x86_64', 's390x'])
    mirror(arch, ['common-1-1.noarch requires: core = 1-1', 'core-1-1.noarch', 'tool-1-1.noarch requires: core']);
  await run('update');
  for (const arch of ['x86_64', 's390x']) {
    mirror(arch, [
      'common-1-1.noarch requires: core = 1-1',
      'common-2-1.noarch requires: core = 2-1',
      'core-1-1.noarch',
      'core-2-1.noarch',
      'tool-1-1.noarch requires: core',
      'tool-2-1.noarch requires: core',
    ]);
  }
  await run('update', 'core');
  expect(locked('one-x86_64')).toEqual(['common-2-1.noarch', 'core-2-1.noarch', 'tool-1-1.noarch']);
});

test('a named package that cannot be updated is reported, with the reason', async () => {
  const { run, locked, day } = project('sets: { web: { packages: [app-1-1, lib] } }\n');
  await run('update');
  day([...DAY_TWO, 'lib-3-1.ARCH conflicts: app']);
  const { exitCode, stderr } = await run('update', 'app', 'lib');
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    'warning: all 2 locks: `app` cannot be updated to 0:2-1: the manifest pins `app-1-1`, which `rpm-deps bump app` moves\n',
  );
  expect(locked('web-x86_64')).toContain('app-1-1.x86_64');
});

test('what keeps a named package is told by what stands in its way, not by what was requested', async () => {
  const { run, day } = project('sets: { web: { packages: [app] } }\n');
  await run('update');
  day([...DAY_ONE, 'app-2-1.ARCH requires: missing']);
  expect((await run('update', 'app')).stderr).toMatch(
    /`app` cannot be updated to 0:2-1: app-2-1\.\w+ requires missing, which nothing provides/,
  );
});

test('a named package that cannot be the newest moves as far as it can', async () => {
  const { run, locked, mirror } = cliProject('sets: { one: { packages: [app, guard] } }\n');
  const app = (n: number): string => `app-${n}-1.noarch`;
  for (const arch of ['x86_64', 's390x']) mirror(arch, [app(1), 'guard-1-1.noarch requires: app < 3']);
  await run('update');
  for (const arch of ['x86_64', 's390x']) mirror(arch, [app(1), app(2), app(3), 'guard-1-1.noarch requires: app < 3']);
  const { stderr } = await run('update', 'app');
  expect(stderr).toMatch(/`app` cannot be updated to 0:3-1: .*; 0:2-1 is taken\n/);
  expect(locked('one-x86_64')).toEqual(['app-2-1.noarch', 'guard-1-1.noarch']);
});

test('a named package moves to the newest that is not excluded, and nothing is said of what is', async () => {
  const { run, locked, day } = project('sets: { web: { packages: [app], exclude: ["app-3*"] } }\n');
  await run('update');
  day([...DAY_TWO, 'app-3-1.ARCH']);
  const { stderr } = await run('update', 'app');
  expect(stderr).not.toContain('warning');
  expect(locked('web-x86_64')).toContain('app-2-1.x86_64');
  expect((await run('outdated')).stdout).not.toContain('app');
  expect((await run('check', '--online')).exitCode).toBe(0);
});

test('--source moves everything built from a source RPM', async () => {
  const lines = (n: number) => [`app-${n}-1.noarch source: suite`, `lib-${n}-1.noarch source: suite`, `tool-${n}-1.noarch`];
  const { run, locked, day } = project('sets: { web: { packages: [app, lib, tool] } }\n');
  day(lines(1));
  await run('update');
  day([...lines(1), ...lines(2)]);
  expect((await run('update', '--source', 'suite')).exitCode).toBe(0);
  expect(locked('web-x86_64')).toEqual(['app-2-1.noarch', 'lib-2-1.noarch', 'tool-1-1.noarch']);
});

test('a name that no lock has is a mistake, with the nearest', async () => {
  const { run } = project();
  await run('update');
  expect(await run('update', 'tolo')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean `tool`?') });
});

test('lock keeps what still fits and takes in what is new in the manifest', async () => {
  const { run, locked, day, write, read } = project('sets: { web: { packages: [app] } }\n');
  await run('update');
  day(DAY_TWO);
  write('rpm-packages.yaml', read('rpm-packages.yaml').replace('[app]', '[app, tool]'));
  expect((await run('lock')).exitCode).toBe(0);
  expect(locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-2-1.noarch']);
  expect((await run('check')).exitCode).toBe(0);
});

test('lock moves a version that is gone, and nothing else', async () => {
  const { run, locked, day } = project();
  await run('update');
  day(DAY_TWO.filter((line) => !line.startsWith('tool-1')));
  await run('lock');
  expect(locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-2-1.noarch']);
});

test('lock stays with the file that is locked, though another repository has one of that version', async () => {
  const { run, read, write, readLock, directory } = project('sets: { web: { packages: [tool] } }\n');
  await run('update');
  const before = readLock('web-x86_64').packages;
  for (const arch of ['x86_64', 's390x']) writeRepository(join(directory, 'mirror/other', arch), ['tool-0:1-1.noarch']);
  write(
    'rpm-packages.yaml',
    read('rpm-packages.yaml').replace('repositories:', 'repositories:\n  - { id: other, baseurl: $mirror/other/$basearch }'),
  );
  expect((await run('lock')).stderr).not.toContain('CHECKSUM');
  expect(readLock('web-x86_64')).toMatchObject({ packages: before, repositories: [{ id: 'other' }, { id: 'base' }] });
});

test('a file that was replaced under its version is told loudly by whatever locks it', async () => {
  for (const command of ['lock', 'update']) {
    const { run, day } = project();
    await run('update');
    day([...DAY_ONE.slice(0, 2), 'tool-0:1-1.noarch']);
    const { exitCode, stderr } = await run(command);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: web: `tool-0:1-1.noarch` HAS A DIFFERENT CHECKSUM than the locked package');
  }
});

test('what answers a path or an obsoleted name is in the lock, and why, tree and check know it', async () => {
  const { run, readLock, day } = project('sets: { web: { packages: [/usr/bin/app, tool, ghost] } }\n');
  day(['app-1-1.ARCH files: /usr/bin/app', 'tool-1-1.noarch', 'toolbox-2-1.noarch obsoletes: tool', 'spirit-1-1.noarch provides: ghost']);
  await run('update');
  expect(readLock('web-x86_64').answered_by).toEqual({ '/usr/bin/app': ['app'], tool: ['toolbox'], ghost: ['spirit'] });
  expect((await run('why', 'app')).stdout).toContain('app: requested as /usr/bin/app\n');
  expect((await run('why', 'toolbox')).stdout).toContain('toolbox: requested as tool\n');
  expect((await run('check')).exitCode).toBe(0);
});

test('a locked package that moves because it is no longer in any repository is reported', async () => {
  const { run, locked, day } = project('sets: { web: { packages: [tool, lib] } }\n');
  await run('update');
  day(DAY_TWO.filter((line) => !line.startsWith('tool-1-1')));
  const { json } = await run('lock', '--json');
  const text = '`tool-0:1-1` cannot stay: this version is no longer in any repository';
  expect(json).toMatchObject({
    warnings: [
      { code: 'LOCKED_VERSION_GONE', text, set: 'web', architecture: 'x86_64' },
      { code: 'LOCKED_VERSION_GONE', text, set: 'web', architecture: 's390x' },
    ],
  });
  expect(locked('web-x86_64')).toEqual(['lib-1-1.x86_64', 'tool-2-1.noarch']);
});

test('a hold is respected until its date', async () => {
  const holds = (until: string) =>
    `holds: [{ package: lib, version: "1*", reason: "2 is slow", until: ${until} }]\nsets: { web: { packages: [lib] } }\n`;
  const held = project(holds('2999-01-01'));
  held.day(DAY_TWO);
  await held.run('update');
  expect(held.locked('web-x86_64')).toEqual(['lib-1-1.x86_64']);
  const expired = project(holds('2020-01-01'));
  expired.day(DAY_TWO);
  await expired.run('update');
  expect(expired.locked('web-x86_64')).toEqual(['lib-2-1.x86_64']);
});

test('same_version takes the newest version that every architecture has', async () => {
  const { run, locked, mirror } = cliProject('cross_architecture: { same_version: ["lib*"] }\nsets: { web: { packages: [app] } }\n');
  const old = ['app-1-1.noarch requires: lib', 'lib-1-1.noarch requires: lib-data = 1-1', 'lib-data-1-1.noarch'];
  mirror('x86_64', [...old, 'lib-2-1.noarch requires: lib-data = 2-1', 'lib-data-2-1.noarch']);
  mirror('s390x', old);
  expect((await run('update')).exitCode).toBe(0);
  expect(locked('web-x86_64')).toEqual(['app-1-1.noarch', 'lib-1-1.noarch', 'lib-data-1-1.noarch']);
});

test('same_version holds for an architecture that is updated alone: it follows the locks of the others', async () => {
  const { run, locked, mirror } = cliProject('cross_architecture: { same_version: [lib] }\nsets: { web: { packages: [lib] } }\n');
  mirror('x86_64', ['lib-1-1.noarch']);
  mirror('s390x', ['lib-1-1.noarch', 'lib-2-1.noarch']);
  await run('update');
  expect((await run('update', '--arch', 's390x')).exitCode).toBe(0);
  expect(locked('web-s390x')).toEqual(['lib-1-1.noarch']);
  mirror('s390x', ['lib-2-1.noarch']);
  const { exitCode, stderr } = await run('update', '--arch', 's390x');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/\n +s390x +2-1\n +x86_64 +1-1 \(as locked\)\n +- update all architectures of the set together\n/);
});

test('same_version without a common version shows what each architecture has', async () => {
  const { run, mirror, files } = cliProject('cross_architecture: { same_version: [lib] }\nsets: { web: { packages: [lib] } }\n');
  mirror('x86_64', ['lib-2-1.noarch']);
  mirror('s390x', ['lib-1-1.noarch']);
  const before = files();
  const { exitCode, stderr } = await run('update');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/no version of lib is available for all architectures\n +x86_64 +2-1\n +s390x +1-1\n/);
  expect(files()).toEqual(before);
});

test('what ignore leaves out is told together with what it leaves unmet', async () => {
  const { run, locked } = project('sets: { web: { packages: [app], ignore: [lib] } }\n');
  const { stderr } = await run('update');
  expect(locked('web-x86_64')).toEqual(['app-1-1.x86_64']);
  expect(stderr).toContain('all 2 locks: 1 requirement unmet, because `ignore` leaves out lib\n  app requires lib');
});

test('what cannot be read of the modules is told once an architecture, and nothing fails for it', async () => {
  const { run, mirror, locked } = cliProject('sets: { web: { packages: [lib] }, more: { packages: [lib] } }\n');
  const modules = 'document: modulemd\nversion: 2\ndata: { name: [not, a, name], stream: 1 }\n';
  mirror('x86_64', ['lib-1-1.noarch'], { modules });
  mirror('s390x', ['lib-1-1.noarch']);
  const { exitCode, stderr } = await run('update');
  expect(exitCode).toBe(0);
  expect(stderr.match(/^warning: .*document was skipped.*$/gm)).toEqual([expect.stringMatching(/^warning: x86_64: .*modulemd/)]);
  expect(locked('more-x86_64')).toEqual(['lib-1-1.noarch']);
});

test('a lockfile that belongs to no set stays and is told', async () => {
  const { run, write, files } = project();
  write('rpm-lockfiles/old-x86_64.lock.json', '{}');
  expect((await run('update')).stderr).toContain('warning: `old-x86_64.lock.json` belongs to no set');
  expect(files()['rpm-lockfiles/old-x86_64.lock.json']).toBe('{}');
});

test('--timings shows the stages on stderr, and with --json they are data', async () => {
  const { run } = project();
  const { stderr } = await run('update', '--timings');
  expect(stderr).toMatch(/^stage +what +time\n(?:.*\n)*solve +solve web-x86_64 +[\d.]+ ms\n(?:.*\n)*total /);
  const { json } = await run('update', '--timings', '--json');
  expect(json).toMatchObject({
    timings: expect.arrayContaining([{ stage: 'total', text: expect.any(String), milliseconds: expect.any(Number) }]),
  });
  expect((await run('update', '--json')).json).not.toHaveProperty('timings');
});

test('--pr-title and --pr-body are for a pull request; without a change there is neither', async () => {
  const { run, read, day } = project();
  await run('update');
  day(DAY_TWO);
  const { stdout, stderr } = await run('update', '--pr-title', '--pr-body', 'body.md');
  expect(stdout).toBe('rpm lockfiles: update app, lib, tool\n');
  expect(stderr).toContain('written');
  expect(read('body.md')).toContain('| `lib` | upgrade | `1-1` | `2-1` |');
  expect(await run('update', '--pr-title', '--pr-body', 'body.md')).toMatchObject({ stdout: '', exitCode: 0 });
  expect(read('body.md')).toBe('');
});

test('a directory that cannot be written to leaves everything as it was', async () => {
  const { run, files, write } = project();
  write('taken', 'a file');
  const before = files();
  const { exitCode, stderr } = await run('update', '--lockfiles', 'taken/locks');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/taken\/locks.*\n\nhint: /s);
  expect(files()).toEqual(before);
});

test('user and password of a mirror log in, and are neither shown nor written anywhere', async () => {
  const { run, directory, readLock } = project();
  const server = await startFaultyServer();
  for (const path of readdirSync(join(directory, 'mirror'), { recursive: true, encoding: 'utf8' }))
    if (/\.(?:xml|gz)$/.test(path)) server.serve(`/${path}`, readFileSync(join(directory, 'mirror', path)));
  const mirror = server.url.replace('//', '//ann:hus%40hed@');
  for (const argv of [['update'], ['update'], ['lock'], ['update', '--json', '--verbose', '--timings']]) {
    const { exitCode, stdout, stderr } = await run(...argv, '--mirror', mirror);
    expect(exitCode).toBe(0);
    expect(stdout + stderr).not.toMatch(/hus|hed/);
  }
  for (const { headers } of server.seen) expect(headers['authorization']).toBe(`Basic ${btoa('ann:hus@hed')}`);
  expect(readLock('web-s390x').repositories?.[0]?.baseurl).toBe('https://mirror.stream.centos.org/s390x');
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), 'latin1')).not.toMatch(/hus%40hed|hus@hed/);
  await server.close();
});

test('a repository that serves all architectures under one URL is read once', async () => {
  const { run, write, directory, locked } = project();
  const server = await startFaultyServer();
  const made = cliProject();
  made.mirror('all', ['data-1-1.noarch', 'app-1-1.x86_64', 'app-1-1.s390x', 'app-1-1.aarch64']);
  const folder = join(made.directory, 'mirror/all/repodata');
  for (const file of readdirSync(folder)) server.serve(`/repodata/${file}`, readFileSync(join(folder, file)));
  const repositories = [{ id: 'all', baseurl: server.url }];
  const sets = { a: { packages: ['app', 'data'] }, b: { packages: ['data'] } };
  write('rpm-packages.yaml', JSON.stringify({ architectures: ['x86_64', 's390x', 'arm64'], repositories, sets }));
  expect(await run('update')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(locked('a-aarch64')).toEqual(['app-1-1.aarch64', 'data-1-1.noarch']);
  expect(server.seen.map(({ path }) => path.replace(/[0-9a-f]{64}-/, ''))).toEqual(['/repodata/repomd.xml', '/repodata/primary.xml.gz']);
  expect(readdirSync(join(directory, 'rpm-lockfiles'))).toHaveLength(6);
  await server.close();
});
