import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string): string => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '');
/** What is left of a line when its comments are gone. */
const codeOf = (text: string): string => text.replace(/\/\*.*?\*\//gs, '').replace(/(?<!:)\/\/.*/g, '');

/** Lines `FILE TEST` without `.ts` and `.test.ts`: `solver/search solver/solve`. */
const lines = read('test/tested-by.txt')
  .split('\n')
  .filter((line) => line.includes(' ') && !line.startsWith('#'))
  .map((line) => line.split(/ +/) as [file: string, test: string]);
const testedBy = new Map(lines);
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('.generated.'))
  .map((file) => file.slice(0, -'.ts'.length));
const testOf = (file: string): string => `test/${file}.test.ts`;
const hasOwn = (file: string): boolean => existsSync(join(ROOT, testOf(file)));
/** A member of a type that is a function, which ends with a semicolon and not with a comma. */
const MEMBER = /^ +[\w ?]+: .*=> .*;$/gm;
/** Types, names and tables have nothing to run. */
const hasLogic = (file: string): boolean => /\bfunction\b|\bclass\b|=>/.test(codeOf(read(`src/${file}.ts`)).replace(MEMBER, ''));

test('a file of src has a test of its name, or a line in test/tested-by.txt names the test that has its cases', () => {
  expect(sources.filter((file) => hasLogic(file) && !hasOwn(file) && !testedBy.has(file))).toEqual([]);
});

test('test/tested-by.txt is sorted and has no file that is gone or has a test of its name', () => {
  const files = lines.map(([file]) => file);
  expect(files).toEqual([...new Set(files)].sort());
  expect(files.filter((file) => !sources.includes(file) || hasOwn(file))).toEqual([]);
});

test('the test that test/tested-by.txt names runs the file, by way of its imports', () => {
  const reached = new Map([...new Set(testedBy.values())].map((name) => [name, filesOf(testOf(name))]));
  expect(lines.filter(([file, name]) => !reached.get(name)!.has(`src/${file}.ts`)).map((line) => line.join(' '))).toEqual([]);
});

/** Every file that a test loads. */
function filesOf(first: string): ReadonlySet<string> {
  const found = new Set([first]);
  for (const file of found) for (const next of loads(file)) found.add(next);
  return found;
}

const known = new Map<string, readonly string[]>();

function loads(file: string): readonly string[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const text = read(file);
  const near = [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path]) => relative(ROOT, resolve(ROOT, dirname(file), path!)));
  const threads = [...text.matchAll(/startWorker\('([^']+)'/g)].map(([, name]) => join(dirname(file), `${name}.ts`));
  // Tests with processes start what is built.
  const programs = text.includes("'cli/bin.js'") ? ['src/cli/bin.ts', 'src/cli/code-cache.ts'] : [];
  const all = [...near, ...threads, ...programs];
  known.set(file, all);
  return all;
}
