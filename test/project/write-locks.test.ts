import { expect, test } from 'vitest';
import { countChanges } from '../../src/project/write-locks.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

test('each version of a package that is locked several times counts, as added, removed or changed', () => {
  const of = (...texts: string[]) =>
    lock(
      's-x86_64',
      [],
      texts.map((text) => lockedPackage(text)),
    );
  const kernels = of('a 1-1', 'kernel 1-1', 'kernel 2-1');
  expect(countChanges(undefined, kernels)).toEqual({ added: 3, removed: 0, changed: 0 });
  expect(countChanges(kernels, kernels)).toEqual({ added: 0, removed: 0, changed: 0 });
  expect(countChanges(kernels, of('a 1-1', 'kernel 2-1', 'kernel 3-1'))).toEqual({ added: 0, removed: 0, changed: 1 });
  expect(countChanges(kernels, of('a 2-1', 'kernel 3-1'))).toEqual({ added: 0, removed: 1, changed: 2 });
  expect(countChanges(of('kernel 1-1'), of('kernel 1-1', 'kernel 2-1'))).toEqual({ added: 1, removed: 0, changed: 0 });
});
