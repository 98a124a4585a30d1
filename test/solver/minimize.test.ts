import { expect, test } from 'vitest';
import { packagesOf } from '../helpers/solve-text.ts';

test('a choice is made again with another of its candidates that was installed anyway', () => {
  expect(
    packagesOf(`repo r
  app-1-1.noarch requires: api, more
  first-1-1.noarch provides: api
  second-1-1.noarch provides: api
  more-1-1.noarch requires: second

install app`),
  ).toEqual(['app-1', 'more-1', 'second-1']);
});

test('the same holds where a later choice brings the other candidate', () => {
  expect(
    packagesOf(`repo r
  app-1-1.noarch requires: api, late
  first-1-1.noarch provides: api
  second-1-1.noarch provides: api
  x-1-1.noarch provides: late; requires: second
  y-1-1.noarch provides: late; requires: second

install app`),
  ).toEqual(['app-1', 'second-1', 'x-1']);
});
