import { expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

const MANIFEST = `# What we ship.
versions:
  VIRT_VERSION: "0:1-1"   # keep in step with the docs
  TOOL_VERSION: 1-1
sets:
  web:
    packages:
      - virt-client-\${VIRT_VERSION}
      - 'virt-daemon-\${VIRT_VERSION}'
      - tool-\${TOOL_VERSION}
      - other
`;

const build = (n: number): string[] => [
  `virt-client-${n}-1.noarch requires: virt-libs = ${n}-1; source: virt`,
  `virt-daemon-${n}-1.noarch source: virt`,
  `virt-libs-${n}-1.noarch source: virt`,
  `tool-${n}-1.noarch`,
  `other-${n}-1.noarch`,
];

async function project(extra = ''): Promise<CliProject> {
  const made = cliProject(`${MANIFEST}${extra}`);
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, build(1));
  await made.run('update');
  made.mirror('x86_64', [...build(1), ...build(2), ...build(3)]);
  made.mirror('s390x', [...build(1), ...build(2), 'tool-3-1.noarch']);
  return made;
}

test('pins go to the newest version that every architecture has; comments and quotes stay; nothing else moves', async () => {
  const { run, read, locked } = await project();
  const { exitCode, stdout } = await run('bump');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('VIRT_VERSION: 0:1-1 -> 0:2-1\nTOOL_VERSION: 1-1 -> 3-1\n');
  expect(read('rpm-packages.yaml')).toContain('VIRT_VERSION: "0:2-1"   # keep in step with the docs\n  TOOL_VERSION: 3-1\n');
  expect(locked('web-s390x')).toEqual([
    'other-1-1.noarch',
    'tool-3-1.noarch',
    'virt-client-2-1.noarch',
    'virt-daemon-2-1.noarch',
    'virt-libs-2-1.noarch',
  ]);
  expect((await run('check')).exitCode).toBe(0);
});

test('locks of sets that the pins are not for stay, even where the mirror lost one of their versions', async () => {
  const { run, mirror, read } = await project('  side: { packages: [other] }\n');
  await run('lock');
  const before = read('rpm-lockfiles/side-x86_64.lock.json');
  for (const arch of ['x86_64', 's390x']) mirror(arch, [...build(2), 'tool-1-1.noarch']);
  const { json } = await run('bump', 'virt', '--json');
  expect(json).toMatchObject({ sets: [{ set: 'web' }, { set: 'web' }] });
  expect(read('rpm-lockfiles/side-x86_64.lock.json')).toBe(before);
});

test('one name: a variable, a package, or a source RPM', async () => {
  for (const name of ['VIRT_VERSION', 'virt-daemon', 'virt']) {
    const { run, read } = await project();
    await run('bump', name);
    expect(read('rpm-packages.yaml')).toMatch(/VIRT_VERSION: "0:2-1".*\n {2}TOOL_VERSION: 1-1/);
  }
});

test('a dry run shows pins and diff, and writes neither manifest nor lockfiles', async () => {
  const { run, files } = await project();
  const before = files();
  const { stdout } = await run('bump', '--dry-run');
  expect(stdout).toMatch(/VIRT_VERSION: 0:1-1 -> 0:2-1\n(?:.*\n)*.*would be written\n(?:.*\n)*Upgraded\n/);
  expect(files()).toEqual(before);
});

test('--to takes any version that is there, and is for one name', async () => {
  const { run, read, files } = await project();
  await run('bump');
  expect((await run('bump', 'tool', '--to', '2-1')).stdout).toContain('TOOL_VERSION: 3-1 -> 2-1 (a downgrade)');
  expect(read('rpm-packages.yaml')).toContain('TOOL_VERSION: 2-1');
  const before = files();
  expect(await run('bump', 'tool', '--to', '9-9')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('9-9 is not available for every architecture'),
  });
  expect((await run('bump', '--to', '2-1')).exitCode).toBe(2);
  expect(files()).toEqual(before);
});

test('a pin that is gone comes first, with what is there', async () => {
  const { run, mirror, read } = await project();
  mirror('s390x', build(2));
  const { stdout } = await run('bump');
  expect(stdout).toMatch(/^VIRT_VERSION: 0:1-1 -> 0:2-1\n {2}0:1-1 is gone: virt-client on s390x, virt-daemon on s390x\n {2}there is /);
  expect(read('rpm-packages.yaml')).toContain('TOOL_VERSION: 2-1');
});

test('a pin that is gone and has no common successor is refused with exit 6, and nothing is written', async () => {
  const { run, mirror, files } = await project();
  mirror('s390x', [...build(9), 'tool-1-1.noarch']);
  const before = files();
  const { exitCode, stderr } = await run('bump');
  expect(exitCode).toBe(6);
  expect(stderr).toMatch(/VIRT_VERSION is 0:1-1; there is\n(?:.*\n)* +virt-client \(s390x\): 9-1/);
  expect(files()).toEqual(before);
});

test('a pin that is gone and held where nothing is any more is refused with exit 6, and nothing is written', async () => {
  const { run, mirror, files } = await project('holds: [{ package: "tool", version: "1*", reason: "2 is slow" }]\n');
  for (const arch of ['x86_64', 's390x']) mirror(arch, build(2));
  const before = files();
  const { exitCode, stderr } = await run('bump');
  expect(exitCode).toBe(6);
  expect(stderr).toContain('a hold allows none of the available versions');
  expect(stderr).toContain('held at 1*: 2 is slow');
  expect(files()).toEqual(before);
});

test('a hold keeps a pin, and says so', async () => {
  const { run, read } = await project('holds: [{ package: tool, version: "1*", reason: "2 is slow" }]\n');
  expect((await run('bump')).stdout).toContain('TOOL_VERSION: 1-1 stays, held at 1*: 2 is slow');
  expect(read('rpm-packages.yaml')).toContain('TOOL_VERSION: 1-1');
});

test('a manifest without pins is told so', async () => {
  const { run, mirror } = cliProject('sets: { web: { packages: [other] } }\n');
  for (const arch of ['x86_64', 's390x']) mirror(arch, build(1));
  expect(await run('bump')).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('pins no versions') });
});

test('nothing to bump is no failure, and changes nothing', async () => {
  const { run, files } = await project();
  await run('bump');
  const before = files();
  expect((await run('bump', '--json')).json).toMatchObject({
    changed: false,
    dry_run: false,
    sets: [],
    diff: { sources: [] },
    warnings: [],
    bumps: [{ status: 'current' }, { status: 'current' }],
  });
  expect(files()).toEqual(before);
});

test('a set that cannot be solved with the new pins leaves the manifest as it was', async () => {
  const { run, mirror, files } = await project();
  for (const arch of ['x86_64', 's390x'])
    mirror(arch, [...build(1), 'virt-client-2-1.noarch requires: missing; source: virt', 'virt-daemon-2-1.noarch source: virt']);
  const before = files();
  expect((await run('bump', 'virt')).exitCode).toBe(3);
  expect(files()).toEqual(before);
});

test('a version that the environment overrides cannot be bumped', async () => {
  const { run, env } = await project();
  env['RPM_DEPS_VERSION_TOOL_VERSION'] = '1-1';
  expect(await run('bump', 'tool')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('unset RPM_DEPS_VERSION_TOOL_VERSION') });
});

test('a name that pins nothing, with the nearest', async () => {
  const { run } = await project();
  expect(await run('bump', 'virt-cleint')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean `virt-client`?') });
});

test('what is locked beside the pins and of their source RPM goes to the same build', async () => {
  const { run, locked, mirror } = cliProject('versions: { VIRT: 1-1 }\nsets: { web: { packages: ["virt-client-${VIRT}", virt-docs] } }\n');
  const lines = (n: number) => [`virt-client-${n}-1.noarch source: virt`, `virt-docs-${n}-1.noarch source: virt`];
  for (const arch of ['x86_64', 's390x']) mirror(arch, lines(1));
  await run('update');
  for (const arch of ['x86_64', 's390x']) mirror(arch, [...lines(1), ...lines(2), ...lines(3)]);
  const { stderr } = await run('bump', 'virt', '--to', '2-1');
  expect(stderr).not.toContain('warning');
  expect(locked('web-s390x')).toEqual(['virt-client-2-1.noarch', 'virt-docs-2-1.noarch']);
});

test('an alias of a version that moves does not follow it where its own packages stay', async () => {
  const manifest = 'versions:\n  A: &one 1-1\n  B: *one\nsets: { web: { packages: ["app-${A}", "tool-${B}"] } }\n';
  const { run, read, mirror } = cliProject(manifest);
  for (const arch of ['x86_64', 's390x']) mirror(arch, ['app-1-1.noarch', 'tool-1-1.noarch']);
  await run('update');
  for (const arch of ['x86_64', 's390x']) mirror(arch, ['app-1-1.noarch', 'tool-1-1.noarch', 'app-2-1.noarch', 'tool-2-1.noarch']);
  await run('bump', 'app');
  expect(read('rpm-packages.yaml')).toContain('  A: &one 2-1\n  B: 1-1\n');
});

test('outdated tells what bump would do with the pins, also before anything is locked', async () => {
  const { run, mirror } = await project();
  mirror('s390x', build(2));
  expect((await run('outdated')).stdout).toContain(
    'pins, and what `rpm-deps bump` would change\n  VIRT_VERSION: 0:1-1 -> 0:2-1\n    0:1-1 is gone',
  );
  const fresh = await run('outdated', '--lockfiles', 'none', '--json');
  expect(fresh.json).toMatchObject({
    outdated: [],
    pins: [
      { status: 'bump', to: '0:2-1' },
      { status: 'bump', to: '2-1' },
    ],
  });
});

test('what a reviewer would not see in the lockfiles is in the body: pins that are gone or held', async () => {
  const { run, read, mirror } = await project('holds: [{ package: tool, version: "1*", reason: "2 is slow" }]\n');
  mirror('s390x', [...build(2), 'tool-1-1.noarch']);
  await run('bump', '--pr-body', 'body.md');
  expect(read('body.md')).toContain(
    '\nNotes:\n\n- VIRT_VERSION: 0:1-1 -> 0:2-1; 0:1-1 is gone: virt-client on s390x, virt-daemon on s390x; there is ',
  );
  expect(read('body.md')).toContain('- TOOL_VERSION: 1-1 stays, held at 1\\*: 2 is slow\n');
});

test('without a bump the body of the pull request is empty, whatever the file held', async () => {
  const { run, read, write } = await project();
  await run('bump');
  write('body.md', 'of last week');
  expect((await run('bump', '--pr-title', '--pr-body', 'body.md')).stdout).toBe('');
  expect(read('body.md')).toBe('');
});

test('title and body for a pull request', async () => {
  const { run, read } = await project();
  expect((await run('bump', 'virt', '--pr-title', '--pr-body', 'body.md')).stdout).toBe('rpm lockfiles: bump VIRT_VERSION to 0:2-1\n');
  expect(read('body.md')).toContain('| `virt` | upgrade | `1-1` | `2-1` |');
});

test('pins, specs and variables of included files are moved where they are', async () => {
  const made = cliProject(`include: [versions.yaml, sets/*.yaml]
versions: { TOOL_VERSION: 1-1 }
sets: { own: { packages: [other] } }
`);
  made.write('versions.yaml', 'versions:\n  VIRT_VERSION: "0:1-1" # in step\n  TOOL_VERSION: 0-1 # overridden\n');
  made.write(
    'sets/web.yaml',
    'groups: { tools: ["other-1-1"] } # exact\nsets:\n  web: { packages: ["virt-client-${VIRT_VERSION}", "tool-${TOOL_VERSION}"], groups: [tools] }\n',
  );
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, build(1));
  expect(await made.run('update')).toMatchObject({ exitCode: 0 });
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, [...build(1), ...build(2)]);
  expect(await made.run('bump')).toMatchObject({ exitCode: 0 });
  expect(made.read('versions.yaml')).toBe('versions:\n  VIRT_VERSION: "0:2-1" # in step\n  TOOL_VERSION: 0-1 # overridden\n');
  expect(made.read('sets/web.yaml')).toContain('groups: { tools: ["other-2-1"] } # exact\n');
  expect(made.read('rpm-packages.yaml')).toContain('versions: { TOOL_VERSION: 2-1 }\n');
  expect(made.locked('web-x86_64')).toEqual(['other-2-1.noarch', 'tool-2-1.noarch', 'virt-client-2-1.noarch', 'virt-libs-2-1.noarch']);
  expect((await made.run('check')).exitCode).toBe(0);
});

test('a version in a spec is a pin also where its package is in no repository any more', async () => {
  const made = cliProject('sets: { s: { packages: [tool-1-1, other] } }\n');
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, build(1));
  await made.run('update');
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, ['other-1-1.noarch']);
  const { exitCode, stderr } = await made.run('bump');
  expect(exitCode).toBe(6);
  expect(stderr).toContain('tool-1-1 is 1-1; there is\n    tool (x86_64): nothing\n');
});
