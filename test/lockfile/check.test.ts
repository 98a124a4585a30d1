import { describe, expect, test } from 'vitest';
import { checkLockfiles, type FoundLock } from '../../src/lockfile/check.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { manifestDigest } from '../../src/manifest/manifest-digest.ts';
import { renderCheck } from '../../src/views/check.ts';
import { manifestOf } from '../helpers/parse-manifest.ts';
import { lock, lockedPackage, oldLock } from '../helpers/small-locks.ts';

const REPOSITORIES = 'repositories: [{ id: baseos, baseurl: "https://mirror.test/BaseOS/" }]\n';
const TEXT = `architectures: [x86_64, s390x]\n${REPOSITORIES}sets: { a: { packages: [bash] } }\n`;
const LOCKED = [lockedPackage('bash 1-1', { arch: 'noarch', dependencies: ['glibc'] }), lockedPackage('glibc 2-1', { arch: 'noarch' })];

async function check(options: { text?: string; edit?: (file: FoundLock & { lockfile: Lockfile }) => FoundLock[]; today?: string } = {}) {
  const manifest = await manifestOf(options.text ?? TEXT);
  const found = ['x86_64', 's390x'].flatMap((arch): FoundLock[] => {
    const lockfile = lock(`a-${arch}`, ['bash'], LOCKED, { manifest_digest: manifestDigest(manifest, 'a', arch) });
    const entry = { file: `a-${arch}.lock.json`, lockfile };
    return arch === 's390x' && options.edit ? options.edit(entry) : [entry];
  });
  return checkLockfiles(manifest, found, { today: options.today ?? '2026-01-01' });
}
const withPackages = (packages: Lockfile['packages']) => (entry: FoundLock & { lockfile: Lockfile }) => [
  { ...entry, lockfile: { ...entry.lockfile, packages } },
];

describe('checkLockfiles', () => {
  test('is content with locks that answer the manifest', async () => {
    expect(await check()).toEqual([]);
  });

  test('finds a repository that the lock names by another URL, such as that of a mirror that was read', async () => {
    const repositories = [{ id: 'baseos', baseurl: 'file:///srv/mirror/BaseOS/', revision: '1', repomd_sha256: '0'.repeat(64) }];
    const edit = ({ file, lockfile }: FoundLock & { lockfile: Lockfile }) => [{ file, lockfile: { ...lockfile, repositories } }];
    expect(await check({ edit })).toMatchObject([
      {
        kind: 'repository_url',
        details: ['baseos: file:///srv/mirror/BaseOS/ in the lockfile, https://mirror.test/BaseOS/ in the manifest'],
        fix: 'rpm-deps lock --set a --arch s390x',
      },
    ]);
  });

  test('finds a missing lock', async () => {
    expect(await check({ edit: () => [] })).toMatchObject([{ kind: 'missing_lock', file: 'a-s390x.lock.json', fix: 'rpm-deps lock' }]);
  });

  test('finds a file that is locked as two packages', async () => {
    const packages = LOCKED.map((one) => ({ ...one, sha256: LOCKED[0]!.sha256 }));
    expect(await check({ edit: withPackages(packages) })).toMatchObject([
      { kind: 'same_file', details: ['bash-0:1-1.noarch', 'glibc-0:2-1.noarch'], fix: 'git checkout -- a-s390x.lock.json' },
    ]);
  });

  test('finds a lock without a set', async () => {
    expect(await check({ edit: (entry) => [entry, { file: 'b-s390x.lock.json', lockfile: lock('b-s390x', [], []) }] })).toMatchObject([
      { kind: 'stray_lock', file: 'b-s390x.lock.json', package_set: 'b' },
    ]);
  });

  test('passes on why a lock cannot be read', async () => {
    expect(
      await check({ edit: ({ file }) => [{ file, error: { message: 'has merge conflict markers', hint: 'take a side' } }] }),
    ).toMatchObject([{ kind: 'broken_lock', message: 'has merge conflict markers', fix: 'take a side' }]);
  });

  test('finds a request that nothing in the lock answers, and one that was edited', async () => {
    const fix = 'rpm-deps lock --set a --arch s390x';
    const without = await check({ edit: withPackages([lockedPackage('glibc 2-1', { arch: 'noarch' })]) });
    expect(without).toMatchObject([{ kind: 'unanswered', details: ['requested: bash'], fix }]);
    const edited = await check({ edit: ({ file, lockfile }) => [{ file, lockfile: { ...lockfile, requested: ['bash', 'zsh'] } }] });
    expect(edited).toMatchObject([{ kind: 'stale', details: ['no longer in the manifest: zsh'] }]);
  });

  test('a pin that was edited in the lock answers no more', async () => {
    const manifest = await manifestOf(`architectures: [x86_64]\n${REPOSITORIES}sets: { a: { packages: [bash-0:1-1] } }\n`);
    const digest = { manifest_digest: manifestDigest(manifest, 'a', 'x86_64') };
    const kinds = (version: string): string[] =>
      checkLockfiles(
        manifest,
        [{ file: 'a-x86_64.lock.json', lockfile: lock('a-x86_64', ['bash-0:1-1'], [lockedPackage(`bash ${version}`)], digest) }],
        {
          today: '2026-01-01',
        },
      ).map(({ kind }) => kind);
    expect([kinds('1-1'), kinds('2-1')]).toEqual([[], ['unanswered']]);
  });

  test('a path is answered by what the lock says, as long as that is in it', async () => {
    const manifest = await manifestOf(
      `architectures: [x86_64]\n${REPOSITORIES}sets: { a: { packages: [/bin/sh, perl], ignore: [perl] } }\n`,
    );
    const kinds = (names: string[]): string[] => {
      const rest = { manifest_digest: manifestDigest(manifest, 'a', 'x86_64'), answered_by: { '/bin/sh': ['bash'], perl: [] } };
      const lockfile = lock(
        'a-x86_64',
        ['/bin/sh', 'perl'],
        names.map((name) => lockedPackage(`${name} 1-1`)),
        rest,
      );
      return checkLockfiles(manifest, [{ file: 'a-x86_64.lock.json', lockfile }], { today: '2026-01-01' }).map(({ kind }) => kind);
    };
    expect([kinds(['bash']), kinds(['zsh'])]).toEqual([[], ['unanswered']]);
  });

  test('finds packages of another architecture', async () => {
    const lockedPackages = [
      lockedPackage('bash 1-1', { arch: 's390x' }),
      lockedPackage('glibc 2-1', { arch: 'x86_64' }),
      lockedPackage('hwdata 2-1', { arch: 'noarch' }),
    ];
    expect(await check({ edit: withPackages(lockedPackages) })).toMatchObject([
      { kind: 'foreign_architecture', details: ['glibc.x86_64'] },
    ]);
  });

  test('finds a lock under the name of another', async () => {
    expect(await check({ edit: ({ file }) => [{ file, lockfile: lock('b-s390x', [], []) }] })).toMatchObject([{ kind: 'misnamed_lock' }]);
  });

  test('lists specs that are only in the manifest, and specs that are only in the lockfile', async () => {
    const manifest = await manifestOf(TEXT.replace('[bash]', '[zsh]'));
    const lockfile = lock('a-x86_64', ['bash'], LOCKED);
    const [finding] = checkLockfiles(manifest, [{ file: 'a-x86_64.lock.json', lockfile }], { today: '2026-01-01' });
    expect(finding).toMatchObject({
      kind: 'stale',
      details: ['no longer in the manifest: bash', 'not in the lockfile: zsh'],
      fix: 'rpm-deps lock',
    });
  });

  test('says so when only options differ', async () => {
    const edit = (entry: FoundLock & { lockfile: Lockfile }) => [
      { ...entry, lockfile: { ...entry.lockfile, manifest_digest: `sha256:${'0'.repeat(64)}` } },
    ];
    expect(await check({ edit })).toMatchObject([
      { kind: 'stale', details: [expect.stringContaining('the requested packages are the same')] },
    ]);
  });

  test('reports schema 1.0 as stale: it does not record the request', async () => {
    expect(await check({ edit: ({ file, lockfile }) => [{ file, lockfile: oldLock(lockfile) }] })).toMatchObject([
      { kind: 'stale', message: expect.stringContaining('1.0') },
    ]);
  });

  test('finds a dependency that is not in the lock', async () => {
    expect(await check({ edit: withPackages([LOCKED[0]!]) })).toMatchObject([{ kind: 'not_closed', details: ['bash needs glibc'] }]);
  });

  test('finds a second version, unless it is of a kernel', async () => {
    expect(await check({ edit: withPackages([...LOCKED, lockedPackage('glibc 3-1', { arch: 'noarch' })]) })).toMatchObject([
      { kind: 'duplicate_version', details: ['0:2-1', '0:3-1'] },
    ]);
    expect(
      await check({
        edit: withPackages([...LOCKED, lockedPackage('kernel 1-1', { arch: 's390x' }), lockedPackage('kernel 2-1', { arch: 's390x' })]),
      }),
    ).toEqual([]);
    expect(await check({ edit: withPackages([...LOCKED, lockedPackage('glibc 2-1', { arch: 'noarch' })]) })).toMatchObject([
      { kind: 'duplicate' },
    ]);
  });

  test('accepts two architectures of a package', async () => {
    expect(await check({ edit: withPackages([...LOCKED, lockedPackage('glibc 2-1', { arch: 's390' })]) })).toEqual([]);
  });

  const HELD = `${TEXT}holds: [{ package: "gli*", version: "1*", reason: breaks, until: 2026-06-30 }]\n`;
  test('finds a locked version that a hold forbids, until the hold ends', async () => {
    expect((await check({ text: HELD, today: '2026-06-30' })).map(({ kind }) => kind)).toEqual(['held', 'held']);
    expect(await check({ text: HELD, today: '2026-07-01' })).toMatchObject([{ kind: 'hold_expired', file: 'rpm-packages.yaml' }]);
  });

  test('finds architectures that disagree where they must not', async () => {
    const text = `${TEXT}cross_architecture: { same_version: ["gli*"] }\n`;
    expect(await check({ text, edit: withPackages([LOCKED[0]!, lockedPackage('glibc 3-1', { arch: 'noarch' })]) })).toMatchObject([
      { kind: 'versions_differ', package_set: 'a', details: ['x86_64: 2-1', 's390x: 3-1'] },
    ]);
  });

  test('says what is wrong, where, and what mends it', async () => {
    expect(`\n${renderCheck(await check({ edit: withPackages([LOCKED[0]!]) }), 2)}`).toMatchInlineSnapshot(`
      "
      a-s390x.lock.json: locked packages require packages that are not locked
          bash needs glibc
          fix: rpm-deps lock --set a --arch s390x
      "
    `);
    expect(renderCheck([], 24)).toBe('24 lockfiles up to date with the manifest\n');
  });
});
