import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { loadRepositories, type Manifest, memoryProject, type Pool, type Project, plan } from '../../src/index.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

const MANIFEST = `
architectures: [x86_64, s390x]
mirror: https://mirror.example.org
repositories: [{ id: base, baseurl: $mirror/$basearch/ }]
sets:
  web: { packages: [server] }
  tools: { packages: [editor] }
`;
const OLD = ['server-1.0-1.noarch requires: libserver', 'libserver-1.0-1.noarch', 'editor-1.0-1.noarch'];
const NEW = ['server-2.0-1.noarch requires: libserver >= 2', 'libserver-2.0-1.noarch', 'editor-2.0-1.noarch', ...OLD];

let directory: string;
let project: Project;
let manifest: Manifest;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-plan-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  project = memoryProject({ manifest: MANIFEST });
  manifest = await project.manifest();
});

async function poolOf(architecture: string, lines: readonly string[], timestamp = 1736000000): Promise<Pool> {
  const path = join(directory, `${architecture}-${timestamp}`);
  writeRepository(path, lines, { timestamp });
  return loadRepositories({ architecture, repositories: [{ id: 'base', baseurl: path }], cacheDir: join(directory, 'cache') });
}

const bothPools = (lines: readonly string[], timestamp?: number): Promise<Pool[]> =>
  Promise.all(['x86_64', 's390x'].map((architecture) => poolOf(architecture, lines, timestamp)));

const versions = (locks: Awaited<ReturnType<Project['locks']>>): string[] =>
  locks.flatMap(({ package_set: set, architecture, packages }) =>
    packages.map(({ name, version }) => `${set}-${architecture} ${name} ${version}`),
  );

test('it locks every set and architecture of the manifest without writing anything', async () => {
  const { locks, diff, notes, failures } = await plan({ manifest, locks: [], pools: await bothPools(OLD), mode: 'update' });
  expect(locks.map((lock) => `${lock.package_set}-${lock.architecture}`)).toEqual([
    'web-x86_64',
    'tools-x86_64',
    'web-s390x',
    'tools-s390x',
  ]);
  expect(diff.added_locks).toHaveLength(4);
  expect([notes, failures]).toEqual([[], []]);
  expect(await project.locks()).toEqual([]);
  await project.write({ locks });
  expect(await project.locks()).toHaveLength(4);
});

test('pools are taken as a list, a map, an object or a function', async () => {
  const pools = await bothPools(OLD);
  const byName = pools.map((pool) => [pool.architecture, pool] as const);
  const forms = [pools, new Map(byName), Object.fromEntries(byName), (name: string) => new Map(byName).get(name)];
  const results = await Promise.all(forms.map((form) => plan({ manifest, locks: [], pools: form, mode: 'update' })));
  for (const { locks } of results) expect(locks).toEqual(results[0]!.locks);
});

test('lock keeps what is locked, update takes the newest, and names move only those and what they need', async () => {
  const { locks } = await plan({ manifest, locks: [], pools: await bothPools(OLD), mode: 'update' });
  const pools = await bothPools(NEW, 1736000001);
  const kept = await plan({ manifest, locks, pools, mode: 'lock' });
  expect(kept.locks).toEqual(locks);
  for (const [i, lock] of kept.locks.entries()) expect(lock).toBe(locks[i]);
  const named = await plan({ manifest, locks, pools, mode: 'update', names: ['server'] });
  expect(versions(named.locks).slice(0, 3)).toEqual(['web-x86_64 libserver 2.0', 'web-x86_64 server 2.0', 'tools-x86_64 editor 1.0']);
  expect(named.diff.sources.map(({ source }) => source)).not.toContain('editor');
  const all = await plan({ manifest, locks, pools, mode: 'update', sets: ['tools'], architectures: ['s390x'] });
  expect(versions(all.locks)).toEqual(['tools-s390x editor 2.0']);
});

test('a set without an answer is a failure, and the others are planned', async () => {
  const pools = [await poolOf('x86_64', OLD), await poolOf('s390x', ['editor-1.0-1.noarch'])];
  const { locks, failures } = await plan({ manifest, locks: [], pools, mode: 'update' });
  expect(locks).toHaveLength(3);
  expect(failures).toMatchObject([{ target: { set: { name: 'web' }, architecture: 's390x' }, problems: [{ kind: 'wrong-architecture' }] }]);
});

test('an architecture without a pool is an error that names it', async () => {
  const pools = [await poolOf('x86_64', OLD)];
  await expect(plan({ manifest, locks: [], pools, mode: 'update' })).rejects.toMatchObject({ code: 'USAGE', message: /s390x/ });
});

test('names that no lockfile has are refused', async () => {
  const pools = await bothPools(OLD);
  const { locks } = await plan({ manifest, locks: [], pools, mode: 'update' });
  await expect(plan({ manifest, locks, pools, mode: 'update', names: ['sever'] })).rejects.toMatchObject({
    code: 'USAGE',
    hint: 'did you mean `server`?',
  });
});

test('a signal that is raised in the middle stops it, and nothing was changed', async () => {
  const pools = await bothPools(OLD);
  const stop = new AbortController();
  const solved: string[] = [];
  const planning = plan({
    manifest,
    locks: [],
    pools,
    mode: 'update',
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind !== 'timing') return;
      solved.push(event.text);
      stop.abort();
    },
  });
  await expect(planning).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(solved).toEqual(['solve web-x86_64']);
  expect(await project.locks()).toEqual([]);
});

test('a signal stops it while the packages of another architecture are read to explain a refusal', async () => {
  const stop = new AbortController();
  const known = new Map((await bothPools(OLD)).map((pool) => [pool.architecture, pool]));
  const asked: string[] = [];
  const pools = (architecture: string): Promise<Pool> | Pool => {
    asked.push(architecture);
    if (asked.filter((one) => one === architecture).length === 1) return known.get(architecture)!;
    setImmediate(() => stop.abort());
    return new Promise(() => undefined);
  };
  const refused = await memoryProject({ manifest: MANIFEST.replace('[server]', '[nobody-has-this]') }).manifest();
  await expect(plan({ manifest: refused, locks: [], pools, mode: 'update', signal: stop.signal })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
  expect(asked.length).toBeGreaterThan(2);
});

test('a signal stops it while a pool never arrives', async () => {
  const stop = new AbortController();
  const planning = plan({ manifest, locks: [], pools: () => new Promise(() => undefined), mode: 'update', signal: stop.signal });
  stop.abort();
  await expect(planning).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('holds that have ended do not count once the day is given', async () => {
  const held = await memoryProject({
    manifest: `${MANIFEST}holds: [{ package: editor, version: "1*", reason: wait, until: 2025-01-31 }]\n`,
  }).manifest();
  const pools = await bothPools(NEW);
  const sets = ['tools'];
  const on = async (today?: string) => versions((await plan({ manifest: held, locks: [], pools, mode: 'update', sets, today })).locks)[0];
  expect(await on()).toBe('tools-x86_64 editor 1.0');
  expect(await on('2025-01-31')).toBe('tools-x86_64 editor 1.0');
  expect(await on('2025-02-01')).toBe('tools-x86_64 editor 2.0');
});
