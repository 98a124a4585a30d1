import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

test('the lock has every dependency, also those of other platforms, or `npm ci` refuses it', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !isReachable(path, name)),
  );
  expect(missing).toEqual([]);
});

test('the lock names no registry', () => {
  // Links are the project itself and its workspace.
  const named = Object.entries(lock.packages).filter(([, { resolved, link }]) => link !== true && resolved !== undefined);
  expect(named.map(([path]) => path)).toEqual([]);
});

/** Whether node would find `name` from `path`: beside it, or in a folder above. */
function isReachable(path: string, name: string): boolean {
  for (let from = path; ; from = from.slice(0, Math.max(from.lastIndexOf('/node_modules/'), 0))) {
    if (lock.packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`] !== undefined) return true;
    if (from === '') return false;
  }
}
