/** The programs of docs/library.md and README.md, run as they stand there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { writeRepository } from '../helpers/small-mirror.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const programOf = (page: string): string => /```ts\n(.*?)```/s.exec(readFileSync(join(PROJECT, page), 'utf8'))![1]!;
const program = programOf('docs/library.md');
type Library = typeof import('../../src/index.ts');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-library-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeRepository(join(directory, 'mirror/x86_64'), ['server-1.0-1.x86_64 requires: libserver', 'libserver-1.0-1.x86_64']);
});

/** Runs the program on the mirror of the test; what it prints, and its project and signal. */
async function run(signal = new AbortController().signal, replaced: Partial<Library> = {}, source = program) {
  const library: Library = { ...(await import('../../src/index.ts')), ...replaced };
  const body = source
    .replace(/^import .*$/m, '')
    .replace('https://mirror.example.org', pathToFileURL(join(directory, 'mirror')).href)
    .replace("'.'", JSON.stringify(directory))
    .replace("'.cache'", JSON.stringify(join(directory, 'cache')))
    .replace('const { signal } = new AbortController();', 'shown.project = project;');
  const shown: { project?: import('../../src/index.ts').Project; text: string[] } = { text: [] };
  const names = /^import \{ (.*) \} from 'rpm-deps';$/m.exec(source)![1]!.split(', ');
  const AsyncFunction = (async () => undefined).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;
  const call = new AsyncFunction(...names, 'console', 'signal', 'shown', body);
  const print = { log: (...texts: string[]): void => void shown.text.push(...texts) };
  await call(...names.map((name) => library[name as keyof Library]), print, signal, shown);
  return { project: shown.project!, text: shown.text.join('\n') };
}

test('the program of the documentation has about twenty lines and makes lockfiles in memory', async () => {
  expect(program.trimEnd().split('\n').length).toBeLessThan(25);
  const { project, text } = await run();
  const [lock, ...others] = await project.locks();
  expect(others).toEqual([]);
  expect(lock).toMatchObject({ package_set: 'web', architecture: 'x86_64', requested: ['server'] });
  expect(lock!.packages.map(({ name }) => name)).toEqual(['libserver', 'server']);
  expect(text).toContain('web-x86_64');
});

test('the program of README.md locks the project in a folder', async () => {
  const manifest = `architectures: [x86_64]\nrepositories: [{ id: base, baseurl: "${pathToFileURL(directory).href}/mirror/$basearch/" }]\nsets: { web: { packages: [server] } }\n`;
  writeFileSync(join(directory, 'rpm-packages.yaml'), manifest);
  const { text } = await run(undefined, {}, programOf('README.md'));
  expect(text).toContain('web-x86_64');
  expect(readdirSync(join(directory, 'rpm-lockfiles'))).toEqual(['web-x86_64.lock.json']);
});

test('it stops with INTERRUPTED when its signal is raised', async () => {
  await expect(run(AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('it stops in the middle, after its packages are read', async () => {
  const { manifestPools } = await import('../../src/index.ts');
  const stop = new AbortController();
  const read: string[] = [];
  const raising: typeof manifestPools = (manifest, options) => {
    const pools = manifestPools(manifest, options);
    return async (architecture) => {
      const pool = await pools(architecture);
      read.push(architecture);
      stop.abort();
      return pool;
    };
  };
  await expect(run(stop.signal, { manifestPools: raising })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(read).toEqual(['x86_64']);
});

test('the page names everything that the library exports', async () => {
  const page = readFileSync(join(PROJECT, 'docs/library.md'), 'utf8');
  const words = new Set(page.match(/\w+/g));
  expect(Object.keys(await import('../../src/index.ts')).filter((name) => !words.has(name))).toEqual([]);
});
