import { spawnSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { removeLeftovers, writeAllOrNothing } from '../../src/io/atomic-file.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { type BuiltProgram, buildProgram } from '../helpers/built.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { randomNumbers } from '../helpers/mutate.ts';
import { smallRpm } from '../helpers/small-rpm.ts';

const FILES = 12;
const SIZE = 300_000;
const seed = Number(process.env['RPM_DEPS_SEED'] ?? randomInt(1_000_000));
/** How many moments are tried: few with the other tests, 30 in .ci/run. */
const KILLS = Number(process.env['RPM_DEPS_KILLS'] ?? 8);

let program: BuiltProgram;
let server: FaultyServer;
let cwd: string;
beforeAll(async () => {
  program = buildProgram();
  server = await startFaultyServer();
});
afterAll(async () => {
  program.remove();
  await server.close();
});

/** A lock of RPMs whose payload is noise: only their headers are read. */
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-crash-'));
  server.seen.length = 0;
  const packages = Array.from({ length: FILES }, (_, i) => {
    const nevra = { name: `p${i}`, epoch: '0', version: '1^a~b+c', release: '1', arch: 's390x' };
    const header = smallRpm(nevra);
    const payload = createHash('shake256', { outputLength: SIZE - header.length })
      .update(`file ${i}`)
      .digest();
    const content = Buffer.concat([header, payload]);
    const filename = `p${i}-1^a~b+c-1.s390x.rpm`;
    server.serve(`/os/Packages/${encodeURIComponent(filename)}`, content);
    return {
      ...nevra,
      sha256: sha256(content),
      filename,
      repository: 'r',
      location: `Packages/${filename}`,
      size: SIZE,
      source: 'x.src.rpm',
      dependencies: [],
    };
  });
  const lock = {
    schema_version: '1.1',
    architecture: 's390x',
    package_set: 'all',
    generated: '2025-01-01T00:00:00Z',
    generator: 'test',
    manifest_digest: `sha256:${'0'.repeat(64)}`,
    requested: [],
    ignored: [],
    repositories: [{ id: 'r', baseurl: `${server.url}/os/`, revision: '1', repomd_sha256: '0'.repeat(64) }],
    packages,
  };
  mkdirSync(join(cwd, 'rpm-lockfiles'));
  writeFileSync(join(cwd, 'rpm-lockfiles/all-s390x.lock.json'), JSON.stringify(lock));
});

const store = (cache = join(cwd, 'cache')): string => join(cache, 'content-v1');

/** How many files are in the store; each is what its name says. */
function checkStore(cache?: string): number {
  const root = join(store(cache), 'sha256');
  if (!existsSync(root)) return 0;
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /^..\/.{62}$/.test(name));
  for (const name of names) expect(sha256(readFileSync(join(root, name)))).toBe(name.replace('/', ''));
  return names.length;
}

const partials = (cache?: string): string[] =>
  existsSync(join(store(cache), 'partial')) ? readdirSync(join(store(cache), 'partial')) : [];

async function killSomewhere(args: readonly string[], afterMs: number): Promise<void> {
  const { child, ended } = program.start(args, { cwd });
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  await ended;
  clearTimeout(timer);
}

/** Kills a little after the server has seen so many requests: on a busy machine as on an idle one. */
async function killAfterRequests(args: readonly string[], requests: number, moreMs: number): Promise<void> {
  server.seen.length = 0;
  const { child, ended } = program.start(args, { cwd });
  let timer: NodeJS.Timeout | undefined;
  const watch = setInterval(() => {
    if (server.seen.length < requests) return;
    clearInterval(watch);
    timer = setTimeout(() => child.kill('SIGKILL'), moreMs);
  }, 1);
  await ended;
  clearInterval(watch);
  clearTimeout(timer);
}

async function timeOf(args: readonly string[]): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await program.start(args, { cwd }).ended;
  expect(stderr).not.toContain('error:');
  expect(code).toBe(0);
  return performance.now() - started;
}

/** Serves the two mirrors of fixtures/ one after the other under the same URLs. Gives the arguments of `update`, and what it wrote. */
function updates({ directory = join(cwd, 'locks'), cache = join(cwd, 'cache') } = {}) {
  writeFileSync(join(cwd, 'rpm-packages.yaml'), readFileSync(fixture('rpm-packages.yaml')));
  const argsFor = (age: 'old' | 'new'): string[] => {
    const root = fixture(age === 'old' ? 'mirror' : 'mirror-next');
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (name.includes('/repodata/')) server.serve(`/mirror/${name}`, readFileSync(join(root, name)));
    for (const name of readdirSync(fixture('mirror/keys')))
      server.serve(`/mirror/keys/${name}`, readFileSync(fixture(`mirror/keys/${name}`)));
    // The two dates of the mirror take turns.
    return ['update', '--quiet', '--allow-downgrade', '--mirror', `${server.url}/mirror`, '--lockfiles', directory, '--cache-dir', cache];
  };
  const read = (): Record<string, string> =>
    Object.fromEntries(
      (existsSync(directory) ? readdirSync(directory) : [])
        .filter((name) => name.endsWith('.lock.json') && !name.startsWith('.'))
        .map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
    );
  return Object.assign(argsFor, { read });
}

describe('kill -9', () => {
  test(`leaves the store valid at ${KILLS} random moments of fetch, and the next run finishes (RPM_DEPS_SEED=${seed})`, {
    timeout: 400_000,
  }, async () => {
    const random = randomNumbers(seed);
    const args = ['fetch', '--cache-dir', join(cwd, 'cache'), '--jobs', '2', '--quiet'];
    const wholeMs = await timeOf(args);
    rmSync(join(cwd, 'cache'), { recursive: true });
    const found: number[] = [];
    for (let i = 0; i < KILLS; i++) {
      if (i % 5 === 4) await killSomewhere(args, (wholeMs * random(1000)) / 1000);
      else await killAfterRequests(args, 2 + random(FILES - 2), random(30));
      found.push(checkStore());
      if (found.at(-1) === FILES) rmSync(join(cwd, 'cache'), { recursive: true, force: true });
    }
    await timeOf(args);
    expect(checkStore()).toBe(FILES);
    // Files were there at some of these moments, and not always all.
    expect(found.some((count) => count > 0)).toBe(true);
  });

  test(`leaves lockfiles and cache valid at ${KILLS} random moments of update, and the next run finishes (RPM_DEPS_SEED=${seed})`, {
    timeout: 400_000,
  }, async () => {
    const random = randomNumbers(seed + 1);
    const update = updates();
    await timeOf(update('old'));
    const older = update.read();
    const wholeMs = await timeOf(update('new'));
    const newer = update.read();
    expect(newer).not.toEqual(older);
    for (let i = 0; i < KILLS; i++) {
      // Each third time with nothing in the cache.
      if (i % 3 === 0) rmSync(join(cwd, 'cache'), { recursive: true, force: true });
      await killSomewhere(update(i % 2 === 0 ? 'old' : 'new'), wholeMs * (0.3 + (1.2 * random(1000)) / 1000));
      for (const [name, text] of Object.entries(update.read())) {
        parseLockfile(text, name);
        expect([older[name], newer[name]]).toContain(text);
      }
    }
    await timeOf(update('old'));
    expect(update.read()).toEqual(older);
    await timeOf(update('new'));
    expect(update.read()).toEqual(newer);
  });

  test('leftovers of a dead process are removed, those of a living one stay', async () => {
    const dead = join(cwd, `.a.lock.json.${'0'.repeat(8)}-1-${'0'.repeat(12)}.tmp`);
    writeFileSync(dead, 'half');
    await removeLeftovers(cwd, Date.now());
    expect(existsSync(dead)).toBe(true);
    await removeLeftovers(cwd, Date.now() + 2 * 3_600_000);
    expect(existsSync(dead)).toBe(false);
  });
});

test('ten processes at once on one cache do each other no harm', async () => {
  const args = ['fetch', '--cache-dir', join(cwd, 'cache'), '--output', 'rpms', '--quiet'];
  const results = await Promise.all(Array.from({ length: 10 }, () => program.start(args, { cwd }).ended));
  expect(results.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(Array(10).fill('0 '));
  expect(checkStore()).toBe(FILES);
  expect(partials()).toEqual([]);
  expect(readdirSync(join(cwd, 'rpms/s390x'))).toHaveLength(FILES);
  // Most of the time each is downloaded once; ten times each would be no sharing at all.
  expect(server.seen.length).toBeLessThan(FILES * 5);
});

test('ten processes that lay out one folder with metadata do each other no harm', async () => {
  const lock = JSON.parse(readFileSync(join(cwd, 'rpm-lockfiles/all-s390x.lock.json'), 'utf8')) as { packages: unknown[] };
  const bytes = readFileSync(fixture('rpms/right-key.rpm'));
  const nevra = { name: 'hello', epoch: '0', version: '1.0', release: '1.el9', arch: 'x86_64' };
  const more = { filename: 'hello-1.0-1.el9.x86_64.rpm', repository: 'r', location: 'Packages/hello.rpm', size: bytes.length };
  const source = 'hello-1.0-1.el9.src.rpm';
  const packages = [{ ...nevra, sha256: sha256(bytes), ...more, source, dependencies: [] }];
  writeFileSync(join(cwd, 'rpm-lockfiles/all-s390x.lock.json'), JSON.stringify({ ...lock, packages }));
  server.serve('/os/Packages/hello.rpm', bytes);
  const args = ['fetch', '--cache-dir', join(cwd, 'cache'), '--output', 'rpms', '--repodata', '--quiet'];
  const results = await Promise.all(Array.from({ length: 10 }, () => program.start(args, { cwd }).ended));
  expect(results.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(Array(10).fill('0 '));
  for (const folder of ['rpms/repodata', 'rpms/s390x/repodata']) {
    const names = readdirSync(join(cwd, folder)).map((name) => name.replace(/^[0-9a-f]{64}-/, ''));
    expect(names.sort()).toEqual(['filelists.xml.gz', 'other.xml.gz', 'primary.xml.gz', 'repomd.xml']);
  }
});

test('ten updates at once on one cache and one folder of lockfiles do each other no harm', async () => {
  const update = updates();
  const args = update('old');
  const results = await Promise.all(Array.from({ length: 10 }, () => program.start(args, { cwd }).ended));
  expect(results.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(Array(10).fill('0 '));
  const together = update.read();
  const alone = updates({ directory: join(cwd, 'alone'), cache: join(cwd, 'another-cache') });
  await timeOf(alone('old'));
  expect(together).toEqual(alone.read());
  expect(Object.keys(together).length).toBeGreaterThan(5);
  expect(readdirSync(join(cwd, 'locks')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  // And what they left in the cache is right.
  server.seen.length = 0;
  await timeOf([...update('old'), '--offline']);
  expect(update.read()).toEqual(together);
});

/** A disk of a megabyte; undefined where none can be made. */
function smallDisk(): string | undefined {
  const disk = join(cwd, 'disk');
  mkdirSync(disk);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0 ? disk : undefined;
}

describe('a full disk', () => {
  test('leaves every lockfile as it was, and is reported', async ({ skip }) => {
    const disk = smallDisk() ?? skip('no permission to mount a small disk');
    try {
      const update = updates({ directory: join(disk, 'locks') });
      await timeOf(update('old'));
      const before = update.read();
      // All but a few kilobytes.
      const free = statfsSync(disk);
      writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, (free.bavail - 3) * free.bsize), 1));
      const { code, stderr } = await program.start(update('new'), { cwd }).ended;
      expect(stderr).toMatch(/error: cannot write .*ENOSPC/);
      expect(stderr).toContain('hint: the disk is full');
      expect(code).toBe(2);
      expect(update.read()).toEqual(before);
      expect(readdirSync(join(disk, 'locks')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      rmSync(join(disk, 'filler'));
      await timeOf(update('new'));
      expect(update.read()).not.toEqual(before);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  test('for the cache is no reason for update to fail', async ({ skip }) => {
    const disk = smallDisk() ?? skip('no permission to mount a small disk');
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(1_000_000, 1));
      const update = updates({ cache: join(disk, 'cache') });
      await timeOf(update('old'));
      const withoutCache = update.read();
      const alone = updates({ directory: join(cwd, 'alone'), cache: join(cwd, 'another-cache') });
      await timeOf(alone('old'));
      expect(withoutCache).toEqual(alone.read());
      expect(readdirSync(disk, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  test('is reported, and leaves nothing in half', async ({ skip }) => {
    const disk = smallDisk() ?? skip('no permission to mount a small disk');
    try {
      const cache = join(disk, 'cache');
      const { code, stderr } = await program.start(['fetch', '--cache-dir', cache], { cwd }).ended;
      expect(stderr).toMatch(/error: cannot write .*ENOSPC/);
      expect(stderr).toContain('hint: the disk is full');
      expect(code).toBe(2);
      expect(checkStore(cache)).toBeLessThan(FILES);
      expect(partials(cache)).toEqual([]);
      rmSync(cache, { recursive: true });
      const paths = ['a', 'b'].map((name) => join(disk, name));
      for (const path of paths) writeFileSync(path, 'old');
      const files = [
        { path: paths[0]!, content: 'new' },
        { path: paths[1]!, content: 'x'.repeat(2_000_000) },
      ];
      await expect(writeAllOrNothing(files)).rejects.toMatchObject({ code: 'WRITE_FAILED', hint: expect.stringContaining('full') });
      expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['old', 'old']);
      expect(readdirSync(disk).sort()).toEqual(['a', 'b']);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

test('a folder that may not be written is reported, and nothing is left in it', async ({ skip }) => {
  const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
  if (nobody !== undefined) {
    for (const path of [cwd, join(cwd, 'rpm-lockfiles')]) chownSync(path, nobody, nobody);
    const reads = spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(fixture('rpm-packages.yaml'))})`], {
      uid: nobody,
    });
    if (reads.status !== 0) skip('another user may not read this checkout');
  }
  const locked = join(cwd, 'locked');
  mkdirSync(locked);
  chmodSync(locked, nobody === undefined ? 0o500 : 0o755);
  const options = { cwd, ...(nobody === undefined ? {} : { uid: nobody }) };
  const refuses = async (argv: readonly string[]): Promise<void> => {
    const { code, stderr } = await program.start(argv, options).ended;
    expect(stderr).toMatch(/error: cannot write .*EACCES/);
    expect(stderr).toContain('hint: no write permission');
    expect(code).toBe(2);
  };
  await refuses(['fetch', '--cache-dir', join(locked, 'cache')]);
  await refuses(['fetch', '--cache-dir', join(cwd, 'cache'), '--output', join(locked, 'rpms')]);
  // Writes a manifest: from then on, fetch asks only the hosts of that.
  await refuses(updates({ directory: join(locked, 'locks') })('old'));
  // A cache that cannot be written costs the next run a download.
  const writable = updates({ cache: join(locked, 'cache') });
  expect((await program.start(writable('old'), options).ended).stderr).toBe('');
  expect(readdirSync(locked)).toEqual([]);
});
