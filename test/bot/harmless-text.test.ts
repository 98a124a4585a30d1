import { expect, test } from 'vitest';
import { harmlessLine, harmlessMarkdown } from '../../src/bot/harmless-text.ts';

test('a line of a commit message mentions nobody, closes nothing and skips no CI', () => {
  expect(harmlessLine('close: GH-5 -> GH-6, fixes GH-7')).toBe('close: GH_5 -> GH-6, fixes GH_7');
  expect(harmlessLine('fixes #12 @everyone [skip ci] GH-1 /hold\nSigned-off-by: x <y@z>')).not.toMatch(/[#@[\]/\n]/);
});

test.each(['/hold', '  /lgtm cancel', '> /approve', '- /close', '* /assign @a'])('%s is no command in a description', (line) => {
  expect(harmlessMarkdown(`text\n${line}\n`)).not.toMatch(/^[ \t>*-]*\/[a-z]/m);
});

test.each(['fixes #1', 'Closes: #2', 'resolved https://example.com/o/r/issues/3', 'implements !4', 'fix GH-5'])(
  '%s closes no issue',
  (text) => {
    expect(harmlessMarkdown(text)).not.toMatch(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|implement(?:s|ed)?):?\s+(?:#|!|https|GH)/i);
  },
);

test('paths and prose stay as they are', () => {
  const text = '| `a/b` | fixed a crash in /usr/lib |\n';
  expect(harmlessMarkdown(text)).toBe(text);
});
