import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readProblem } from '../../src/base/read-problem.ts';

test.each([
  ['/none', 'it does not exist'],
  ['/dev/null/below', 'a part of its path is not a folder'],
  ['/dev', 'it is a folder'],
])('the reason why %s cannot be read is words', async (path, text) => {
  expect(await readFile(path).catch(readProblem)).toBe(text);
});

test('a code without words stays as it is, and so does a message without a code', () => {
  expect(readProblem({ code: 'EIO', message: 'EIO: i/o error' })).toBe('EIO');
  expect(readProblem({ message: 'larger than 4 MiB' })).toBe('larger than 4 MiB');
});
