import { expect, test } from 'vitest';
import { plural, sizeDeltaText, sizeText } from '../../src/base/quantity.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [71_400, '71.4 kB'],
  [999_949, '1000 kB'],
  [999_950, '1.0 MB'],
  [12_345_678, '12.3 MB'],
  [-2_000_000, '-2.0 MB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('a difference has its sign, and is empty where there is none or nobody knows', () => {
  expect([1500, -1500, 0, null].map(sizeDeltaText)).toEqual(['+1.5 kB', '-1.5 kB', '', '']);
});

test('one is singular', () => {
  expect([0, 1, 2].map((count) => plural(count, 'lock'))).toEqual(['0 locks', '1 lock', '2 locks']);
});
