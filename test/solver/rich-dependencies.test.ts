import { expect, test } from 'vitest';
import { packagesOf, problemsOf } from '../helpers/solve-text.ts';

const world = (requires: string, install: string): string => `
repo base
  a-1-1.x86_64 requires: ${requires}
  b-1-1.x86_64
  c-1-1.x86_64
  d-1-1.x86_64

install ${install}`;

test.each([
  ['(b and c)', 'a', ['a-1', 'b-1', 'c-1']],
  ['(b or c)', 'a', ['a-1', 'b-1']],
  ['(b or c)', 'a, c', ['a-1', 'c-1']],
  ['(b if c)', 'a', ['a-1']],
  ['(b if c)', 'a, c', ['a-1', 'b-1', 'c-1']],
  ['(b if c else d)', 'a, c', ['a-1', 'b-1', 'c-1']],
  ['((b and d) if c)', 'a, c', ['a-1', 'b-1', 'c-1', 'd-1']],
])('%s with `install %s` brings in what it needs', (requires, install, answer) => {
  expect(packagesOf(world(requires, install))).toEqual(answer);
});

test('a requirement with `unless` contradicts its condition', () => {
  expect(packagesOf(world('(b unless c)', 'a'))).toEqual(['a-1', 'b-1']);
  expect(problemsOf(world('(b unless c)', 'a, c'))).toHaveLength(1);
});
