import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { quoteWord } from '../../src/base/quote-word.ts';

test.each(['', 'a b', "it's", '$HOME `id` \\', 'A=1'])('a shell gives back the word `%s`', (word) => {
  expect(execFileSync('/bin/sh', ['-c', `printf %s ${quoteWord(word)}`]).toString()).toBe(word);
});
