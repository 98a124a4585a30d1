import { expect, test } from 'vitest';
import { filePlace } from '../../src/repodata/file-place.ts';

test.each([
  ['p/a.rpm', 'sub', 'sub/p/a.rpm'],
  ['/p/a.rpm', 'sub//', 'sub/p/a.rpm'],
  ['p/a.rpm', '../other/', '../other/p/a.rpm'],
  ['p/a.rpm', 'http://h/x//', 'http://h/x/p/a.rpm'],
  ['../a.rpm', 'http://h/x/y?sig=1', 'http://h/x/a.rpm?sig=1'],
])('%s below the base %s is %s', (href, base, location) => {
  expect(filePlace(href, base)).toEqual({ location });
});

test('a base of slashes takes no longer than another', () => {
  for (let package_ = 0; package_ < 20_000; package_++) filePlace('a.rpm', `${'/'.repeat(4000)}x`);
  expect(filePlace('a.rpm', `${'/'.repeat(4000)}x`)).toEqual({ location: 'x/a.rpm' });
});
