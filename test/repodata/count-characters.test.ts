import { expect, test } from 'vitest';
import { countCharacters } from '../../src/repodata/count-characters.ts';

test.each([
  ['a,b\t,\u012c', ',\t', 10, 3],
  ['a,,,,b', ',', 2, 2],
  ['', ',', 2, 0],
])('%j has so many of %j up to %i: %i', (text, characters, limit, count) => {
  expect(countCharacters(text, characters, limit)).toBe(count);
});
