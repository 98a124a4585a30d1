import { expect, test } from 'vitest';
import { packagesOf, solveText } from '../helpers/solve-text.ts';

test('a distro-sync goes down to the version of the repositories, of one package or of all', () => {
  const world = `installed
  a-3-1.noarch
  b-1-1.noarch
  own-1-1.noarch
repo r
  a-2-1.noarch
  b-2-1.noarch
`;
  expect(packagesOf(`${world}\ndistro-sync a`)).toEqual(['a-2']);
  expect(packagesOf(`${world}\ndistro-sync all`)).toEqual(['a-2', 'b-2']);
  expect(packagesOf(`${world}\ndistro-sync own`)).toEqual([]);
});

test('a package that is removed is not replaced by another version of it', () => {
  const outcome = solveText(`installed
  a-1-1.noarch
repo r
  a-2-1.noarch
  user-1-1.noarch requires: a

remove a
install user`);
  expect(outcome).toMatchObject({ kind: 'unsolvable' });
});
