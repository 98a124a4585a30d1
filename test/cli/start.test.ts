import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { loadedBy } from '../../tools/build-program.ts';
import { buildProgram } from '../helpers/built.ts';

const SRC = resolve(import.meta.dirname, '../../src');

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

test('what others import of the built program does not run the command line', { timeout: 60_000 }, async () => {
  const program = buildProgram();
  try {
    const importing = (entry: string): string =>
      execFileSync(
        process.execPath,
        ['--input-type=module', '-e', `console.log(Object.keys(await import(${JSON.stringify(entry)})).length)`],
        {
          encoding: 'utf8',
        },
      );
    expect(Number(importing(program.entry('index.js')))).toBeGreaterThan(10);
    expect(Number(importing(program.entry('version/vercmp.js')))).toBe(7);
    const { code, stdout } = await program.start(['--version'], { cwd: tmpdir() }).ended;
    expect([code, stdout]).toEqual([0, `${VERSION}\n`]);
  } finally {
    program.remove();
  }
});
