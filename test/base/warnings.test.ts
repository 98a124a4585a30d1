import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { WARNING_CODES } from '../../src/base/warnings.ts';

const root = resolve(import.meta.dirname, '../..');
const sections = new Map(
  readFileSync(join(root, 'docs/warnings.md'), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.split('\n')]),
);

test('every code of the registry has a section in docs/warnings.md, in the same order, and no other has', () => {
  expect([...sections.keys()]).toEqual(Object.keys(WARNING_CODES));
});

test.each(Object.entries(WARNING_CODES))('the section %s gives its meaning, and what to do about it', (code, { meaning }) => {
  expect(sections.get(code)?.[1]).toBe(`${meaning}.`);
  expect(sections.get(code)?.[2]).toMatch(/\S/);
});

test('every code of the registry is given somewhere', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== join('base', 'warnings.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
    .join('\n');
  for (const code of Object.keys(WARNING_CODES)) expect(sources).toContain(`'${code}'`);
});
