import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const section = readFileSync(`${root}/docs/reliability.md`, 'utf8').split('## Bounds\n')[1]!.split(/^## /m)[0]!;
const rows = section
  .split(/^- /m)
  .slice(1)
  .map((row) => row.split('\n\n')[0]!.replace(/\s+/g, ' '));

test.each(rows)('a bound names its tests and the work at the bound: %s', (row) => {
  const tests = [...row.matchAll(/`([\w/-]+\.test\.ts)`/g)].map((match) => match[1]!);
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
  expect(row).toContain('(work at the bound: ');
});
