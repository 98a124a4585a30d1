import { expect, test } from 'vitest';
import { joinUrl } from '../../src/base/urls.ts';

test.each([
  ['http://h/r', 'http://h/r/a.rpm'],
  ['http://h/r/', 'http://h/r/a.rpm'],
  ['http://h/r//', 'http://h/r/a.rpm'],
  ['http://h//r///?sig=a%2F', 'http://h//r/a.rpm?sig=a%2F'],
  ['http://u:p@h', 'http://u:p@h/a.rpm'],
])('a place below %s is joined with one slash, as dnf asks for it', (base, url) => {
  expect(joinUrl(base, 'a.rpm')).toBe(url);
});
