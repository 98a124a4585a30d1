import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** What a file loads before anything runs: types are erased, import() waits. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(resolve(SRC, file), 'utf8');
  for (const [, clause, path] of text.matchAll(/^(?:import|export) ((?:[^;]*? from )?)'(\.[^']+)';/gms)) {
    const isTypes = clause!.startsWith('type ') || (clause!.includes('{') && /^\{\s*(type [^,}]+,?\s*)+\}/.test(clause!));
    if (!isTypes) loadedBy(relative(SRC, resolve(SRC, dirname(file), path!)), seen);
  }
  return seen;
}

test('starting the program loads the table of commands and none of their work', () => {
  const loaded = [...loadedBy('cli/bin.ts')];
  expect(loaded).toContain('cli/table/locking.ts');
  expect(loaded.filter((file) => !/^(cli\/(table\/)?[^/]+|io\/printable|errors|nearest|version)\.ts$/.test(file)).sort()).toEqual([]);
});

test('an update with nothing to do loads neither the solver nor what reads packages', () => {
  const loaded = [...loadedBy('cli/actions/relock.ts')];
  expect(loaded).toContain('commands/unchanged.ts');
  expect(loaded.filter((file) => /^(solver|pool|resolution|containers|artifacts)\//.test(file))).toEqual([]);
  expect(loaded.filter((file) => file.includes('generated'))).toEqual([]);
});

test('what every command loads first imports no package', () => {
  const packages = [...loadedBy('cli/bin.ts')].flatMap((file) =>
    [...readFileSync(resolve(SRC, file), 'utf8').matchAll(/^import (?!type).*from '([^.][^']*)'/gm)].map((match) => match[1]!),
  );
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([]);
});
