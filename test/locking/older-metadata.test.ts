import { describe, expect, test } from 'vitest';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { findOlderMetadata, type MetadataState, mayBeBehind } from '../../src/locking/older-metadata.ts';
import { manifestOf } from '../helpers/parse-manifest.ts';

const [T1, T2, T3] = [1736000000, 1736100000, 1736200000];
const MANIFEST = await manifestOf(`
architectures: [x86_64]
repositories: [{ id: one, baseurl: https://m/one/ }, { id: two, baseurl: https://m/two/ }]
sets: { s: { packages: [a] } }
`);

const lockOf = (revisions: readonly [string, string], generated = T2): Lockfile =>
  ({
    architecture: 'x86_64',
    package_set: 's',
    generated: new Date(generated * 1000).toISOString(),
    repositories: ['one', 'two'].map((id, i) => ({ id, baseurl: `https://m/${id}/`, revision: revisions[i], repomd_sha256: 'then' })),
    packages: [],
  }) as unknown as Lockfile;

const now = (id: string, revision: string, timestamp: number, repomdSha256 = 'now'): MetadataState => ({
  id,
  revision,
  timestamp,
  repomdSha256,
});

const older = (lock: Lockfile, ...repos: MetadataState[]): readonly string[] | undefined =>
  findOlderMetadata(MANIFEST, lock, repos)?.repositories;

describe('metadata is older than that of a lock', () => {
  test('where the revision of one of several repositories is an older time, whatever the others are', () => {
    expect(older(lockOf([`${T2}`, `${T2}`]), now('one', `${T3}`, T3), now('two', `${T1}`, T1))).toEqual(['two']);
  });

  test('where revisions are no times, or the same, and the newest time of all is older', () => {
    for (const revision of ['9-stream', '', '1', `${T2}`])
      expect(older(lockOf([revision, revision]), now('one', revision, T1), now('two', revision, T1)), revision).toEqual(['one', 'two']);
    expect(older(lockOf(['', '']), now('one', '', T1), now('two', '', T3))).toBeUndefined();
  });

  test('not where all revisions are newer times, as of metadata whose files kept their old times', () => {
    expect(older(lockOf([`${T2}`, `${T2}`]), now('one', `${T3}`, T1), now('two', `${T3}`, T1))).toBeUndefined();
  });

  test('not where metadata has no times at all', () => {
    expect(older(lockOf(['', '']), now('one', '', 0), now('two', '', 0))).toBeUndefined();
    expect(mayBeBehind(MANIFEST, [lockOf(['', ''])], now('one', '', 0))).toBe(false);
  });

  test('may be so for a lock of schema 1.0, which has only the newest time of all, so that other mirrors are looked at', () => {
    const { repositories: _, ...lock } = lockOf(['', '']);
    expect([T1, T3, 0].map((time) => mayBeBehind(MANIFEST, [lock], now('one', '', time)))).toEqual([true, false, false]);
    expect(older(lock, now('one', '', T1), now('two', '', T1))).toBeUndefined();
  });

  test('not where it is the same, or the manifest has a repository elsewhere', () => {
    expect(older(lockOf(['', '']), now('one', '', T1, 'then'), now('two', '', T1, 'then'))).toBeUndefined();
    const moved = { ...lockOf(['', '']), repositories: [{ id: 'one', baseurl: 'https://other/', revision: '', repomd_sha256: 'then' }] };
    expect(older(moved as Lockfile, now('one', '', T1), now('two', '', T1))).toBeUndefined();
  });
});
