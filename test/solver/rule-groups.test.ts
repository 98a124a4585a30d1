import { expect, test } from 'vitest';
import { problemsOf } from '../helpers/solve-text.ts';

test('a job and its best rule are one problem', () => {
  const problems = problemsOf(`repo r
  a-1-1.noarch
  a-2-1.noarch requires: missing

install a
with best`);
  expect(problems).toHaveLength(1);
});
