import { expect, test } from 'vitest';
import { fallbackUrls } from '../../src/lockfile/fallback-urls.ts';

test('fields are filled in and escaped; what is no field stays', () => {
  const locked = { sha256: 'ab', filename: 'g++-1^2.rpm', name: 'g++', arch: 'noarch' };
  expect(fallbackUrls(['http://h/{sha256}/{filename}', 'http://h/{arch}/{name}?{other}'], locked)).toEqual([
    'http://h/ab/g%2B%2B-1%5E2.rpm',
    'http://h/noarch/g%2B%2B?{other}',
  ]);
});
