import { describe, expect, test } from 'vitest';
import { diffLockfiles, isEmptyDiff } from '../../src/lockfile/diff.ts';
import { lock, lockedPackage, oldLock, sha256 } from '../helpers/small-locks.ts';

const glibc = (version: string, arch = 'x86_64') =>
  ['glibc', 'glibc-common'].map((name) => lockedPackage(`${name} ${version}`, { arch, source: `glibc-${version}.src.rpm` }));
const places = (locks: readonly { package_set: string; architecture: string }[]): string[] =>
  locks.map((place) => `${place.package_set}-${place.architecture}`);

describe('diffLockfiles', () => {
  test('takes the packages of a source RPM together, and locks that changed alike', () => {
    const state = (version: string) =>
      ['a-x86_64', 'a-s390x', 'b-x86_64'].map((file) => lock(file, ['glibc'], glibc(version, file.split('-')[1]!)));
    const diff = diffLockfiles(state('2.34-147.el9'), state('2.34-148.el9'));
    expect(diff.sources).toHaveLength(1);
    expect(diff.sources[0]).toMatchObject({
      source: 'glibc',
      changes: [
        {
          kind: 'upgraded',
          before: '2.34-147.el9',
          after: '2.34-148.el9',
          packages: [
            { name: 'glibc', architectures: ['s390x', 'x86_64'] },
            { name: 'glibc-common', architectures: ['s390x', 'x86_64'] },
          ],
        },
      ],
    });
    expect(places(diff.sources[0]!.changes[0]!.locks)).toEqual(['a-s390x', 'a-x86_64', 'b-x86_64']);
    expect(diff.summary).toMatchObject({ locks_changed: 3, upgraded: 1, packages: 2, downgraded: 0 });
  });

  test('packages with versions and epochs of their own are in the entry of their source', () => {
    const state = (release: string) => [
      lock('a-x86_64', [], [lockedPackage(`device-mapper 9:1.02.202-${release}`, { source: `lvm2-2.03.28-${release}.src.rpm` })]),
      lock('b-x86_64', [], [lockedPackage(`lvm2 9:2.03.28-${release}`)]),
    ];
    const { sources } = diffLockfiles(state('3.el9'), state('4.el9'));
    expect(sources.flatMap(({ changes }) => changes)).toMatchObject([
      {
        before: '9:2.03.28-3.el9',
        after: '9:2.03.28-4.el9',
        packages: [{ name: 'device-mapper', before: '9:1.02.202-3.el9', after: '9:1.02.202-4.el9' }, { name: 'lvm2' }],
      },
    ]);
  });

  test('tells sets and architectures apart that changed differently', () => {
    const before = [lock('a-x86_64', [], glibc('1-1')), lock('a-s390x', [], glibc('1-1', 's390x'))];
    const after = [lock('a-x86_64', [], glibc('1-2')), lock('a-s390x', [], glibc('1-3', 's390x'))];
    const [source, ...others] = diffLockfiles(before, after).sources;
    expect(others).toEqual([]);
    expect(source!.changes.map((change) => [change.after, places(change.locks)])).toEqual([
      ['1-2', ['a-x86_64']],
      ['1-3', ['a-s390x']],
    ]);
  });

  test.each([
    ['1.0~rc1-1', '1.0-1', 'upgraded'],
    ['1.10-1', '1.9-1', 'downgraded'],
    ['5-1', '1:1-1', 'upgraded'],
    ['1.0-1.el9', '1.0-1.el9_5', 'upgraded'],
  ])('%s to %s is %s, as rpm compares', (from, to, kind) => {
    const diff = diffLockfiles(
      [lock('a-x86_64', [], [lockedPackage(`foo ${from}`)])],
      [lock('a-x86_64', [], [lockedPackage(`foo ${to}`)])],
    );
    expect(diff.sources[0]!.changes[0]!.kind).toBe(kind);
  });

  test('reports another checksum of the same version as something of its own', () => {
    const before = [lock('a-x86_64', [], [lockedPackage('foo 1-1')])];
    const after = [lock('a-x86_64', [], [lockedPackage('foo 1-1', { sha256: sha256('rebuilt') })])];
    const diff = diffLockfiles(before, after);
    expect(diff.sources[0]!.changes[0]).toMatchObject({ kind: 'changed_checksum', before: '1-1' });
    expect(diff.summary.changed_checksum).toBe(1);
    expect(diff.sources[0]!.changes[0]!.packages[0]!.checksums).toEqual([
      { architecture: 'x86_64', before: before[0]!.packages[0]!.sha256, after: sha256('rebuilt') },
    ]);
  });

  test('another file from another repository is told as both', () => {
    const before = [lock('a-x86_64', [], [lockedPackage('foo 1-1')])];
    const after = [lock('a-x86_64', [], [lockedPackage('foo 1-1', { sha256: sha256('rebuilt'), repository: 'other', size: 1500 })])];
    const { sources, summary } = diffLockfiles(before, after);
    expect(sources[0]!.changes.map(({ kind, size_delta }) => [kind, size_delta])).toEqual([
      ['changed_checksum', 500],
      ['changed_repository', 0],
    ]);
    expect(summary).toMatchObject({ changed_checksum: 1, changed_repository: 1, packages: 1 });
  });

  test('reports another repository of the same file', () => {
    const state = (repository: string) => [lock('a-x86_64', [], [lockedPackage('foo 1-1', { repository })])];
    expect(diffLockfiles(state('baseos'), state('crb')).sources[0]!.changes[0]).toMatchObject({
      kind: 'changed_repository',
      before: 'baseos',
      after: 'crb',
    });
  });

  test('gives the chain that brought a package in', () => {
    const before = [lock('a-x86_64', ['foo'], [lockedPackage('foo 1-1')])];
    const after = [
      lock(
        'a-x86_64',
        ['foo'],
        [
          lockedPackage('foo 1-1', { dependencies: ['bar'] }),
          lockedPackage('bar 1-1', { dependencies: ['baz'] }),
          lockedPackage('baz 1-1'),
        ],
      ),
    ];
    const reasons = diffLockfiles(before, after).sources.flatMap(({ changes }) => changes.flatMap((change) => change.reasons));
    expect(reasons).toMatchObject([
      { package: 'bar', kind: 'required', chain: ['foo', 'bar'] },
      { package: 'baz', kind: 'required', chain: ['foo', 'bar', 'baz'] },
    ]);
  });

  test('gives the reason why a package went', () => {
    const before = [
      lock(
        'a-x86_64',
        ['foo', 'tool'],
        [
          lockedPackage('foo 1-1', { dependencies: ['bar', 'skipped'] }),
          lockedPackage('bar 1-1', { dependencies: ['baz'] }),
          lockedPackage('baz 1-1'),
          lockedPackage('tool 1-1'),
          lockedPackage('skipped 1-1'),
        ],
      ),
    ];
    const after = [lock('a-x86_64', ['foo'], [lockedPackage('foo 2-1')], { ignored: ['skipped'] })];
    const reasons = diffLockfiles(before, after).sources.flatMap(({ changes }) => changes.flatMap((change) => change.reasons));
    expect(reasons).toMatchObject([
      { package: 'bar', kind: 'no_longer_required', by: ['foo'] },
      { package: 'baz', kind: 'removed_with', packages: ['bar'] },
      { package: 'skipped', kind: 'ignored' },
      { package: 'tool', kind: 'no_longer_requested' },
    ]);
  });

  test('what is still requested and answered by another package was replaced', () => {
    const before = [lock('a-x86_64', ['tool'], [lockedPackage('tool 1-1')])];
    const after = [lock('a-x86_64', ['tool'], [lockedPackage('toolbox 2-1')], { answered_by: { tool: ['toolbox'] } })];
    const reasons = diffLockfiles(before, after).sources.flatMap(({ changes }) => changes.flatMap((change) => change.reasons));
    expect(reasons).toMatchObject([
      { package: 'tool', kind: 'replaced', specs: ['tool'], by: ['toolbox'] },
      { package: 'toolbox', kind: 'requested', specs: ['tool'] },
    ]);
  });

  test('says nothing of what packages require where the new lock does not tell it', () => {
    const before = [lock('a-x86_64', ['foo'], [lockedPackage('foo 1-1', { dependencies: ['bar'] }), lockedPackage('bar 1-1')])];
    const after = [oldLock(lock('a-x86_64', [], [lockedPackage('foo 1-1')]))];
    expect(diffLockfiles(before, after).sources[0]!.changes[0]).toMatchObject({ kind: 'removed', reasons: [] });
  });

  test('lists whole locks that came or went, not their packages', () => {
    const diff = diffLockfiles(
      [lock('old-x86_64', [], glibc('1-1'))],
      [lock('new-x86_64', [], [lockedPackage('acl 1-1')], { manifest_digest: `sha256:${'1'.repeat(64)}` })],
    );
    expect([diff.sources, places(diff.added_locks), places(diff.removed_locks)]).toEqual([[], ['new-x86_64'], ['old-x86_64']]);
  });

  test('a set that was renamed is compared with what it was', () => {
    const digest = { manifest_digest: `sha256:${'7'.repeat(64)}` };
    const before = [lock('old-x86_64', ['glibc'], glibc('1-1'), digest), lock('gone-x86_64', [], [lockedPackage('a 1-1')])];
    const after = [
      lock('new-x86_64', ['glibc'], glibc('2-1'), digest),
      lock('came-x86_64', [], [lockedPackage('b 1-1')], { manifest_digest: `sha256:${'8'.repeat(64)}` }),
    ];
    const diff = diffLockfiles(before, after);
    expect(diff.renamed_locks).toEqual([{ package_set: 'new', architecture: 'x86_64', from: 'old' }]);
    expect([places(diff.added_locks), places(diff.removed_locks)]).toEqual([['came-x86_64'], ['gone-x86_64']]);
    expect(diff.sources).toMatchObject([{ source: 'glibc', changes: [{ kind: 'upgraded' }] }]);
  });

  test('lists what is requested now and was not', () => {
    const state = (specs: string[]) => ['x86_64', 's390x'].map((arch) => lock(`a-${arch}`, specs, []));
    expect(diffLockfiles(state(['foo-1-1']), state(['foo-2-1'])).requests).toMatchObject([{ added: ['foo-2-1'], removed: ['foo-1-1'] }]);
  });

  test('tells that the same packages are requested in another way', () => {
    const after = [lock('a-x86_64', ['foo'], [], { manifest_digest: `sha256:${'1'.repeat(64)}` })];
    const { requests, sources } = diffLockfiles([lock('a-x86_64', ['foo'], [])], after);
    expect([requests, sources]).toEqual([[{ added: [], removed: [], locks: [{ package_set: 'a', architecture: 'x86_64' }] }], []]);
  });

  test('counts bytes of each file once, however many locks name it', () => {
    const state = (version: string, size: number) =>
      ['a', 'b'].map((set) => lock(`${set}-x86_64`, [], [lockedPackage(`foo ${version}`, { size }), lockedPackage('bar 1-1')]));
    const diff = diffLockfiles(state('1-1', 500), state('1-2', 700));
    expect(diff.summary).toMatchObject({ size_before: 1500, size_after: 1700, download: 700 });
    expect(diff.sources[0]!.changes[0]!.size_delta).toBe(200);
  });

  test('a file that another lock has anyway neither comes nor goes: the sizes of the changes add up to that of all', () => {
    const [old, now] = ['1-1', '2-1'].map((version) => lockedPackage(`foo ${version}`, { size: version === '1-1' ? 100 : 150 }));
    const { sources, summary } = diffLockfiles(
      [lock('a-x86_64', [], [old!]), lock('b-x86_64', [], [now!])],
      [lock('a-x86_64', [], [now!]), lock('b-x86_64', [], [now!])],
    );
    expect(sources[0]!.changes[0]!.size_delta).toBe(-100);
    expect(summary.size_after! - summary.size_before!).toBe(-100);
    expect(summary.download).toBe(0);
  });

  test('tells which holds bind a package of the locks', () => {
    const hold = (name: string) => ({ package: name, version: '1*', reason: 'r', until: undefined, issue: undefined });
    const state = [lock('a-x86_64', [], [lockedPackage('seabios 1-1')])];
    expect(diffLockfiles(state, state, { holds: [hold('sea*'), hold('zlib')] }).holds.map((held) => held.package)).toEqual(['sea*']);
  });

  test('is empty when only the order and the dates differ', () => {
    const lockedPackages = [...glibc('1-1'), lockedPackage('bash 1-1')];
    const diff = diffLockfiles(
      [lock('a-x86_64', [], lockedPackages)],
      [lock('a-x86_64', [], [...lockedPackages].reverse(), { generated: '2026-01-01T00:00:00Z' })],
    );
    expect(isEmptyDiff(diff)).toBe(true);
  });

  test('handles several versions of a package, as kernels have', () => {
    const state = (...versions: string[]) => [
      lock(
        'a-x86_64',
        [],
        versions.map((version) => lockedPackage(`kernel ${version}`)),
      ),
    ];
    const kinds = diffLockfiles(state('1-1', '2-1'), state('2-1', '3-1', '4-1')).sources.flatMap(({ changes }) =>
      changes.map((change) => [change.kind, change.before, change.after]),
    );
    expect(kinds).toEqual([
      ['upgraded', '1-1', '3-1'],
      ['added', null, '4-1'],
    ]);
  });

  test('sees a package that changed to noarch as one change', () => {
    const diff = diffLockfiles(
      [lock('a-x86_64', [], [lockedPackage('foo 1-1')])],
      [lock('a-x86_64', [], [lockedPackage('foo 1-2', { arch: 'noarch' })])],
    );
    expect(diff.sources[0]!.changes.map((change) => change.kind)).toEqual(['upgraded']);
  });
});

describe('with schema 1.0', () => {
  test('packages that moved together are taken together, under the name that most of them start with', () => {
    const state = (version: string) => [oldLock(lock('a-x86_64', [], [...glibc(version), lockedPackage('bash 1-1')]))];
    const { sources, summary } = diffLockfiles(state('2.34-1'), state('2.34-2'));
    expect(sources).toMatchObject([
      { source: 'glibc', source_known: false, changes: [{ kind: 'upgraded', packages: [{ name: 'glibc' }, { name: 'glibc-common' }] }] },
    ]);
    expect(summary.download).toBeNull();
  });

  test('on one side, the other side tells the sources', () => {
    const before = oldLock(lock('a-x86_64', [], [lockedPackage('libblkid 2-1'), lockedPackage('util-linux 2-1')]));
    const after = lock(
      'a-x86_64',
      [],
      ['libblkid', 'util-linux'].map((name) => lockedPackage(`${name} 2-2`, { source: 'util-linux-2-2.src.rpm' })),
    );
    expect(diffLockfiles([before], [after]).sources).toMatchObject([{ source: 'util-linux', source_known: true }]);
  });

  test('nothing is said to have changed by migration alone', () => {
    const state = lock('a-x86_64', ['glibc'], glibc('1-1'));
    expect(isEmptyDiff(diffLockfiles([oldLock(state)], [state]))).toBe(true);
  });
});
