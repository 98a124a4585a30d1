import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** What each folder of the service may import, besides itself and `service.ts`, `start-thread.ts` and `start-process.ts` beside it. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  config: [],
  solving: ['config'],
  store: ['config', 'http'],
  jobs: ['config', 'http', 'store'],
  http: ['config', 'jobs', 'solving', 'store'],
  pages: ['config', 'http', 'jobs', 'solving', 'store'],
};
const SRC = resolve(import.meta.dirname, '../src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = files.flatMap((file) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map((match) => ({ file, name: match[1]! })),
);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

test('a folder imports only the folders that the table lists', () => {
  const wrong = imports
    .filter(({ file, name }) => name.startsWith('.') && folderOf(file) !== '')
    .map(({ file, name }) => ({ file, to: relative(SRC, resolve(SRC, dirname(file), name)) }))
    .filter(({ file, to }) => to.includes('/') && folderOf(to) !== folderOf(file) && !ALLOWED[folderOf(file)]?.includes(folderOf(to)));
  expect(wrong).toEqual([]);
});

test('the library is imported by its name, never by a path', () => {
  expect(
    imports.filter(({ file, name }) => name.startsWith('.') && relative(SRC, resolve(SRC, dirname(file), name)).startsWith('..')),
  ).toEqual([]);
});

test('no file imports itself through others, types neither', () => {
  const next = new Map(files.map((file) => [file, new Set<string>()]));
  for (const { file, name } of imports) if (name.startsWith('.')) next.get(file)!.add(relative(SRC, resolve(SRC, dirname(file), name)));
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});
