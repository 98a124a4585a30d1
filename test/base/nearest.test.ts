import { expect, test } from 'vitest';
import { nearestOf } from '../../src/base/nearest.ts';

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
