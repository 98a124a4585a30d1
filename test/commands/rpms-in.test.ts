import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseRpmsLock, renderRpmsLock } from '../../src/lockfile/rpms-lock.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';

function project() {
  const made = cliProject();
  made.env['RPM_DEPS_MIRROR'] = undefined;
  made.write(
    'rpms.in.yaml',
    `contentOrigin:
  repos:
    - repoid: baseos
      baseurl: file://${fixture('mirror')}/9-stream/BaseOS/$basearch/os/
packages: [acl, { name: tzdata, arches: { only: x86_64 } }]
noSources: true
arches: [x86_64, s390x]
`,
  );
  return made;
}

test('rpms.in.yaml is locked to rpms.lock.yaml, as hermeto reads it, and checked, explained and updated', async () => {
  const made = project();
  expect((await made.run('lock')).exitCode).toBe(0);
  const text = made.read('rpms.lock.yaml');
  const lock = parse(text) as {
    lockfileVersion: number;
    lockfileVendor: string;
    arches: { arch: string; packages: Record<string, unknown>[] }[];
  };
  expect([lock.lockfileVersion, lock.lockfileVendor, lock.arches.map(({ arch }) => arch)]).toEqual([1, 'redhat', ['s390x', 'x86_64']]);
  const acl = lock.arches[1]!.packages.find(({ name }) => name === 'acl')!;
  expect(Object.keys(acl).slice(0, 7)).toEqual(['url', 'repoid', 'size', 'checksum', 'name', 'evr', 'sourcerpm']);
  expect(acl).toMatchObject({
    repoid: 'baseos',
    evr: '2.3.1-4.el9',
    sourcerpm: 'acl-2.3.1-4.el9.src.rpm',
    checksum: expect.stringMatching(/^sha256:/),
  });
  expect(lock.arches[1]!.packages.map(({ url }) => String(url))).toEqual(
    [...lock.arches[1]!.packages.map(({ url }) => String(url))].sort(),
  );
  expect((await made.run('check')).exitCode).toBe(0);
  expect((await made.run('why', 'libacl')).stdout).toContain('acl -> libacl');
  for (const command of [['lock'], ['update'], ['update', 'acl']]) {
    expect((await made.run(...command)).exitCode).toBe(0);
    expect(made.read('rpms.lock.yaml')).toBe(text);
  }
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('[acl,', '[acl, bash,'));
  expect((await made.run('check')).exitCode).toBe(1);
});

test('one architecture is locked and the others stay', async () => {
  const made = project();
  await made.run('lock');
  const [before] = (await parseRpmsLock(made.read('rpms.lock.yaml'), 'x')).filter(({ architecture }) => architecture === 's390x');
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('[acl,', '[acl, which,'));
  expect((await made.run('lock', '--arch', 'x86_64')).exitCode).toBe(0);
  const after = await parseRpmsLock(made.read('rpms.lock.yaml'), 'x');
  expect(after.find(({ architecture }) => architecture === 's390x')).toEqual(before);
  expect(after.find(({ architecture }) => architecture === 'x86_64')!.packages.some(({ name }) => name === 'which')).toBe(true);
});

test('a lock comes back as it was written, and a file of the other tool is read', async () => {
  const made = project();
  await made.run('lock');
  const text = made.read('rpms.lock.yaml');
  const locks = await parseRpmsLock(text, 'rpms.lock.yaml');
  expect(renderRpmsLock(locks, { own: true })).toBe(text);
  const theirs = text.replace(/rpm_deps:[\s\S]*$/, '').replace(/^ {4}dependencies: .*\n/gm, '');
  const [lock] = await parseRpmsLock(theirs, 'rpms.lock.yaml');
  expect(lock).toMatchObject({ schema_version: '1.0', architecture: 's390x', package_set: 'rpms' });
  made.write('rpms.lock.yaml', theirs);
  // What was asked for is not known: it is stale, and locking again keeps every version.
  expect((await made.run('check')).exitCode).toBe(1);
  expect((await made.run('lock')).exitCode).toBe(0);
  expect(made.read('rpms.lock.yaml')).toBe(text);
});

test('marks of a merge conflict and other damage are refused by name', async () => {
  const made = project();
  await made.run('lock');
  const text = made.read('rpms.lock.yaml');
  for (const broken of [
    text.replace('lockfileVersion: 1', '<<<<<<< ours\nlockfileVersion: 1'),
    text.replace('lockfileVersion: 1', 'lockfileVersion: 2'),
    'a: [',
    'x: 1\n',
  ]) {
    made.write('rpms.lock.yaml', broken);
    const ran = await made.run('lock');
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining('rpms.lock.yaml')]);
    expect(made.read('rpms.lock.yaml')).toBe(broken);
  }
});
