import { expect, test } from 'vitest';
import { printable, printableLines, shortPrintable } from '../../src/base/printable.ts';

test.each([
  ['a\u001b[31mred\u0007', 'a\\u001b[31mred\\u0007'],
  ['back\u0008space\r', 'back\\u0008space\\u000d'],
  ['\u009b0m', '\\u009b0m'],
  ['abc\u202egnp.exe', 'abc\\u202egnp.exe'],
  ['two\nlines\tand a tab', 'two\\u000alines\\u0009and a tab'],
  ['žluťoučký 🐎', 'žluťoučký 🐎'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('a text of lines keeps its lines', () => {
  expect(printableLines('two\nlines\tand \u001b[31mred')).toBe('two\nlines\tand \\u001b[31mred');
});

test('a long text is cut', () => {
  expect(shortPrintable(`${'a'.repeat(199)}\n${'b'.repeat(9)}`)).toBe(`${'a'.repeat(199)}\\...`);
  expect(shortPrintable('short')).toBe('short');
});
