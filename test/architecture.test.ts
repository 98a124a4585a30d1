import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const BELOW_PROJECT = [
  'base',
  'rpm',
  'io',
  'net',
  'repodata',
  'pool',
  'manifest',
  'lockfile',
  'repositories',
  'resolution',
  'artifacts',
  'run',
];
const BELOW_COMMANDS = [...BELOW_PROJECT, 'solver', 'locking', 'images', 'imports', 'project', 'forge', 'views'];
/** What each folder of src may import, besides itself and the files at the root of src. */
const ALLOWED: Record<string, readonly string[]> = {
  base: [],
  rpm: ['base', 'io'],
  io: ['base'],
  net: ['base', 'io'],
  run: ['base', 'net'],
  repodata: ['base', 'io', 'rpm'],
  pool: ['base', 'repodata', 'rpm', 'io'],
  solver: ['base', 'pool', 'rpm'],
  repositories: ['base', 'io', 'net', 'repodata', 'pool', 'rpm'],
  manifest: ['base', 'io', 'rpm'],
  resolution: ['base', 'pool', 'solver', 'repodata', 'rpm'],
  lockfile: ['base', 'io', 'manifest', 'resolution', 'pool', 'rpm'],
  artifacts: ['base', 'io', 'net', 'lockfile', 'manifest', 'rpm', 'repodata'],
  forge: ['base', 'io', 'net'],
  locking: ['base', 'io', 'rpm', 'net', 'pool', 'manifest', 'lockfile', 'repositories', 'resolution'],
  project: [...BELOW_PROJECT, 'installed', 'locking', 'forge'],
  imports: ['base', 'io', 'rpm', 'manifest', 'lockfile'],
  installed: ['base', 'io', 'net', 'rpm', 'run'],
  images: [...BELOW_PROJECT, 'installed', 'project'],
  views: ['base', 'lockfile', 'resolution', 'rpm', 'manifest'],
  commands: BELOW_COMMANDS,
  bot: [...BELOW_COMMANDS, 'commands'],
  cli: ['bot', 'base', 'run', 'commands', 'locking', 'images', 'project', 'views', 'manifest', 'lockfile', 'io', 'net'],
};
const SRC = resolve(import.meta.dirname, '../src');
const folderOf = (path: string): string => path.split('/')[0]!;
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }));
const imports = sources
  .filter(({ file }) => file.includes('/'))
  .flatMap(({ file, text }) =>
    [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map((match) => ({
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

test('docs/architecture.md draws every folder above those that it uses', () => {
  const page = readFileSync(resolve(SRC, '../docs/architecture.md'), 'utf8');
  const drawn = page
    .split('```')[1]!
    .split('\n')
    .flatMap((line) => /^([a-z]+) {2,}\S/.exec(line)?.[1] ?? []);
  const folders = [...new Set(sources.filter(({ file }) => file.includes('/')).map(({ file }) => folderOf(file)))];
  expect([...drawn].sort()).toEqual(folders.sort());
  const upwards = Object.entries(ALLOWED).flatMap(([folder, used]) =>
    used.filter((other) => drawn.indexOf(other) <= drawn.indexOf(folder)).map((other) => `${folder} -> ${other}`),
  );
  expect(upwards).toEqual([]);
});

test('only the command line and the library entry read the environment of the process', () => {
  const reads = /process\.(?:env|cwd)\b|\bhomedir\(|\buserInfo\(/;
  const readers = sources.filter(({ text }) => reads.test(text)).map(({ file }) => file);
  expect(readers.filter((file) => !file.startsWith('cli/')).sort()).toEqual(['environment.ts', 'index.ts']);
  const takers = sources.filter(({ text }) => /from '\.\.?\/environment\.ts'/.test(text)).map(({ file }) => file);
  expect(takers.sort()).toEqual(['cli/bin.ts', 'index.ts']);
});

test('programs are started, and bytes at hand are hashed, in one place', () => {
  const starters = sources.filter(({ text }) => /^import (?!type).*'node:child_process'/m.test(text)).map(({ file }) => file);
  expect(starters).toEqual(['io/run-program.ts']);
  const hashers = sources
    .filter(({ text }) => /createHash\('sha256'\)\s*\.update\([^;]*?\)\s*\.digest\('hex'\)/.test(text))
    .map(({ file }) => file);
  expect(hashers).toEqual(['base/sha256.ts']);
});

test('ids end at resolution: above it packages are plain objects', () => {
  const below = ['pool', 'solver', 'repositories', 'resolution'];
  const above = sources.filter(({ file }) => file.includes('/') && !below.includes(folderOf(file)));
  const importing = imports.filter(({ to }) => to === 'pool/ids.ts').map(({ file }) => file);
  expect(importing.filter((file) => !below.includes(folderOf(file)))).toEqual([]);
  const looking = above.filter(({ text }) =>
    /\bpool\.(?:strings|relations|withName|providersOf|archRank|evr|name|record|nevra)\b/.test(text),
  );
  expect(looking.map(({ file }) => file)).toEqual([]);
});

test('no file imports itself by way of others, types included', () => {
  const next = new Map<string, string[]>();
  for (const { file, to } of imports) if (file !== to) next.set(file, [...(next.get(file) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test('every import names a file that exists in the tree', () => {
  const files = new Set(readdirSync(SRC, { recursive: true, encoding: 'utf8' }));
  expect(imports.filter(({ to }) => !files.has(to)).map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
});

test('no test looks at a clock, and none has a shorter time than all have', () => {
  const project = resolve(SRC, '..');
  const tests = ['test', 'service/test'].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(project, folder, file), 'utf8') })),
  );
  // These two kill programs at random moments of a run, and measure one to know how long it takes.
  const killers = ['test/bot/kill.test.ts', 'test/commands/crashes.test.ts'];
  // These give the time to what asks for the age of files that were just written.
  const ages = ['test/io/atomic-file.test.ts', 'test/io/content-store.test.ts', 'test/artifacts/fetch-artifacts.test.ts'];
  const looking = tests.filter(({ text }) => /performance\.now|hrtime|Date\.now/.test(text)).map(({ file }) => file);
  expect(looking.filter((file) => ![...killers, ...ages, 'test/architecture.test.ts'].includes(file))).toEqual([]);
  const times = tests.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:^\s*\}, |test.*\{\s*timeout: |^(?:before|after)(?:All|Each)\(.*, |AbortSignal\.timeout\()([0-9_]+)/gm)].map(
      ([, time]) => ({ file, ms: Number(time!.replaceAll('_', '')) }),
    ),
  );
  expect(times.filter(({ ms }) => ms >= 1000 && ms < 300_000)).toEqual([]);
});
