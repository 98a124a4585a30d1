import { expect, test } from 'vitest';
import { codeSpan, escapeMarkdown } from '../../src/views/markdown-text.ts';

const GAP = '\u200b';

test.each([
  ['@everyone', `@${GAP}everyone`],
  ['fixes #1 and GH-2', `fixes #${GAP}1 and GH-${GAP}2`],
  ['see https://h/', `see https:${GAP}//h/`],
  ['<script>', '&lt;script>'],
  ['*bold* [link](x) `code`', '\\*bold\\* \\[link\\](x) \\`code\\`'],
  ['snake_case _word_', 'snake_case \\_word\\_'],
  ['- no list', '\\- no list'],
  ['1. no list', '1\\. no list'],
  ['two\nlines', 'two\\\\u000alines'],
])('%j is text and nothing else', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test('code cannot end before its end', () => {
  expect(codeSpan('a`b')).toBe("`a'b`");
});
