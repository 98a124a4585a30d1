import { expect, test } from 'vitest';
import { translateRepositories } from '../../src/imports/translate-repositories.ts';

test('a repository of an architecture that no set has is not read for the others', () => {
  const { repositories } = translateRepositories(
    [
      { definition: { id: 'base-x86_64', baseurl: 'https://one.test/x86_64/' }, architecture: 'x86_64' },
      { definition: { id: 'base-aarch64', baseurl: 'https://two.test/aarch64/' }, architecture: 'aarch64' },
    ],
    ['x86_64'],
  );
  expect(repositories.map(({ definition }) => definition['architectures'])).toEqual([undefined, ['aarch64']]);
});
