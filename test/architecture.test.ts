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
  cli: ['bot', 'base', 'run', 'commands', 'locking', 'images', 'project', 'views', 'lockfile', 'io', 'net'],
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
  const looking = tests.filter(({ text }) => /performance\.now|hrtime/.test(text)).map(({ file }) => file);
  expect(looking.filter((file) => !killers.includes(file) && file !== 'test/architecture.test.ts')).toEqual([]);
  const times = tests.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:^\s*\}, |test.*\{\s*timeout: )([0-9_]+)/gm)].map(([, time]) => ({ file, ms: Number(time!.replaceAll('_', '')) })),
  );
  expect(times.filter(({ ms }) => ms >= 1000 && ms < 300_000)).toEqual([]);
});

/** Large files without a test of their name, and where their tests are. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  'bot/': 'bot',
  'cli/table/': 'cli/help',
  'commands/archive': 'bot/archive',
  'commands/relock': 'commands/update',
  'commands/verify': 'commands/fetch',
  'forge/forge-http': 'forge/forges',
  'forge/gitea': 'forge/forges',
  'forge/gitlab': 'forge/forges',
  'images/locked-build': 'images/image-build',
  'imports/': 'commands/import',
  index: 'docs/library',
  'installed/registry': 'installed/base-image',
  'lockfile/rpms-lock': 'commands/rpms-in',
  'lockfile/source-changes': 'lockfile/diff',
  'locking/solve-targets': 'locking/plan',
  'manifest/manifest-schema': 'manifest/read-manifest',
  'manifest/package-sets': 'manifest/read-manifest',
  'manifest/shell-requests': 'manifest/containerfile-packages',
  'manifest/shell-syntax': 'manifest/containerfile-packages',
  'manifest/source-text': 'manifest/read-manifest',
  'pool/package-pool': 'pool/pool-file',
  'pool/primary-reader': 'repodata/primary',
  'pool/with-installed': 'resolution/installed',
  'repodata/small-xml': 'repodata/fuzz-small-formats',
  'repositories/load-pool': 'repositories/file-formats',
  'resolution/explain-missing': 'resolution/explain-failure',
  'resolution/module-pool': 'resolution/active-modules',
  'resolution/package-query': 'scenarios/scenarios',
  'resolution/resolve': 'scenarios/scenarios',
  'rpm/key-ring': 'rpm/signature',
  'rpm/signature-packet': 'rpm/signature',
  'solver/clause-search': 'solver/minimal-core',
  'solver/package-rules': 'brute/brute-force',
  'solver/search': 'solver/solve',
  'solver/system': 'resolution/installed',
  'solver/system-rules': 'resolution/installed',
  'views/': 'views',
};

test('a file of more than 250 lines has a test of its name, or one that is named here', () => {
  const tests = resolve(SRC, '../test');
  const files = new Set(readdirSync(tests, { recursive: true, encoding: 'utf8' }));
  const untested = sources
    .filter(({ file, text }) => text.split('\n').length > 250 && !file.includes('.generated.'))
    .map(({ file }) => file.slice(0, -'.ts'.length))
    .filter((name) => !files.has(`${name}.test.ts`))
    .filter((name) => !Object.keys(TESTED_ELSEWHERE).some((place) => name === place || (place.endsWith('/') && name.startsWith(place))));
  expect(untested).toEqual([]);
  const lost = Object.values(TESTED_ELSEWHERE).filter((place) => !files.has(place) && !files.has(`${place}.test.ts`));
  expect(lost).toEqual([]);
});
