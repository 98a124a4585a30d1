import { rmSync } from 'node:fs';
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
  expect((await made.run('update')).stdout.replace(/\d+ ms/g, '')).toBe(first.stdout.replace(/\d+ ms/g, ''));
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
  ['an edited lockfile', (made) => made.write('rpm-lockfiles/web-s390x.lock.json', `${made.read('rpm-lockfiles/web-s390x.lock.json')}\n`)],
  ['a lockfile that is gone', (made) => rmSync(join(made.directory, 'rpm-lockfiles/web-s390x.lock.json'))],
  ['newer metadata', (made) => made.mirror('s390x', ['app-1-1.noarch requires: lib', 'lib-1-1.noarch'], { timestamp: 1737000000 })],
  ['another version in the environment', (made) => Object.assign(made.env, { LIB_VERSION: '2-1' })],
  ['an empty cache', (made) => rmSync(join(made.directory, '.cache'), { recursive: true })],
  ['a damaged stamp', (made) => rmSync(join(made.directory, '.cache/stamps-v1'), { recursive: true })],
])('%s is looked into', async (_, change) => {
  const made = await settled();
  change(made);
  expect(await looked(made, 'update')).toBe(true);
});

test('other flags are another question', async () => {
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
    http: { request: () => Promise.reject(new Error('not asked')), close: () => Promise.resolve() },
    now: () => new Date('2999-01-02T00:00:00Z'),
    emit: () => undefined,
    signal: new AbortController().signal,
  };
  const input = { manifest: undefined, lockfiles: undefined, mirror: undefined, arch: [], set: [] };
  expect(await findUnchanged(['update'], input, context)).toBeUndefined();
});
