import { expect, test } from 'vitest';
import { nearestOf } from '../../src/base/nearest.ts';
import { canonicalArchitecture, nearestArchitecture } from '../../src/rpm/architecture-names.ts';

test.each([
  ['pakages', 'packages'],
  ['archtiectures', 'architectures'],
  ['Weak-Dependencies', 'weak_dependencies'],
])('%s was probably meant to be %s', (word, meant) => {
  expect(nearestOf(word, ['packages', 'architectures', 'weak_dependencies', 'options'])).toBe(meant);
});

test('nothing is suggested for a word that is like none', () => {
  expect(nearestOf('frobnicate', ['packages', 'options'])).toBeUndefined();
});

test('architectures have the names of Go and Debian as aliases', () => {
  expect(['amd64', 'arm64', 's390x', 'mips'].map(canonicalArchitecture)).toEqual(['x86_64', 'aarch64', 's390x', undefined]);
});

test('a misspelt alias is recognised', () => {
  expect(nearestArchitecture('adm64')).toBe('amd64');
});
