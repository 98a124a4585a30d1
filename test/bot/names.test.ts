import { expect, test } from 'vitest';
import { branchName, isBranchOf, isWorkedOut, kindOf, topicFor, topicKey } from '../../src/bot/names.ts';

const name = (manifest: string, base: string, topic: string): string => branchName('rpm-deps', { manifest, base, topic });

test('the branch is a function of project, base and topic', () => {
  expect(name('rpm-packages.yaml', 'main', 'update')).toBe('rpm-deps/main/update');
  expect(name('images/rpm-packages.yaml', 'main', 'bump')).toBe('rpm-deps/main/images.bump');
  expect(name('rpm-packages.json', 'main', 'update-glibc')).toBe('rpm-deps/main/update-glibc');
});

test('no two of them are one, whatever the names', () => {
  const manifests = [
    'rpm-packages.yaml',
    'a/rpm-packages.yaml',
    'a/b/rpm-packages.yaml',
    'a-b/rpm-packages.yaml',
    'a.yaml',
    'a/b.yaml',
    'a/update.yaml',
  ];
  const bases = ['main', 'release/1.0', 'release-1.0', 'main/update'];
  const topics = ['update', 'bump', 'update-a', 'update-a.b', 'update-a-b', 'update-ä'];
  const all = manifests.flatMap((manifest) => bases.flatMap((base) => topics.map((topic) => name(manifest, base, topic))));
  expect(new Set(all).size).toBe(all.length);
  for (const branch of all) expect(branch).toMatch(/^rpm-deps\/[\w+-]+\/[\w+.-]+$/);
  // git allows no branch that is a folder of another.
  for (const branch of all) expect(all.some((other) => other.startsWith(`${branch}/`))).toBe(false);
});

test('branches of a project are told from those of another', () => {
  const images = { manifest: 'images/rpm-packages.yaml', base: 'main' };
  const top = { manifest: 'rpm-packages.yaml', base: 'main' };
  expect(isBranchOf('rpm-deps/main/images.update-glibc', 'rpm-deps', images)).toBe(true);
  expect(isBranchOf('rpm-deps/main/images.update-glibc', 'rpm-deps', top)).toBe(false);
  expect(isBranchOf('rpm-deps/main/update', 'rpm-deps', top)).toBe(true);
  expect(isBranchOf('rpm-deps/other/update', 'rpm-deps', top)).toBe(false);
});

test('keys name all three', () => {
  expect(topicKey({ manifest: 'rpm-packages.yaml', base: 'main', topic: 'update' })).toBe('update@main:rpm-packages.yaml');
});

test('security has topics of its own, and a run knows nothing of topics that it does not work out', () => {
  expect(topicFor('update-glibc', { only: 'security' })).toBe('security-update-glibc');
  expect(['update', 'security-update-bump', 'security-bump', 'bump', 'holds'].map(kindOf)).toEqual([
    ...['update', 'update', 'bump', 'bump', 'holds'],
  ]);
  const topics = ['update', 'update-glibc', 'bump', 'holds', 'security-update', 'security-update-glibc', 'security-bump'];
  const known = (kinds: readonly ('update' | 'bump')[], only: 'all' | 'security'): string[] =>
    topics.filter((topic) => isWorkedOut(topic, { topics: kinds, only }));
  expect(known(['update'], 'all')).toEqual(['update', 'update-glibc', 'holds']);
  expect(known(['bump'], 'security')).toEqual(['holds', 'security-bump']);
});
