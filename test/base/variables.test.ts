import { expect, test } from 'vitest';
import { fillVariables } from '../../src/base/variables.ts';

test.each([
  ['http://h/$basearch/os', 'http://h/s390x/os'],
  [`http://h/$\{basearch}os`, 'http://h/s390xos'],
  ['$basearchos', '$basearchos'],
  ['$releasever-$stream', '$releasever-$stream'],
  ['$', '$'],
  ['$' + '{', '$' + '{'],
  ['$toString $__proto__', '$toString $__proto__'],
])('%s becomes %s', (text, filled) => {
  expect(fillVariables(text, { basearch: 's390x' })).toBe(filled);
});

test('a value is not filled in again', () => {
  expect(fillVariables('$a', { a: '$b', b: 'c' })).toBe('$b');
});
