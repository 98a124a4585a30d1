import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher, hasGlob } from '../../src/rpm/glob.ts';

test.each([
  ['*', ''],
  ['*', 'anything/at.all'],
  ['python3*', 'python3'],
  ['python3*', 'python3-libs'],
  ['*-libs', 'a-libs-libs'],
  ['a?c', 'abc'],
  ['[a-c]x', 'bx'],
  ['[!a-c]x', 'dx'],
  ['[^a-c]x', 'dx'],
  ['[]x]', ']'],
  ['[!]]', 'a'],
  ['[a-]', '-'],
  ['[a\\]b]', ']'],
  ['[[:digit:]]*', '9.x86_64'],
  ['[![:alpha:]_]', '1'],
  ['\\*', '*'],
  ['a\\b', 'ab'],
  ['a[b', 'a[b'],
  ['a[', 'a['],
  ['**a**', 'bab'],
  ['plain', 'plain'],
  ['', ''],
])('%s matches %s', (pattern, text) => {
  expect(globMatcher(pattern)(text)).toBe(true);
});

test.each([
  ['python3*', 'apython3'],
  ['a?c', 'ac'],
  ['?', ''],
  ['[a-c]x', 'dx'],
  ['[!a-c]x', 'bx'],
  ['[c-a]', 'b'],
  ['\\*', 'a'],
  ['a\\', 'a\\'],
  ['A*', 'abc'],
  ['plain', 'plain2'],
  ['[[:digit:]]', 'd'],
  ['', 'a'],
])('%s does not match %s', (pattern, text) => {
  expect(globMatcher(pattern)(text)).toBe(false);
});

test('a pattern is what has one of the characters that dnf looks for', () => {
  expect(['a*', 'a?', 'a[b'].map(hasGlob)).toEqual([true, true, true]);
  expect(['a', 'a]', 'a\\b', 'a+'].map(hasGlob)).toEqual([false, false, false, false]);
});

test('agrees with a regular expression on patterns of stars, question marks and letters', () => {
  const pattern = fc.array(fc.constantFrom('*', '?', 'a', 'b', '.'), { maxLength: 7 }).map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '.', '-'), { maxLength: 9 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(globMatcher(pattern)(text)).toBe(expression.test(text));
    }),
    { numRuns: 3000 },
  );
});

test('patterns made to be slow end in time', () => {
  expect(globMatcher(`${'*a'.repeat(500)}*b`)('a'.repeat(10_000))).toBe(false);
  expect(globMatcher('['.repeat(4000))('[')).toBe(false);
});
