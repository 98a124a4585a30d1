import { expect, test } from 'vitest';
import { packagesOf } from '../helpers/solve-text.ts';

const WORLD = `repo r
  app-1-1.noarch requires: lib; recommends: docs, broken
  lib-1-1.noarch
  docs-1-1.noarch
  broken-1-1.noarch requires: missing
  plugin-1-1.noarch supplements: lib
`;

test('recommended and supplementing packages are installed where they can be, and only with weak dependencies', () => {
  expect(packagesOf(`${WORLD}\ninstall app`)).toEqual(['app-1', 'lib-1']);
  expect(packagesOf(`${WORLD}\ninstall app\nwith weak`)).toEqual(['app-1', 'docs-1', 'lib-1', 'plugin-1']);
});
