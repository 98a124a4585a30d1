import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CliProject, cliProject, runCli } from '../helpers/cli-project.ts';

const SETS = `versions: { APP_VERSION: 1-1 }
groups: { common: [lib] }
sets: { web: { groups: [common], packages: ["app-\${APP_VERSION}"] } }
`;

function project(sets = SETS): CliProject {
  const made = cliProject(sets);
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, [`app-1-1.${arch} requires: lib`, `lib-1-1.${arch}`]);
  made.mirror('s390x', ['app-1-1.s390x requires: lib', 'lib-1-1.s390x', 'only-1-1.s390x']);
  return made;
}

/** Runs `update`, wants this failure, and nothing changed. */
async function refused(
  made: CliProject,
  exitCode: number,
  code: string,
  words: RegExp,
  argv: readonly string[] = ['update'],
): Promise<void> {
  const before = made.files();
  const { exitCode: got, stderr, stdout } = await made.run(...argv);
  expect(stderr).toMatch(words);
  expect(got).toBe(exitCode);
  expect(stdout).toBe('');
  const { json } = await made.run(...argv, '--json');
  expect(json).toMatchObject({ error: { code, message: expect.any(String), details: expect.any(Array) } });
  expect(made.files()).toEqual(before);
}

test('no manifest', async () =>
  refused(cliProject(), 2, 'MANIFEST_MISSING', /there is no manifest .*rpm-packages\.yaml.*\n\nhint: run `rpm-deps init`/));

test('an empty manifest', async () => {
  const made = cliProject();
  made.write('rpm-packages.yaml', '\n');
  await refused(made, 2, 'MANIFEST_INVALID', /rpm-packages\.yaml:1:1: the manifest is empty/);
});

test('a manifest edited to nonsense, with every mistake at its place', async () => {
  const made = project('sets: { web: { packages: [app], excludes: [] } }\nversoins: {}\n');
  await refused(made, 2, 'MANIFEST_INVALID', /rpm-packages\.yaml:4:\d+: .*exclude.*\n +rpm-packages\.yaml:5:1: .*versions/);
});

test('an unknown group and an undefined version', async () => {
  await refused(project('groups: { common: [lib] }\nsets: { web: { groups: [comon] } }\n'), 2, 'MANIFEST_INVALID', /did you mean `common`/);
  await refused(
    project(SETS.replace('${APP_VERSION}', '${APP_VERSON}')),
    2,
    'MANIFEST_INVALID',
    /\$\{APP_VERSON\}.*did you mean `\$\{APP_VERSION\}`/,
  );
});

test('an unknown set or architecture', async () => {
  await refused(project(), 2, 'USAGE', /no set `wbe`.*\n\nhint: did you mean `web`\?/, ['update', '--set', 'wbe']);
  await refused(project(), 2, 'USAGE', /`s39x`.*\n\nhint: did you mean `s390x`\?/, ['update', '--arch', 's39x']);
  await refused(project(), 2, 'USAGE', /`arm64` is not an architecture of the manifest/, ['update', '--arch', 'arm64']);
});

test('a package that exists nowhere, with the nearest names', async () => {
  await refused(project('sets: { web: { packages: [lbi] } }\n'), 2, 'NO_SUCH_PACKAGE', /web-x86_64.*:\n.*`lbi`.*\n.*did you mean `lib`/);
});

test('a package that exists only for another architecture', async () => {
  const made = project('sets: { web: { packages: [only] } }\n');
  await refused(
    made,
    2,
    'NO_SUCH_PACKAGE',
    /available for other architectures only; (?:.|\n)*web-x86_64:\n.*x86_64 matches `only`; it is available for s390x only\n/,
  );
  await refused(made, 2, 'NO_SUCH_PACKAGE', /`only`; it is available for s390x only\n/, ['update', '--arch', 'amd64']);
  const { exitCode, json } = await made.run('resolve', '--arch', 'amd64', 'only', '--json');
  expect(exitCode).toBe(3);
  expect(json).toMatchObject({ problems: [{ kind: 'wrong-architecture', spec: 'only', text: expect.stringContaining('s390x only') }] });
});

test.each(['nothing-like-it', '/usr/bin/nothing', '@nothing', 'nothing.so.1()(64bit)', 'nothing >= 2'])(
  'what no architecture has, `%s`, is said to be there for none',
  async (spec) => {
    const made = project(`sets: { web: { packages: [${JSON.stringify(spec)}] } }\n`);
    await refused(made, 2, 'NO_SUCH_PACKAGE', /web-x86_64, web-s390x:\n.*nothing in the repositories matches `[^`]+`\n/);
  },
);

test('a pinned version that only another architecture has', async () => {
  const made = project('sets: { web: { packages: [lib-2-1] } }\n');
  made.mirror('s390x', ['lib-1-1.s390x', 'lib-2-1.s390x']);
  await refused(made, 6, 'PIN_GONE', /web-x86_64:\n.*`lib-2-1` .*; there is lib 1-1\n +- s390x has it\n/);
});

test('a package that only an architecture has which the manifest does not lock', async () => {
  const made = cliProject();
  made.mirror('s390x', ['lib-1-1.s390x']);
  made.mirror('x86_64', ['lib-1-1.x86_64', 'firmware-1-1.noarch files: /usr/share/firmware; provides: fw = 2']);
  const manifest = { architectures: ['s390x'], repositories: [{ id: 'base', baseurl: '$mirror/$basearch' }] };
  for (const spec of ['firmware', 'firmware-1*', 'fw >= 1', '/usr/share/firmware']) {
    made.write('rpm-packages.yaml', JSON.stringify({ ...manifest, sets: { web: { packages: [spec] } } }));
    await refused(made, 2, 'NO_SUCH_PACKAGE', /; it is available for x86_64 only\n/);
  }
});

test('a pinned version that is gone, with what is there', async () => {
  await refused(project(SETS.replace('1-1', '0.9-1')), 6, 'PIN_GONE', /app-0\.9-1.*1-1(?:.|\n)*hint: `rpm-deps bump`/);
});

test('one set that cannot be solved keeps all from being written, unless it is --keep-going', async () => {
  const made = project('sets: { good: { packages: [lib] }, bad: { packages: [app, broken] } }\n');
  for (const arch of ['x86_64', 's390x'])
    made.mirror(arch, ['app-1-1.noarch requires: lib', 'lib-1-1.noarch', 'broken-1-1.noarch requires: missing']);
  await refused(made, 3, 'UNSOLVABLE', /2 locks cannot be resolved; nothing was written\n +bad-x86_64, bad-s390x:\n.*broken/);
  const { exitCode, stdout, stderr } = await made.run('update', '--keep-going');
  expect(exitCode).toBe(3);
  expect(stdout).toContain('good');
  expect(stderr).toContain('2 locks cannot be resolved; the others were written');
  expect(Object.keys(made.files())).toEqual([
    'rpm-lockfiles/good-s390x.lock.json',
    'rpm-lockfiles/good-x86_64.lock.json',
    'rpm-packages.yaml',
  ]);
  const again = await made.run('update', '--keep-going');
  expect(again.stderr).toMatch(/2 locks cannot be resolved; nothing was written\n/);
  expect(again.stderr).not.toContain('--keep-going');
});

test('--keep-going writes the architectures whose repositories can be read', async () => {
  const made = project();
  writeFileSync(join(made.directory, 'mirror/s390x/repodata/repomd.xml'), '<html>welcome to the hotel</html>');
  const { exitCode, json } = await made.run('update', '--keep-going', '--json');
  expect(exitCode).toBe(4);
  expect(json).toMatchObject({
    sets: [{ architecture: 'x86_64' }],
    error: { code: 'METADATA_INVALID', failed: [{ architecture: 's390x' }] },
  });
  expect(Object.keys(made.files())).toEqual(['rpm-lockfiles/web-x86_64.lock.json', 'rpm-packages.yaml']);
});

test('a mirror that is not there', async () => refused(project(), 4, 'NETWORK', /base/, ['update', '--mirror', 'file:///nowhere/at/all']));

test('a mirror that cannot be reached', async () => {
  const { env, directory } = project();
  const ran = await runCli(['update', '--mirror', 'http://127.0.0.1:1', '--offline'], { cwd: directory, env });
  expect(ran).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('not in the cache') });
});

const damages: readonly [string, (repodata: string) => void, number, string][] = [
  [
    'HTML instead of repomd.xml',
    (repodata) => writeFileSync(join(repodata, 'repomd.xml'), '<!doctype html><html></html>'),
    4,
    'METADATA_INVALID',
  ],
  ['an empty repomd.xml', (repodata) => writeFileSync(join(repodata, 'repomd.xml'), ''), 4, 'METADATA_INVALID'],
  [
    'a truncated primary',
    (repodata) => overwrite(primaryOf(repodata), (bytes) => bytes.subarray(0, bytes.length / 2)),
    5,
    'DIGEST_MISMATCH',
  ],
  ['an altered primary', (repodata) => overwrite(primaryOf(repodata), (bytes) => bytes.fill(1, 20, 30)), 5, 'DIGEST_MISMATCH'],
  ['HTML instead of primary', (repodata) => overwrite(primaryOf(repodata), () => Buffer.from('<html></html>')), 5, 'DIGEST_MISMATCH'],
];

function primaryOf(repodata: string): string {
  return join(repodata, readdirSync(repodata).find((name) => name.includes('primary'))!);
}

function overwrite(path: string, change: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(path, change(readFileSync(path)));
}

test.each(damages)('%s', async (_, damage, exitCode, code) => {
  const made = project();
  damage(join(made.directory, 'mirror/s390x/repodata'));
  await refused(made, exitCode, code, /repository base cannot be read/);
});

test('a repomd.xml of another repository', async () => {
  const made = project();
  const of = (arch: string): string => join(made.directory, 'mirror', arch, 'repodata/repomd.xml');
  writeFileSync(of('s390x'), readFileSync(of('x86_64')));
  await refused(
    made,
    4,
    'NETWORK',
    /primary\.xml\.gz does not exist\n\nhint: repomd\.xml names a file that does not exist: it belongs to another/,
  );
});

test('an empty repository', async () => {
  const made = project();
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, []);
  await refused(made, 2, 'NO_SUCH_PACKAGE', /the repositories have no packages, so nothing matches `lib`/);
});

test.each([['update'], ['lock'], ['check'], ['diff'], ['why'], ['tree']])(
  'a lockfile with merge conflict markers is reported by %s and not touched',
  async (command) => {
    const made = project();
    await made.run('update');
    const path = 'rpm-lockfiles/web-x86_64.lock.json';
    made.write(path, made.read(path).replace('  "requested"', '<<<<<<< HEAD\n  "requested"'));
    const before = made.files();
    const argv = command === 'diff' ? ['diff', 'rpm-lockfiles', 'rpm-lockfiles'] : command === 'why' ? ['why', 'lib'] : [command];
    const { exitCode, stdout, stderr } = await made.run(...argv);
    expect(`${stdout}${stderr}`).toContain('merge conflict markers (line 8)');
    expect(exitCode).toBe(command === 'check' ? 1 : 2);
    expect(made.files()).toEqual(before);
  },
);

test('a lockfile of a newer schema is told and not touched', async () => {
  const made = project();
  await made.run('update');
  const path = 'rpm-lockfiles/web-x86_64.lock.json';
  made.write(path, made.read(path).replace('"1.1"', '"7.0"'));
  await refused(made, 2, 'LOCKFILE_INVALID', /schema 7\.0/);
});

test.each([
  ['merge conflict markers', (text: string) => text.replace('  "requested"', '<<<<<<< HEAD\n  "requested"'), 'git checkout --ours -- '],
  ['its end cut off', (text: string) => text.slice(0, 500), 'git checkout -- '],
  ['a newer schema', (text: string) => text.replace('"1.1"', '"7.0"'), 'update rpm-deps'],
  ['a size in words', (text: string) => text.replace(/"size": \d+/, '"size": "much"'), 'git checkout -- '],
])('check names what mends a lockfile with %s: `lock` would refuse it', async (_, spoil, fix) => {
  const made = project();
  await made.run('update');
  const path = 'rpm-lockfiles/web-x86_64.lock.json';
  made.write(path, spoil(made.read(path)));
  const { exitCode, stdout } = await made.run('check');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^rpm-lockfiles\/web-x86_64\.lock\.json: (?!`)/);
  expect(/^ {4}fix: .*$/m.exec(stdout)?.[0]).toContain(fix.endsWith(' ') ? `${fix}${path}` : fix);
});

test('an interruption before anything is written ends with 130', async () => {
  const made = project();
  const interruption = new AbortController();
  const running = runCli(['update'], { cwd: made.directory, env: made.env, signal: interruption.signal });
  interruption.abort();
  expect(await running).toMatchObject({ exitCode: 130, stderr: 'error: stopped; nothing was written\n' });
  expect(Object.keys(made.files())).toEqual(['rpm-packages.yaml']);
});
