import { expect, test } from 'vitest';
import { problemsOf } from '../helpers/solve-text.ts';

test.each([
  ['requires', 'a-1-1.x86_64 requires: none', 'a', 'requires none, which nothing provides'],
  ['conflicts', 'a-1-1.x86_64 conflicts: b\n  b-1-1.x86_64', 'a, b', 'conflicts with b'],
  ['obsoletes', 'a-1-1.x86_64 requires: b = 1-1; obsoletes: b\n  b-1-1.x86_64', 'a', 'obsoletes b'],
  ['same-name', 'a-1-1.x86_64\n  a-2-1.x86_64', 'a-1, a-2', 'cannot be installed beside'],
  ['rich', 'a-1-1.x86_64 requires: (none or nil)', 'a', '(none or nil)'],
])('a refusal by a rule of kind %s says what it is', (_kind, packages, install, text) => {
  expect(problemsOf(`\nrepo base\n  ${packages}\n\ninstall ${install}`).join('\n')).toContain(text);
});
