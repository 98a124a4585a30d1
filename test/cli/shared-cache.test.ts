import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

let project: CliProject;
let cache: string;
beforeEach(() => {
  project = cliProject('sets: { a: { packages: [lib] } }\n');
  for (const architecture of ['x86_64', 's390x']) project.mirror(architecture, ['lib-1-1.noarch']);
  cache = join(project.directory, '.cache');
});

const sha256Of = (): string => project.readLock('a-x86_64').packages[0]!.sha256;

/** As somebody does who may write there: another sha256 in the snapshots. */
function poison(): void {
  const folder = join(cache, 'metadata-v1');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.pool'))) {
    const bytes = readFileSync(join(folder, name));
    const digest = Buffer.from(sha256Of(), 'hex');
    const at = bytes.includes(digest) ? bytes.indexOf(digest) : bytes.indexOf(sha256Of());
    bytes.fill(0x64, at, at + (bytes.includes(digest) ? 32 : 64));
    writeFileSync(join(folder, name), bytes);
  }
  rmSync(join(cache, 'stamps-v1'), { recursive: true, force: true });
}

const open = (): void => {
  for (const entry of readdirSync(cache, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  chmodSync(cache, 0o777);
};

describe('a cache that other users may write', () => {
  test('is refused, and nothing is locked from it', async () => {
    await project.run('update');
    poison();
    open();
    rmSync(join(project.directory, 'rpm-lockfiles'), { recursive: true });
    const { exitCode, stderr } = await project.run('update');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not safe to use: all users may write to it');
    expect(Object.keys(project.files())).toEqual(['rpm-packages.yaml']);
  });

  test.each([
    ['an option', ['--shared-cache'], {}],
    ['the environment', [], { RPM_DEPS_SHARED_CACHE: '1' }],
  ])('is used for RPMs only where %s says so: all metadata is read anew', async (_, options, env) => {
    await project.run('update');
    const right = sha256Of();
    poison();
    open();
    rmSync(join(project.directory, 'rpm-lockfiles'), { recursive: true });
    Object.assign(project.env, env);
    expect((await project.run('update', ...options)).exitCode).toBe(0);
    expect(sha256Of()).toBe(right);
  });

  test.each(['', 'metadata-v1', 'stamps-v1', 'keys-v1'])('is one in which the folder `%s` is open', async (name) => {
    mkdirSync(join(cache, name), { recursive: true });
    chmodSync(join(cache, name), 0o777);
    expect((await project.run('update')).stderr).toContain('is not safe to use');
  });

  test('a single file that others may write is made anew', async () => {
    await project.run('update');
    const right = sha256Of();
    poison();
    for (const name of readdirSync(join(cache, 'metadata-v1'))) chmodSync(join(cache, 'metadata-v1', name), 0o666);
    rmSync(join(project.directory, 'rpm-lockfiles'), { recursive: true });
    expect((await project.run('update')).exitCode).toBe(0);
    expect(sha256Of()).toBe(right);
  });

  test.skipIf(process.getuid?.() !== 0)('is one that belongs to another user', async () => {
    await project.run('update');
    chownSync(cache, 65_534, 65_534);
    expect((await project.run('update')).stderr).toContain('it belongs to user 65534');
  });
});

describe('a cache that this user alone may write, in which somebody altered files before', () => {
  test('gives nothing that rpm-deps has not sealed: the snapshot is made anew, with a word', async () => {
    await project.run('update');
    const right = sha256Of();
    poison();
    rmSync(join(project.directory, 'rpm-lockfiles'), { recursive: true });
    const { exitCode, stderr } = await project.run('update');
    expect(exitCode).toBe(0);
    expect(sha256Of()).toBe(right);
    expect(stderr).toMatch(/warning: .*\.pool was altered by another program, and is created again/);
    expect((await project.run('update')).stderr).not.toContain('altered');
  });

  test('with a snapshot, a stamp or another file that was sealed with another key, or under another name', async () => {
    await project.run('update');
    const right = sha256Of();
    const key = readFileSync(join(cache, 'cache-key'));
    writeFileSync(
      join(cache, 'cache-key'),
      key.map((byte) => byte ^ 1),
    );
    expect((await project.run('update')).stderr).not.toContain('altered');
    expect(sha256Of()).toBe(right);
    const folder = join(cache, 'metadata-v1');
    const [first, second] = readdirSync(folder).filter((name) => name.endsWith('.pool'));
    writeFileSync(join(folder, first!), readFileSync(join(folder, second!)));
    rmSync(join(cache, 'stamps-v1'), { recursive: true, force: true });
    expect((await project.run('update')).stderr).toContain('altered');
    expect(sha256Of()).toBe(right);
  });

  test('whose key others may read is not believed', async () => {
    await project.run('update');
    const key = join(cache, 'cache-key');
    const before = readFileSync(key);
    chmodSync(key, 0o644);
    expect((await project.run('update')).exitCode).toBe(0);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readFileSync(key).equals(before)).toBe(false);
  });
});

test('what is made is for this user alone to write, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    await project.run('update');
  } finally {
    process.umask(before);
  }
  for (const entry of readdirSync(cache, { recursive: true, withFileTypes: true }))
    expect(statSync(join(entry.parentPath, entry.name)).mode & 0o022, entry.name).toBe(0);
  expect((await project.run('update')).exitCode).toBe(0);
});
