import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { BOT_SCHEMA } from '../../src/manifest/bot-schema.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(root, 'docs/bot.md'), 'utf8');

test('every requirement names a test that exists', () => {
  const rows = [...page.matchAll(/^\| (\d+) \| .* \| `([\w/-]+)`: (.+) \|$/gm)];
  expect(rows.map((row) => Number(row[1]))).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  for (const [, number, file, title] of rows) {
    const path = resolve(root, `test/${file}.test.ts`);
    expect(existsSync(path), `${number}: ${file}`).toBe(true);
    expect(readFileSync(path, 'utf8').replaceAll("\\'", "'"), `${number}: ${title}`).toContain(title);
  }
});

test('every key of the section is on the page', () => {
  const named = new Set([...page.matchAll(/`([a-z_]+)`/g)].map((match) => match[1]!));
  expect(Object.keys(BOT_SCHEMA.properties).filter((key) => !named.has(key))).toEqual([]);
});

test('every file that the page links is there, and the examples are YAML', () => {
  for (const [, link] of page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    const path = resolve(root, 'docs', link!);
    expect(existsSync(path), link).toBe(true);
    if (/\.ya?ml$/.test(path)) expect(parse(readFileSync(path, 'utf8')), link).toBeTypeOf('object');
  }
});
