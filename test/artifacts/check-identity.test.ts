import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { archiveLocked } from '../../src/commands/archive.ts';
import { fetchLocked, fetchLocks } from '../../src/commands/fetch.ts';
import { verifyLocked } from '../../src/commands/verify.ts';
import type { LockedPackage, Lockfile } from '../../src/lockfile/lockfile.ts';
import { startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { FIXTURE_MIRROR, lockedProject, type Project, rerun } from '../helpers/project.ts';

const LOCK = 'rpm-lockfiles/odd-s390x.lock.json';
let project: Project;
let before: Lockfile;

beforeEach(async () => {
  project = await lockedProject(FIXTURE_MIRROR);
  before = JSON.parse(readFileSync(join(project.cwd, LOCK), 'utf8')) as Lockfile;
});

const locked = (name: string): LockedPackage => before.packages.find((other) => other.name === name)!;

function changeAcl(change: (acl: LockedPackage) => Partial<LockedPackage>): Lockfile {
  const lock = { ...before, packages: before.packages.map((other) => (other.name === 'acl' ? { ...other, ...change(other) } : other)) };
  writeFileSync(join(project.cwd, LOCK), JSON.stringify(lock));
  return lock;
}

/** The lock still names acl, and all that leads to its file leads to libacl. */
const deliverLibacl = (): Lockfile =>
  changeAcl(() => {
    const { sha256, size, location } = locked('libacl');
    return { sha256, size: size!, location: location! };
  });

const bothNames = { code: 'WRONG_PACKAGE', message: expect.stringMatching(/locked as acl-0:.*the file is libacl-0:/) };

describe('a lock in which one package has the file of another', () => {
  beforeEach(() => void deliverLibacl());

  test('fetch refuses it and lays nothing out, with both names', async () => {
    await expect(fetchLocked({ output: 'rpms', repodata: true }, project.context)).rejects.toMatchObject(bothNames);
    expect(existsSync(join(project.cwd, 'rpms'))).toBe(false);
  });

  test('fetch refuses it where signatures are not checked as well', async () => {
    await expect(fetchLocked({ signatures: false }, project.context)).rejects.toMatchObject(bothNames);
  });

  test('an image is not built of it', async () => {
    await expect(fetchLocks([deliverLibacl()], {}, project.context)).rejects.toMatchObject(bothNames);
  });

  test('verify names it, in the store and in a directory', async () => {
    await fetchLocked({}, project.context).catch(() => undefined);
    const inStore = await verifyLocked({}, project.context);
    expect(inStore.problems).toMatchObject([{ kind: 'wrong-package', file: locked('acl').filename, text: bothNames.message }]);
    expect(inStore.failure?.code).toBe('WRONG_PACKAGE');
  });

  test('archive keeps neither name of the file, and what is kept by now is looked at again', async () => {
    await expect(archiveLocked({ to: 'kept' }, project.context)).rejects.toMatchObject({ code: 'WRONG_PACKAGE' });
    expect(existsSync(join(project.cwd, 'kept', locked('libacl').sha256))).toBe(false);
    writeFileSync(join(project.cwd, LOCK), JSON.stringify(before));
    await archiveLocked({ to: 'kept' }, project.context);
    deliverLibacl();
    await expect(archiveLocked({ to: 'kept' }, project.context)).rejects.toMatchObject(bothNames);
  });
});

describe('an archive on a server', () => {
  test.each([true, false])('that has the file is looked at, with ranges: %s', async (ranges) => {
    const server = await startFaultyServer({ ranges });
    try {
      const to = `${server.url}/kept`;
      await archiveLocked({ to }, project.context);
      deliverLibacl();
      // Nothing of it is on this machine.
      const elsewhere = rerun(project, { cacheDir: join(project.cwd, 'other cache') });
      await expect(archiveLocked({ to }, elsewhere.context)).rejects.toMatchObject(bothNames);
      await expect(archiveLocked({ to, check: true }, elsewhere.context)).rejects.toMatchObject(bothNames);
      writeFileSync(join(project.cwd, LOCK), JSON.stringify(before));
      expect((await archiveLocked({ to }, elsewhere.context)).copied).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

test.each([
  ['epoch', { epoch: '1' }],
  ['version', { version: '9.9' }],
  ['release', { release: '99.el9' }],
  ['architecture', { arch: 'noarch' }],
] satisfies [string, Partial<LockedPackage>][])('a file of another %s than its lock says is refused', async (_, change) => {
  changeAcl(() => change);
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
    code: 'WRONG_PACKAGE',
    message: expect.stringContaining('and the file is acl-0:2.3.1'),
  });
});

test('a file that was built from another source package than its lock says is refused', async () => {
  changeAcl(() => ({ source: 'other-1-1.src.rpm' }));
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
    code: 'WRONG_PACKAGE',
    message: expect.stringMatching(/built from other-1-1\.src\.rpm.*built from acl-/),
  });
});

test('a lock of another set that gives the same file another version is refused with it', async () => {
  const other = { ...changeAcl(() => ({})), package_set: 'even' };
  const packages = other.packages.map((one) => (one.name === 'acl' ? { ...one, version: '9.9' } : one));
  writeFileSync(join(project.cwd, LOCK.replace('odd', 'even')), JSON.stringify({ ...other, packages }));
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ code: 'WRONG_PACKAGE' });
});

test('every fault is named where there are several', async () => {
  const packages = before.packages.map((one) => ({ ...one, version: `${one.version}.1` }));
  writeFileSync(join(project.cwd, LOCK), JSON.stringify({ ...before, packages }));
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
    code: 'WRONG_PACKAGE',
    message: `${packages.length} files are different packages from those in the lockfiles`,
    details: packages.map(({ filename }) => expect.stringContaining(filename)),
  });
});

test('what is locked and is no RPM at all is refused', async () => {
  const bytes = readFileSync(fixture('rpms/right-key.rpm')).subarray(0, 50);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  changeAcl(() => ({ sha256, size: bytes.length }));
  mkdirSync(join(project.cwd, 'rpms'));
  writeFileSync(join(project.cwd, 'rpms', locked('acl').filename), bytes);
  const { failure } = await verifyLocked({ directory: 'rpms' }, project.context);
  expect(failure?.details).toContainEqual(expect.stringContaining('is not a valid RPM'));
});
