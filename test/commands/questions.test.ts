import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const LINES = [
  'app-1-1.noarch requires: lib >= 1, /usr/bin/tool',
  'lib-1-1.noarch provides: libx.so.1()(64bit)',
  'tool-1-1.noarch provides: /usr/bin/tool; requires: lib',
];

async function project(): Promise<CliProject> {
  const made = cliProject(
    'holds: [{ package: tool, version: "1*", reason: "2 is slow" }]\nsets:\n  web: { packages: [app] }\n  base: { architectures: [s390x], packages: [lib] }\n',
  );
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, LINES);
  await made.run('update');
  return made;
}

test('why shows the shortest chains with the relation of each step, and sets that agree together', async () => {
  const { run } = await project();
  expect((await run('why', 'lib')).stdout).toBe('base-s390x\n  lib: requested as lib\n\nweb-s390x, web-x86_64\n  app -> lib (lib >= 1)\n');
  expect((await run('why', 'lib', '--set', 'web', '--arch', 'amd64', '--all')).stdout).toBe(
    'web-x86_64\n  app -> lib (lib >= 1)\n  app -> tool (/usr/bin/tool) -> lib\n',
  );
});

test('why works from the locks alone, and answers programs', async () => {
  const { run, env } = await project();
  env['RPM_DEPS_MIRROR'] = 'http://127.0.0.1:1';
  expect((await run('why', 'tool', '--arch', 's390x')).stdout).toBe('web-s390x\n  app -> tool\n');
  expect((await run('why', 'tool', '--json', '--arch', 's390x')).json).toMatchObject({
    name: 'tool',
    answers: [
      {
        package_set: 'web',
        chains: [
          [
            { name: 'app', relation: null },
            { name: 'tool', relation: null },
          ],
        ],
      },
    ],
  });
});

test('a package that no lock has is exit 1, with the nearest', async () => {
  const { run } = await project();
  for (const command of ['why', 'tree']) {
    expect(await run(command, 'tol')).toMatchObject({
      exitCode: 1,
      stderr: 'error: no lock has a package `tol`\n\nhint: did you mean `tool`?\n',
    });
  }
});

test('a set or architecture without a lock is a mistake', async () => {
  const { run } = await project();
  expect(await run('tree', '--set', 'wbe')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean `web`?') });
  expect(await run('tree', '--arch', 'arm64')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no lockfile exists for the architecture `aarch64`'),
  });
  expect(await cliProject().run('tree')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no lockfiles found') });
});

test('tree draws what needs what, to a depth, inverted, and for other programs', async () => {
  const { run } = await project();
  const place = ['--set', 'web', '--arch', 's390x'];
  expect((await run('tree', ...place)).stdout).toBe('app 1-1\n├── lib 1-1\n└── tool 1-1\n    └── lib 1-1\n');
  expect((await run('tree', ...place, '--depth', '1')).stdout).toBe('app 1-1\n├── lib 1-1\n└── tool 1-1 ...\n');
  expect((await run('tree', 'lib', '--invert', ...place)).stdout).toBe('lib 1-1\n├── app 1-1\n└── tool 1-1\n    └── app 1-1\n');
  expect((await run('tree', ...place, '--format', 'dot')).stdout).toContain('"app" -> "lib";');
  expect((await run('tree', ...place, '--format', 'mermaid')).stdout).toMatch(/^flowchart LR\n/);
  expect((await run('tree', '--format', 'mermaid')).stdout.match(/^(flowchart|subgraph).*$/gm)).toEqual([
    'flowchart LR',
    'subgraph g0["base-s390x"]',
    'subgraph g1["web-s390x"]',
    'subgraph g2["web-x86_64"]',
  ]);
  expect((await run('tree', ...place, '--json')).json).toMatchObject({ locks: [{ package_set: 'web', roots: [{ name: 'app' }] }] });
  expect((await run('tree', '--depth', 'x')).exitCode).toBe(2);
});

test('what is too large for Mermaid is told to be', async () => {
  const { run, write } = cliProject();
  const names = Array.from({ length: 600 }, (_, i) => `p${i}`);
  const lockedPackages = names.map((name) => lockedPackage(`${name} 1-1`, { dependencies: name === 'p0' ? names.slice(1) : [] }));
  write('rpm-lockfiles/a-x86_64.lock.json', renderLockfile(lock('a-x86_64', ['p0'], lockedPackages)));
  const { stdout, stderr } = await run('tree', '--format', 'mermaid');
  expect(stdout.match(/ --> /g)).toHaveLength(599);
  expect(stderr).toContain('Mermaid draws at most 500 edges');
  expect((await run('tree', 'p1', '--format', 'mermaid')).stderr).toBe('');
});

test('outdated names what is behind and what is held', async () => {
  const { run, mirror } = await project();
  expect((await run('outdated', '--exit-code')).exitCode).toBe(0);
  mirror('s390x', [...LINES, 'lib-2-1.noarch', 'tool-2-1.noarch']);
  const { stdout, exitCode } = await run('outdated', '--exit-code');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^lib +1-1 +2-1 +1 +all sets on s390x/m);
  expect(stdout).toMatch(/^tool +1-1 +2-1 .*\n {4}held at 1\*: 2 is slow/m);
  expect((await run('outdated', '--json', '--arch', 's390x')).json).toMatchObject({
    outdated: [{ source: 'lib', status: 'outdated' }, { status: 'held' }],
  });
});

test('check --online tells what is gone and what is behind', async () => {
  const { run, mirror } = await project();
  expect(await run('check', '--online')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('every locked RPM is on its mirror'),
  });
  mirror('s390x', ['app-1-1.noarch requires: lib', 'lib-2-1.noarch', LINES[2]!]);
  const { exitCode, json } = await run('check', '--online', '--json');
  expect(exitCode).toBe(1);
  expect(json).toMatchObject({
    ok: false,
    findings: [],
    online: [{ kind: 'gone', package: 'lib-0:1-1.noarch', newest: 'lib-0:2-1.noarch' }],
  });
  expect((await run('check', '--online')).stdout).toContain(
    'online: 1 package no longer on the mirror\n    architecture  locked            mirror has  sets\n    s390x         lib-0:1-1.noarch  0:2-1       base, web\n    fix: rpm-deps lock; ',
  );
});

test('check --online: how far behind, another checksum, and that what is held may be behind', async () => {
  const { run, mirror, read, write } = await project();
  mirror('s390x', [...LINES, 'tool-2-1.noarch']);
  const held = await run('check', '--online', '--json');
  expect(held.json).toMatchObject({ ok: true, online: [{ kind: 'held', package: 'tool-0:1-1.noarch', newer: 1 }] });
  expect(held.exitCode).toBe(0);
  mirror('s390x', [...LINES, 'lib-2-1.noarch', 'lib-3-1.noarch']);
  const behind = await run('check', '--online');
  expect(behind).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('lib-0:1-1.noarch  0:3-1 (2 newer)  base, web\n    fix: rpm-deps update'),
  });
  const file = 'rpm-lockfiles/base-s390x.lock.json';
  write(file, read(file).replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`));
  expect((await run('check', '--online')).stdout).toContain('online: 1 package on the mirror with A DIFFERENT CHECKSUM\n');
});

test('check is offline, and names the command that mends a finding', async () => {
  const { run, write, read, env } = await project();
  env['RPM_DEPS_MIRROR'] = 'http://127.0.0.1:1';
  expect((await run('check')).exitCode).toBe(0);
  write('rpm-packages.yaml', read('rpm-packages.yaml').replace('[app]', '[app, tool]'));
  const { exitCode, stdout } = await run('check');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    'web-x86_64.lock.json: the manifest requests something else than the lockfile records\n    not in the lockfile: tool\n    fix: rpm-deps lock',
  );
  expect((await run('check', '--json')).json).toMatchObject({ ok: false, checked: 3, findings: [{ kind: 'stale' }, { kind: 'stale' }] });
});

test('search finds by part of a name, glob, path and capability', async () => {
  const { run } = await project();
  const found = async (pattern: string) =>
    ((await run('search', pattern, '--json')).json as { packages: { name: string }[] }).packages.map(({ name }) => name);
  expect(await found('o')).toEqual(['tool']);
  expect(await found('*p*')).toEqual(['app']);
  expect(await found('/usr/bin/tool')).toEqual(['tool']);
  expect(await found('libx.so.1()(64bit)')).toEqual(['lib']);
  expect(await found('TOO')).toEqual(['tool']);
  expect((await run('search', 'lib')).stdout).toMatch(/^lib +1-1 +1 +base +noarch +x86_64, s390x$/m);
  expect((await run('search', 'zzz')).exitCode).toBe(1);
});

const DESCRIBED = [
  'podman-5-1.x86_64 summary: Manage Pods & containers; license: Apache-2.0 AND MIT; url: https://podman.example/',
  'conmon-2-1.x86_64 summary: OCI container monitor',
  'container-tools-1-1.noarch',
  'zlib-1-1.i686 provides: libz.so.1',
  'zlib-1-1.x86_64 provides: libz.so.1()(64bit); summary: Compression',
];

test('search finds words of summaries too, behind the names, up to a limit', async () => {
  const made = cliProject('sets:\n  web: { packages: [conmon] }\n');
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, architecture === 's390x' ? [] : DESCRIBED);
  const names = async (...words: string[]) => {
    const { packages, ...counts } = (await made.run('search', ...words, '--arch', 'x86_64', '--json')).json as {
      packages: { name: string; summary: string | null }[];
    };
    return { names: packages.map(({ name }) => name), ...counts };
  };
  expect(await names('container')).toMatchObject({ names: ['container-tools', 'conmon', 'podman'], total: 3, omitted: 0 });
  expect(await names('PODS &')).toMatchObject({ names: ['podman'] });
  expect(await names('container', '--limit', '1')).toMatchObject({ names: ['container-tools'], total: 3, omitted: 2 });
  expect(await names('container', '--no-summaries')).toMatchObject({ names: ['container-tools'] });
  const { stdout, stderr } = await made.run('search', 'container', '--limit', '2', '--arch', 'x86_64');
  expect(stdout).toMatch(/^conmon +2-1 +1 +base +x86_64 +OCI container monitor$/m);
  expect(stderr).toBe('1 more name not shown: --limit N shows more, 0 shows all\n');
});

test('search finds the same words offline, once they are in the cache', async () => {
  const made = cliProject('sets:\n  web: { packages: [conmon] }\n');
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, DESCRIBED);
  await made.run('search', 'conmon', '--no-summaries');
  const first = await made.run('search', 'monitor', '--arch', 'x86_64');
  expect(first.stdout).toContain('conmon');
  expect((await made.run('search', 'monitor', '--arch', 'x86_64', '--offline')).stdout).toBe(first.stdout);
});

test('info has summary, licence and URL, and the provides of the architecture that was asked for', async () => {
  const made = cliProject('sets:\n  web: { packages: [conmon] }\n');
  made.mirror('x86_64', DESCRIBED);
  made.mirror('s390x', []);
  const { stdout } = await made.run('info', 'podman', '--arch', 'x86_64');
  expect(stdout).toContain(
    'podman for x86_64\n  summary Manage Pods & containers\n  license Apache-2.0 AND MIT\n  url https://podman.example/\n',
  );
  const zlib = await made.run('info', 'zlib', '--arch', 'x86_64', '--json');
  expect(zlib.json).toMatchObject({
    architectures: [
      {
        summary: 'Compression',
        license: null,
        provides: ['libz.so.1()(64bit)', 'zlib = 1-1'],
        packages: [{ arch: 'x86_64' }, { arch: 'i686' }],
      },
    ],
  });
});

test('cache info counts every folder that rpm-deps writes, and cache clean keeps what the bot remembers', async () => {
  const { run, directory } = cliProject('sets: { web: { packages: [app] } }\n');
  for (const folder of ['installed-v1', 'labels-v1', 'releasever-v1', 'git-v1', 'bot-v2', 'another-program']) {
    mkdirSync(join(directory, '.cache', folder), { recursive: true });
    writeFileSync(join(directory, '.cache', folder, 'file'), '12345');
  }
  const { folders } = (await run('cache', 'info', '--json')).json as { folders: { name: string }[] };
  expect(folders.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['installed-v1', 'labels-v1', 'releasever-v1', 'git-v1', 'bot-v2']),
  );
  expect(folders.map(({ name }) => name)).not.toContain('another-program');
  await run('cache', 'clean');
  expect(readdirSync(join(directory, '.cache', 'bot-v2'))).toEqual(['file']);
  expect(readdirSync(join(directory, '.cache', 'labels-v1'))).toEqual([]);
});

test('cache clean --dry-run removes nothing', async () => {
  const { run } = await project();
  const before = (await run('cache', 'info', '--json')).json as { files: number };
  const dry = await run('cache', 'clean', '--dry-run');
  expect(dry.stderr).toMatch(new RegExp(`^would remove ${before.files} files, `));
  expect((await run('cache', 'info', '--json')).json).toMatchObject({ files: before.files });
  expect((await run('cache', 'clean')).stderr).toBe(dry.stderr.replace('would remove', 'removed'));
});

test('info tells versions, dependents and locks', async () => {
  const { run, mirror } = await project();
  mirror('s390x', [...LINES, 'lib-2-1.noarch']);
  const { json } = await run('info', 'lib', '--json');
  expect(json).toMatchObject({
    name: 'lib',
    architectures: [
      { architecture: 'x86_64', required_by: ['app', 'tool'], provides: ['lib = 1-1', 'libx.so.1()(64bit)'] },
      { architecture: 's390x', packages: [{ version: '2' }, { version: '1' }] },
    ],
    locked: [
      { package_set: 'base', architecture: 's390x', version: '0:1-1' },
      { package_set: 'web', architecture: 's390x' },
      { package_set: 'web', architecture: 'x86_64' },
    ],
  });
  expect((await run('info', 'lib', '--arch', 's390x')).stdout).toMatch(/^lib for s390x\n +version.*\n +2-1 /);
  expect(await run('info', 'lbi')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('did you mean `lib`?') });
});

test('resolve answers without a set, and explains what it cannot', async () => {
  const { run } = await project();
  const { json } = await run('resolve', 'tool', '--arch', 's390x', '--json');
  expect(json).toMatchObject({
    architecture: 's390x',
    packages: [{ name: 'lib', epoch: '0', version: '1', release: '1', arch: 'noarch', repository: 'base' }, { name: 'tool' }],
  });
  expect((await run('resolve', 'tool', '--arch', 's390x')).stdout).toMatch(/^lib +noarch +1-1 +base$/m);
  const refused = await run('resolve', 'nothing', 'like-this', '--arch', 's390x', '--json');
  expect(refused.exitCode).toBe(3);
  expect(refused.json).toMatchObject({ architecture: 's390x', problems: [{ text: expect.stringContaining('nothing') }, {}] });
  expect((await run('resolve', 'lib-9-9')).exitCode).toBe(6);
  expect((await run('resolve', 'tool', '--exclude', 'li*')).exitCode).toBe(3);
  expect(await run('resolve', 'tool', '--repo', 'bsae')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('base') });
});

test('resolve needs no manifest: CentOS Stream on the mirror that is named', async () => {
  const { run } = cliProject();
  expect(await run('resolve', 'bash', '--mirror', '/nowhere', '--arch', 'amd64', '--repo', 'crb')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('file:///nowhere/9-stream/CRB/x86_64/os/repodata/repomd.xml'),
  });
});

test('check without any lockfile is one line, however many sets there are', async () => {
  const sets = Array.from({ length: 9 }, (_, i) => `  s${i}: { packages: [app] }\n`).join('');
  const made = cliProject(`sets:\n${sets}`);
  const { exitCode, stdout } = await made.run('check');
  expect(exitCode).toBe(1);
  expect(stdout).toBe(
    'rpm-lockfiles/s0-x86_64.lock.json, rpm-lockfiles/s0-s390x.lock.json, rpm-lockfiles/s1-x86_64.lock.json and 15 more (18 in all): ' +
      'there is no lockfile for this set and architecture\n    fix: rpm-deps lock\n',
  );
  expect(((await made.run('check', '--json')).json as { findings: unknown[] }).findings).toHaveLength(18);
});

test('verify before fetch says once that nothing is there', async () => {
  const { run } = await project();
  const { exitCode, stderr } = await run('verify');
  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: none of 6 packages is in the store\n\nhint: run `rpm-deps fetch` first\n');
});
