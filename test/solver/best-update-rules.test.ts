import { expect, test } from 'vitest';
import { packagesOf, problemsOf } from '../helpers/solve-text.ts';

const WORLD = `installed
  a-1-1.noarch
repo r
  a-2-1.noarch
  a-3-1.noarch requires: missing
`;

test('an update takes the newest version that can be installed, and with best only the newest', () => {
  expect(packagesOf(`${WORLD}\nupgrade a`)).toEqual(['a-2']);
  expect(problemsOf(`${WORLD}\nupgrade a\nwith best`)).toEqual([
    'the best update of a-1-1.noarch cannot be installed\n  a-3-1.noarch requires missing, which nothing provides',
  ]);
});
