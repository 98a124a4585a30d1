import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Clone, checkCloneUrl } from '../../src/jobs/clone.ts';
import { gitProject } from '../helpers/git-project.ts';

/** A clone of a public server, with a git that notes its settings and fails. */
function cloneOf(lookUp: () => Promise<readonly { readonly address: string; readonly family: number }[]>) {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-clone-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const noted = join(directory, 'noted');
  writeFileSync(noted, '');
  writeFileSync(join(directory, 'git'), `#!/bin/sh\nenv >>${noted}\nulimit -d >>${noted}\nexit 1\n`, { mode: 0o755 });
  const clone = new Clone({
    ...{ url: 'https://git.example.com/a.git', branch: 'main', allowed: ['https://git.example.com/'], secret: undefined, lookUp },
    directory: join(directory, 'clone'),
    network: { origins: [], publicHosts: true },
    path: `${directory}:${process.env['PATH']}`,
    signal: new AbortController().signal,
  });
  return { clone, noted: () => readFileSync(noted, 'utf8') };
}

test('git connects to the addresses that were checked, whatever the name means a moment later', async () => {
  const { clone, noted } = cloneOf(async () => [
    { address: '203.0.113.7', family: 4 },
    { address: '2001:4860::1', family: 6 },
  ]);
  await expect(clone.update()).rejects.toMatchObject({ code: 'GIT' });
  expect(noted()).toMatch(/^GIT_CONFIG_KEY_\d+=http\.curloptResolve$/m);
  // A list of branches without an end must not take the memory of the machine.
  expect(noted()).toMatch(/^2097152$/m);
  expect(noted()).toMatch(/^GIT_CONFIG_VALUE_\d+=git\.example\.com:443:203\.0\.113\.7,\[2001:4860::1\]$/m);
});

test('a name with a private address among others, or with none, is not given to git', async () => {
  const inside = cloneOf(async () => [
    { address: '203.0.113.7', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ]);
  await expect(inside.clone.update()).rejects.toMatchObject({ code: 'HOST_REFUSED' });
  const unknown = cloneOf(async () => {
    throw new Error('ENOTFOUND');
  });
  await expect(unknown.clone.update()).rejects.toMatchObject({ code: 'NETWORK' });
  expect([inside.noted(), unknown.noted()]).toEqual(['', '']);
});

test('a URL that may hold a secret is refused, and the secret is not in the message', () => {
  for (const url of [
    'https://git.example.com/a.git?private_token=s3cret',
    'https://git.example.com/a.git#s3cret',
    'https://me:s3cret@git.example.com/a.git',
  ]) {
    let said = {};
    try {
      checkCloneUrl(url, ['https://git.example.com/']);
    } catch (error) {
      said = error as object;
    }
    expect(said).toMatchObject({ code: 'USAGE', message: expect.not.stringContaining('s3cret') });
  }
});

test.each([
  ['https://github.com/x/y.git', 'git: ["https://github.com/"]'],
  ['http://[::1]:8080/y.git', 'git: ["http://[::1]:8080/"]'],
  ['ssh://git@github.com/x/y.git', 'git: ["ssh://git@github.com/"]'],
  ['ssh://git:secret@github.com/x/y.git', 'git: ["https://git.example.com/"]'],
  ['git@github.com:x/y.git', 'write it as ssh://git@github.com/x/y.git'],
  ['/srv/git/y.git', 'git: ["/srv/git/"]'],
  ['file:///srv/git/y.git', 'git: ["file:///srv/git/"]'],
  ['ext::sh -c id', 'git: ["https://git.example.com/"]'],
])('the refusal of %s says what to write', (url, line) => {
  let hint: string | undefined;
  try {
    checkCloneUrl(url, ['https://elsewhere.example.com/']);
  } catch (error) {
    hint = (error as { hint?: string }).hint;
  }
  expect(hint).toContain(line);
  const prefix = /\["(.*)"\]/.exec(line)?.[1];
  if (prefix !== undefined && url.startsWith(prefix)) checkCloneUrl(url, [prefix]);
});

/** A clone of a local project that was made before, and a file in it that stays as long as the clone does. */
async function madeClone() {
  const git = gitProject({ 'rpm-packages.yaml': 'a: 1\n', 'locks/a.lock.json': '{}\n' });
  onTestFinished(() => git.remove());
  const directory = join(git.directory, 'clone');
  const cloneWith = ({ branch = 'main', path = process.env['PATH']! }) =>
    new Clone({
      ...{ url: git.url, branch, allowed: [git.directory], secret: undefined, directory },
      network: { origins: [], publicHosts: true },
      path,
      signal: new AbortController().signal,
    });
  const update = (given = {}): Promise<string> => cloneWith(given).update(['rpm-packages.yaml', 'locks']);
  await update();
  const marker = join(directory, 'marker');
  writeFileSync(marker, '');
  return { git, directory, update, isSame: () => existsSync(marker) };
}

/** Loose objects become empty, as after a power failure. */
function emptyObjects(directory: string): void {
  for (const name of readdirSync(join(directory, 'objects'), { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, 'objects', name);
    if (!/^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(name)) continue;
    chmodSync(path, 0o644);
    writeFileSync(path, '');
  }
}

test.each([
  ['a lock that a killed git left', (directory: string) => writeFileSync(join(directory, 'refs/heads/main.lock'), '')],
  ['an empty branch', (directory: string) => writeFileSync(join(directory, 'refs/heads/main'), '')],
  ['an empty HEAD', (directory: string) => writeFileSync(join(directory, 'HEAD'), '')],
  ['empty objects', emptyObjects],
])('a clone with %s is cloned again', async (_, damage) => {
  const { git, directory, update, isSame } = await madeClone();
  const commit = git.commit({ 'locks/a.lock.json': '{"a": 1}\n' });
  damage(directory);
  expect(await update()).toBe(commit);
  expect(isSame()).toBe(false);
});

test('objects that cannot be read do not count as files that do not exist, also where nothing is fetched', async () => {
  const { git, directory, update, isSame } = await madeClone();
  emptyObjects(directory);
  expect(await update()).toBe(git.head());
  expect(isSame()).toBe(false);
});

test('a branch or a server that is missing leaves the clone as it is', async () => {
  const { git, update, isSame } = await madeClone();
  await expect(update({ branch: 'gone' })).rejects.toMatchObject({ code: 'GIT' });
  rmSync(git.url, { recursive: true });
  await expect(update()).rejects.toMatchObject({ code: 'GIT' });
  expect(isSame()).toBe(true);
});

test('a machine without git says so', async () => {
  const { directory, update, isSame } = await madeClone();
  await expect(update({ path: join(directory, 'nothing') })).rejects.toMatchObject({ code: 'GIT', message: 'git is not installed' });
  expect(isSame()).toBe(true);
});
