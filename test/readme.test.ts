import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/cli/program.ts';
import { IMPORT_FORMATS } from '../src/imports/import-formats.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');
const pages = [
  'README.md',
  'CHANGELOG.md',
  'fixtures/README.md',
  ...readdirSync(join(PROJECT, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));

test('the first screen has the command that shows it working and the one that tests it', () => {
  const firstScreen = read('README.md').split('\n').slice(0, 24);
  expect(firstScreen).toContain('npm ci && npm run demo');
  expect(firstScreen).toContain('npm ci && npm test');
  expect(JSON.parse(read('package.json'))).toMatchObject({ scripts: { demo: expect.any(String), test: expect.any(String) } });
});

test('the table of commands has every command and no other', () => {
  const cells = read('README.md')
    .split(/^## /m)
    .find((section) => section.startsWith('Commands'))!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1]!);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z]+(?: [a-z]+)*)/g)].map((match) => match[1]!));
  expect(named.sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
});

test('the table of what can be imported has every format and no other', () => {
  const section = read('README.md')
    .split(/^## /m)
    .find((text) => text.startsWith('Coming from another tool'))!;
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  expect(rows.slice(1)).toEqual(IMPORT_FORMATS.map(({ files, gives }) => `| ${files} | ${gives} |`));
});

test.each(pages)('every relative link of %s leads to a file', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
  expect(links.filter((link) => !existsSync(resolve(PROJECT, dirname(page), link)))).toEqual([]);
});
