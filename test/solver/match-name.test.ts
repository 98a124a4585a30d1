import { expect, test } from 'vitest';
import { packagesOf } from '../helpers/solve-text.ts';

test.each([
  ['b < 2', true],
  ['b < 1', false],
  ['api', false],
])('`obsoletes: %s` is compared with the name and version of b-1, not with what it provides', (obsoletes, isObsoleted) => {
  const install = (): string[] =>
    packagesOf(`repo r
  a-1-1.noarch obsoletes: ${obsoletes}
  b-1-1.noarch provides: api

install a, b-1`);
  if (isObsoleted) expect(install).toThrow(/obsoletes/);
  else expect(install()).toEqual(['a-1', 'b-1']);
});
