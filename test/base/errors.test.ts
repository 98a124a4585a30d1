import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/base/errors.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

test('every code of the registry has a section in docs/errors.md, and no other has', () => {
  expect([...sections.keys()].sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

test.each(Object.entries(ERROR_CODES))(
  'the section %s gives its exit code, its status and its meaning',
  (code, { exit, status, meaning }) => {
    const lines = sections.get(code)?.split('\n') ?? [];
    expect(lines[1]).toBe(`Exit ${exit}, HTTP ${status}. ${meaning}.`);
    expect(lines[2]).toMatch(/\S/);
  },
);

test('every exit code of the registry is in the table at the top', () => {
  for (const { exit } of Object.values(ERROR_CODES)) expect(page).toContain(`\n| ${exit} | `);
});
