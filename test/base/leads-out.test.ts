import { expect, test } from 'vitest';
import { isWithin, leadsOut } from '../../src/base/leads-out.ts';

test.each(['..', '../x', '/x', '/'])('%s leads out of the folder in which it starts', (path) => expect(leadsOut(path)).toBe(true));

test.each(['', '.', 'x', 'x/y', '..x', '...'])('`%s` does not', (path) => expect(leadsOut(path)).toBe(false));

test('a folder, and what is below it, is within it; one whose name only begins the same is not', () => {
  expect(['/a/b', '/a/b/c', '/a/b/..c'].map((path) => isWithin(path, '/a/b'))).toEqual([true, true, true]);
  expect(['/a', '/a/bc', '/a/b2/c', '/'].map((path) => isWithin(path, '/a/b'))).toEqual([false, false, false, false]);
});
