import { expect, test } from 'vitest';
import { packagesOf } from '../helpers/solve-text.ts';

test('the newest version of a name is chosen', () => {
  expect(packagesOf('\nrepo base\n  a-1-1.x86_64\n  a-10-1.x86_64\n  a-9-1.x86_64\n\ninstall a')).toEqual(['a-10']);
});

test('a repository of better priority has the better candidate, however old', () => {
  expect(packagesOf('\nrepo first priority=10\n  a-1-1.x86_64\nrepo second\n  a-2-1.x86_64\n\ninstall a')).toEqual(['a-1']);
});

test('a provider that another candidate obsoletes is not chosen', () => {
  const text =
    '\nrepo base\n  a-1-1.x86_64 requires: tool\n  new-1-1.x86_64 provides: tool; obsoletes: old\n  old-9-1.x86_64 provides: tool\n\ninstall a';
  expect(packagesOf(text)).toEqual(['a-1', 'new-1']);
});

test('a package that is there already is preferred to another provider', () => {
  const text = '\nrepo base\n  a-1-1.x86_64 requires: tool\n  b-1-1.x86_64 provides: tool\n  c-1-1.x86_64 provides: tool\n\ninstall a, c';
  expect(packagesOf(text)).toEqual(['a-1', 'c-1']);
});
