import { expect, test } from 'vitest';
import { packagesOf } from '../helpers/solve-text.ts';

test('a requirement with a choice waits until those with one candidate are decided, wherever it is in the request', () => {
  // Decided first, the choice would be `first`; the requirement behind it leaves only `second`.
  expect(
    packagesOf(`repo r
  app-1-1.noarch requires: api, zlast
  first-1-1.noarch provides: api; conflicts: zlast
  second-1-1.noarch provides: api
  zlast-1-1.noarch

install app`),
  ).toEqual(['app-1', 'second-1', 'zlast-1']);
});
