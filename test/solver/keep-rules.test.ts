import { expect, test } from 'vitest';
import { packagesOf, solveText } from '../helpers/solve-text.ts';

const WORLD = `installed
  a-2-1.noarch
repo r
  a-1-1.noarch
  a-3-1.noarch
  newer-1-1.noarch requires: a >= 3
  older-1-1.noarch requires: a < 2
  foe-1-1.noarch conflicts: a
`;

test('an installed package stays, or becomes one of its updates where something needs that', () => {
  expect(packagesOf(`${WORLD}\ninstall a`)).toEqual([]);
  expect(packagesOf(`${WORLD}\ninstall newer`)).toEqual(['a-3', 'newer-1']);
});

test('it does not go away for a package that conflicts with all that it could become', () => {
  expect(solveText(`${WORLD}\ninstall foe`)).toMatchObject({ kind: 'unsolvable' });
});

test('it becomes an older version where something needs that', () => {
  expect(packagesOf(`${WORLD}\ninstall older`)).toEqual(['a-1', 'older-1']);
});
