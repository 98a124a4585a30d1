import { expect, test } from 'vitest';
import { packagesOf } from '../helpers/solve-text.ts';

const WORLD = `installed
  beta-1-1.noarch provides: api = 1
repo r
  alpha-1-1.noarch provides: api = 2
  beta-2-1.noarch provides: api = 2
  foe-1-1.noarch conflicts: beta >= 2
  app-1-1.noarch requires: api = 2
`;

test('of several providers the one that updates an installed package is preferred', () => {
  expect(packagesOf(`${WORLD}\ninstall app`)).toEqual(['app-1', 'beta-2']);
});

test('the preference is given up where it cannot be kept', () => {
  expect(packagesOf(`${WORLD}\ninstall app, foe`)).toEqual(['alpha-1', 'app-1', 'foe-1']);
});
