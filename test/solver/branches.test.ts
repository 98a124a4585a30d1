import { expect, test } from 'vitest';
import { Branches } from '../../src/solver/branches.ts';

test('the candidate that is taken is marked, and a backtrack drops later choices but not the one that is retried', () => {
  const branches = new Branches();
  branches.open(1, [7, 8]);
  branches.open(3, [4, 5, 6]);
  expect(branches.list.map(({ candidates }) => candidates)).toEqual([
    [-7, 8],
    [-4, 5, 6],
  ]);
  branches.retrying = branches.list[0];
  branches.revert(1);
  expect(branches.list).toEqual([{ level: 1, candidates: [-7, 8] }]);
  branches.retrying = undefined;
  branches.revert(1);
  expect(branches.list).toEqual([]);
});
