import { expect, test } from 'vitest';
import type { Warning } from '../../src/base/warnings.ts';
import { warningTexts } from '../../src/views/warnings-text.ts';

const targets = ['web', 'tools'].flatMap((set) => ['x86_64', 's390x'].map((architecture) => ({ set, architecture })));
const gone = (name: string, set: string, architecture: string): Warning => ({
  code: 'LOCKED_VERSION_GONE',
  text: `\`${name}\` is no longer in any repository`,
  set,
  architecture,
});

test('warnings that are alike become one line with their packages, sets and architectures', () => {
  const all = targets.map(({ set, architecture }) => gone('app-1-1', set, architecture));
  expect(warningTexts(all, targets)).toEqual(['all 4 locks: `app-1-1` is no longer in any repository']);
  expect(warningTexts([gone('a-1-1', 'web', 's390x'), gone('b-1-1', 'web', 's390x')], targets)).toEqual([
    'web-s390x: `a-1-1`, `b-1-1` is no longer in any repository',
  ]);
});

test('a warning about an architecture, or about nothing in particular, stays as it is', () => {
  const about: Warning = { code: 'MODULE_SKIPPED', text: 'a document was skipped' };
  expect(warningTexts([{ ...about, architecture: 's390x' }, about])).toEqual(['s390x: a document was skipped']);
});

test('many names are shortened', () => {
  const many = Array.from({ length: 10 }, (_, i) => gone(`p${i}-1-1`, 'web', 's390x'));
  expect(warningTexts(many, targets)[0]).toMatch(/`p7-1-1` and 2 more is no longer/);
});
