import { describe, expect, test } from 'vitest';
import { lockfileFromResolution } from '../../src/lockfile/from-resolution.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { renderLockfile } from '../../src/lockfile/write.ts';
import type { PackageRecord } from '../../src/pool/pool.ts';
import { manifestOf } from '../helpers/parse-manifest.ts';
import { sha256 } from '../helpers/small-locks.ts';

const record = (name: string, checksum = { type: 'sha256', value: sha256(name) }): PackageRecord => ({
  name,
  epoch: '0',
  version: '1',
  release: '1.el9',
  arch: 's390x',
  repository: 'baseos',
  location: `Packages/${name[0]}/${name}-1-1.el9.s390x.rpm`,
  size: 10,
  source: `${name}-1-1.el9.src.rpm`,
  checksum,
});
const repository = (id: string, timestamp: number) => ({
  id,
  baseurl: `https://mirror.test/${id}/`,
  revision: '9-stream',
  repomdSha256: sha256(id),
  timestamp,
});

const make = async (
  packages: PackageRecord[],
  dependencies: number[][],
  { specs = 'bash', requests = [] }: { specs?: string; requests?: { spec: string; packages: number[] }[] } = {},
) =>
  lockfileFromResolution({
    manifest: await manifestOf(`architectures: [s390x]\nsets: { a: { packages: [${specs}] } }\n`),
    set: 'a',
    architecture: 's390x',
    solved: { packages, dependencies, requests, ignored: ['python3', 'perl', 'perl'] },
    repositories: [repository('baseos', 1736760000), repository('appstream', 1736761412)],
    fingerprints: new Map([['baseos', ['99DB70FAE1D7CE227FB6488205B555B38483C65D']]]),
    generator: 'rpm-deps 0.1.0',
  });

describe('lockfileFromResolution', () => {
  test('is a valid lockfile, dated by the newest metadata', async () => {
    const lockfile = await make([record('bash'), record('glibc')], [[1], []]);
    expect(lockfile.generated).toBe('2025-01-13T09:43:32Z');
    expect(parseLockfile(renderLockfile(lockfile), 'x')).toEqual(lockfile);
  });

  test('records what was asked, what was ignored and who may sign', async () => {
    const { requested, ignored, repositories } = await make([record('bash')], [[]]);
    expect([requested, ignored]).toEqual([['bash'], ['perl', 'python3']]);
    expect(repositories!.map((repo) => repo.gpgkey_fingerprints)).toEqual([['99DB70FAE1D7CE227FB6488205B555B38483C65D'], undefined]);
  });

  test('records what answers a spec that does not name it, and nothing where all specs do', async () => {
    const lockfile = await make([record('bash'), record('glibc')], [[1], []], {
      specs: 'bash, /bin/sh, "libc.so.6()(64bit)", perl',
      requests: [
        { spec: 'bash', packages: [0] },
        { spec: '/bin/sh', packages: [0] },
        { spec: 'libc.so.6()(64bit)', packages: [1] },
        { spec: 'perl', packages: [] },
      ],
    });
    expect(lockfile.answered_by).toEqual({ '/bin/sh': ['bash'], 'libc.so.6()(64bit)': ['glibc'], perl: [] });
    expect(parseLockfile(renderLockfile(lockfile), 'x')).toEqual(lockfile);
    expect((await make([record('bash')], [[]])).answered_by).toBeUndefined();
  });

  test('writes sha256 in lower case', async () => {
    const { packages } = await make([record('bash', { type: 'sha256', value: sha256('bash').toUpperCase() })], [[]]);
    expect(packages[0]!.sha256).toBe(sha256('bash'));
  });

  test.each([
    ['Packages/bash.rpm', 'bash.rpm', '1.1'],
    ['0a1b2c', 'bash-1-1.x86_64.rpm', '1.1'],
    ['Packages/.bash.rpm', 'bash-1-1.x86_64.rpm', '1.1'],
    ['bash.RPM', 'bash-1-1.x86_64.rpm', '1.1'],
    ['bash-1:1-1.x86_64.rpm', 'bash-1:1-1.x86_64.rpm', '1.2'],
    ['../../pool/bash.rpm', 'bash.rpm', '1.2'],
    ['https://files.test/a/bash%2B.rpm?key=1', 'bash+.rpm', '1.2'],
  ])('the file at %s is called %s, in schema %s', async (location, filename, schema) => {
    const lock = await make([{ ...record('bash'), version: '1', release: '1', arch: 'x86_64', location }], [[]]);
    expect([lock.packages[0]!.location, lock.packages[0]!.filename, lock.schema_version]).toEqual([location, filename, schema]);
  });

  test('two files of one name get the names that rpm would give them', async () => {
    const at = (name: string) => ({ ...record(name), version: '1', release: '1', arch: 'x86_64', location: `${name}/latest.rpm` });
    const { packages } = await make([at('a'), at('b')], [[], []]);
    expect(packages.map(({ filename }) => filename)).toEqual(['a-1-1.x86_64.rpm', 'b-1-1.x86_64.rpm']);
  });

  test.each([
    ['an escape sequence in its name', { name: 'ba\u001b[31msh' }, 'the name `ba\\u001b[31msh`'],
    ['a line end in its version', { version: '1\nerror: x' }, 'the version `1\\u000aerror: x`'],
    ['an option for a release', { release: ' --root=/' }, 'the release ` --root=/`'],
    ['an architecture with a path', { arch: '../x' }, 'the arch `../x`'],
    ['a checksum that is too short', { checksum: { type: 'sha256', value: '00ff' } }, 'the sha256 `00ff`'],
    ['a text that turns round for its source', { source: 'a\u202eb' }, 'the source `a\\u202eb`'],
    ['md5 only', { checksum: { type: 'md5', value: '0'.repeat(32) } }, 'no sha256 checksum but md5'],
    ['a checksum of an unknown type', { checksum: { type: '\u001b[2J', value: '00' } }, 'no sha256 checksum but \\u001b[2J'],
    ['no checksum', { checksum: { type: '', value: '' } }, 'no sha256 checksum but none'],
  ])('refuses a package with %s', async (_, changes, message) => {
    await expect(make([{ ...record('bash'), ...changes }], [[]])).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('lists dependencies once, by name, without a package itself', async () => {
    const { packages } = await make([record('bash'), record('glibc'), record('acl')], [[0, 1, 2, 1], [], []]);
    expect(packages.map(({ name, dependencies }) => [name, dependencies])).toEqual([
      ['acl', []],
      ['bash', ['acl', 'glibc']],
      ['glibc', []],
    ]);
  });

  test('refuses a package that is known by another checksum than sha256', async () => {
    await expect(make([record('bash', { type: 'md5', value: 'x' })], [[]])).rejects.toMatchObject({ code: 'METADATA_INVALID' });
  });
});
