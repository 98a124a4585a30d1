import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

const SETS = 'versions: { LIB_VERSION: 1-1 }\nsets: { web: { packages: [app, "lib-${LIB_VERSION}"] } }\n';

async function settled(sets = SETS): Promise<CliProject> {
  const made = cliProject(sets);
  for (const arch of ['x86_64', 's390x']) made.mirror(arch, ['app-1-1.noarch requires: lib', 'lib-1-1.noarch', 'lib-2-1.noarch']);
  await made.run('update');
  return made;
}

/** Whether a run read packages at all. */
async function looked(made: CliProject, ...argv: readonly string[]): Promise<boolean> {
  const { stderr, exitCode } = await made.run(...argv, '--verbose');
  expect(exitCode).toBe(0);
  return /solving/.test(stderr);
}

test('a second update looks at nothing but manifest, lockfiles and repomd.xml, and says the same', async () => {
  const made = await settled();
  const first = await made.run('update', '--set', 'web');
  const before = made.files();
  expect(await looked(made, 'update')).toBe(false);
  const untimed = (text: string): string => text.replace(/\d+ ms/g, 'N ms').replace(/ +/g, ' ');
  expect(untimed((await made.run('update')).stdout)).toBe(untimed(first.stdout));
  expect((await made.run('update', '--json')).json).toMatchObject({ changed: false, sets: [{ packages: 2, written: false }, {}] });
  expect(made.files()).toEqual(before);
});

test('what update has locked, lock keeps without looking; a dry run need not look either', async () => {
  const made = await settled();
  expect(await looked(made, 'lock')).toBe(false);
  expect(await looked(made, 'update', '--dry-run')).toBe(false);
});

test.each<[string, (made: CliProject) => void]>([
  ['an edited manifest', (made) => made.write('rpm-packages.yaml', `${made.read('rpm-packages.yaml')}# more\n`)],
  ['newer metadata', (made) => made.mirror('s390x', ['app-1-1.noarch requires: lib', 'lib-1-1.noarch'], { timestamp: 1737000000 })],
  ['another version in the environment', (made) => Object.assign(made.env, { RPM_DEPS_VERSION_LIB_VERSION: '2-1' })],
  ['an empty cache', (made) => rmSync(join(made.directory, '.cache'), { recursive: true })],
  ['a damaged stamp', (made) => rmSync(join(made.directory, '.cache/stamps-v1'), { recursive: true })],
])('%s is looked into', async (_, change) => {
  const made = await settled();
  change(made);
  expect(await looked(made, 'update')).toBe(true);
});

const LOCK = 'rpm-lockfiles/web-s390x.lock.json';

test('a lockfile that is gone is written again without a look', async () => {
  const made = await settled();
  const before = made.files();
  rmSync(join(made.directory, LOCK));
  expect(await looked(made, 'update', '--dry-run')).toBe(false);
  expect(made.files()).not.toEqual(before);
  const { stderr, json } = await made.run('update', '--json', '--verbose');
  expect(stderr).not.toMatch(/solving/);
  expect(json).toMatchObject({
    changed: true,
    sets: [{ written: false }, { written: true, added: 2 }],
    diff: { summary: { locks_before: 1, locks_after: 2 } },
  });
  expect(made.files()).toEqual(before);
});

test('a lockfile of another branch becomes what it was, and one that says the same stays', async () => {
  const made = await settled();
  const before = made.files();
  made.write(LOCK, made.read(LOCK).replace('"version": "1"', '"version": "0"'));
  expect((await made.run('update', '--json')).json).toMatchObject({ sets: [{ written: false }, { written: true, changed: 1 }] });
  expect(made.files()).toEqual(before);
  made.write(LOCK, made.read(LOCK).replace(/"generated": "[^"]*"/, '"generated": "2020-01-01T00:00:00Z"'));
  expect((await made.run('update', '--json')).json).toMatchObject({ changed: false });
  expect(made.read(LOCK)).toContain('2020-01-01T00:00:00Z');
});

test('a lockfile with merge marks is refused and not overwritten', async () => {
  const made = await settled();
  made.write(LOCK, `<<<<<<< HEAD\n${made.read(LOCK)}`);
  const before = made.files();
  const { exitCode, stderr } = await made.run('update');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('merge')]);
  expect(made.files()).toEqual(before);
});

test.each<[string, (texts: string) => string]>([
  ['changed', (texts) => texts.replaceAll('noarch', 'src')],
  ['cut off', (texts) => texts.slice(0, 100)],
])('remembered texts that were %s are not believed', async (_, damage) => {
  const made = await settled();
  const before = made.files();
  const folder = join(made.directory, '.cache/stamps-v1');
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.locks'))) {
    writeFileSync(join(folder, name), damage(readFileSync(join(folder, name), 'utf8')));
  }
  rmSync(join(made.directory, LOCK));
  expect(await looked(made, 'update')).toBe(true);
  expect(made.files()).toEqual(before);
});

test('what lock keeps depends on what is there: it looks', async () => {
  const made = await settled();
  rmSync(join(made.directory, LOCK));
  expect(await looked(made, 'lock')).toBe(true);
});

test('other flags are another query', async () => {
  const made = await settled();
  expect(await looked(made, 'update', '--arch', 's390x')).toBe(true);
  expect(await looked(made, 'update', '--arch', 's390x')).toBe(false);
});

test('the end of a hold is looked into on the day after it', async () => {
  const made = await settled(
    'holds: [{ package: lib, version: "1*", reason: r, until: 2999-01-01 }]\nsets: { web: { packages: [lib] } }\n',
  );
  expect(await looked(made, 'update')).toBe(false);
  const { findUnchanged } = await import('../../src/commands/unchanged.ts');
  const context = {
    cwd: made.directory,
    env: made.env,
    cacheDir: join(made.directory, '.cache'),
    offline: false,
    http: { request: () => Promise.reject(new Error('not asked')), close: () => Promise.resolve(), settings: { env: {} } },
    now: () => new Date('2999-01-02T00:00:00Z'),
    emit: () => undefined,
    signal: new AbortController().signal,
  };
  const input = { manifest: undefined, lockfiles: undefined, mirror: undefined, arch: [], set: [] };
  expect(await findUnchanged(['update'], input, context)).toBeUndefined();
});
