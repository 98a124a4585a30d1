import { expect, test } from 'vitest';
import { escapePattern } from '../../src/base/escape-pattern.ts';

test.each(['a.b', '(x|y)*', '[c]{2}', '^$', '\\d+?'])('%s matches itself and nothing else', (text) => {
  expect(new RegExp(`^${escapePattern(text)}$`).test(text)).toBe(true);
  expect(new RegExp(`^${escapePattern(text)}$`).test('ab')).toBe(false);
});
