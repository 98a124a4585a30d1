import { expect, test } from 'vitest';
import { packagesOf, solveText } from '../helpers/solve-text.ts';

const WORLD = `installed
  a-1-1.noarch
repo r
  b-1-1.noarch obsoletes: a < 2
  c-1-1.noarch obsoletes: a < 2
  foe-1-1.noarch conflicts: c
`;

test('packages that obsolete the same installed one are installed together', () => {
  expect(packagesOf(`${WORLD}\nupgrade all`)).toEqual(['b-1', 'c-1']);
});

test('one of them is not installed alone where the other cannot be', () => {
  expect(solveText(`${WORLD}\ninstall b, foe`)).toMatchObject({ kind: 'unsolvable' });
});
