import { describe, expect, test } from 'vitest';
import { lockfileFromResolution } from '../../src/lockfile/from-resolution.ts';
import { parseLockfile } from '../../src/lockfile/read.ts';
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

const make = async (packages: PackageRecord[], dependencies: number[][]) =>
  lockfileFromResolution({
    manifest: await manifestOf('architectures: [s390x]\nsets: { a: { packages: [bash] } }\n'),
    set: 'a',
    architecture: 's390x',
    solved: { packages, dependencies, ignored: ['python3', 'perl', 'perl'] },
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
