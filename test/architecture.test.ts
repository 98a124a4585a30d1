import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const BASE = ['version', 'io', 'net', 'metadata', 'pool', 'solver', 'repos', 'manifest'];
/** What each folder of src may import, besides itself and the files at the root of src. */
const ALLOWED: Record<string, readonly string[]> = {
  version: [],
  io: [],
  net: ['io'],
  metadata: ['io', 'version'],
  pool: ['metadata', 'version', 'io'],
  solver: ['pool', 'version'],
  repos: ['io', 'net', 'metadata', 'pool', 'version'],
  manifest: ['io', 'version'],
  resolution: ['pool', 'solver', 'metadata', 'version'],
  lockfile: ['io', 'manifest', 'resolution', 'pool', 'version'],
  artifacts: ['io', 'net', 'lockfile', 'manifest', 'version', 'metadata'],
  containers: ['io', 'lockfile', 'version'],
  forge: ['io'],
  reports: ['lockfile', 'resolution', 'version', 'manifest'],
  commands: [...BASE, 'resolution', 'lockfile', 'artifacts', 'containers', 'forge', 'reports'],
  cli: ['commands', 'reports', 'lockfile', 'io', 'net'],
};
const SRC = resolve(import.meta.dirname, '../src');
const folderOf = (path: string): string => path.split('/')[0]!;
const imports = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file.includes('/'))
  .flatMap((file) =>
    [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map((match) => ({
      file,
      to: relative(SRC, resolve(SRC, dirname(file), match[1]!)),
    })),
  );

test('a folder imports only the folders below it', () => {
  const wrong = imports
    .filter(({ file, to }) => to.includes('/') && folderOf(file) !== folderOf(to))
    .filter(({ file, to }) => !ALLOWED[folderOf(file)]?.includes(folderOf(to)))
    .map(({ file, to }) => `${file} -> ${to}`);
  expect(wrong).toEqual([]);
});

test('every import names a file that exists in the tree', () => {
  const files = new Set(readdirSync(SRC, { recursive: true, encoding: 'utf8' }));
  expect(imports.filter(({ to }) => !files.has(to)).map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
});
