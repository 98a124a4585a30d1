/** What a power cut, a full disk or a curious person may leave in the cache is noticed by whoever reads it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeSealKey, openSealed, readSealKey } from '../../src/io/seal.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import type { SolvableId } from '../../src/pool/ids.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { decodePool } from '../../src/pool/pool-file.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { FUZZ_TIMEOUT, readMutants, SEED, SEED_TEXT } from '../helpers/fuzz.ts';
import { mutateBytes, randomNumbers } from '../helpers/mutate.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const OS = '9-stream/AppStream/s390x/os/repodata';

let server: FaultyServer;
let http: HttpClient;
let cacheDir: string;
/** The whole cache as it should be. */
let whole: ReadonlyMap<string, Buffer>;
let wanted: string;
beforeAll(async () => {
  server = await startFaultyServer();
  for (const file of readdirSync(fixture(`mirror/${OS}`)))
    server.serve(`/a/repodata/${file}`, readFileSync(fixture(`mirror/${OS}/${file}`)));
  http = createHttpClient({ env: {}, retries: 1, retryPauseMs: 5 });
  cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-cache-'));
  wanted = await load();
  expect(await load()).toBe(wanted);
  const folder = join(cacheDir, 'metadata-v1');
  whole = new Map(readdirSync(folder).map((name) => [join(folder, name), readFileSync(join(folder, name))]));
  expect([...whole.keys()].map((path) => path.replace(/^.*[.]/, '')).sort()).toEqual(expect.arrayContaining(['small', 'pool', 'primary']));
});
beforeEach(() => {
  for (const [path, bytes] of whole) writeFileSync(path, bytes);
});
afterAll(async () => {
  await http.close();
  await server.close();
  rmSync(cacheDir, { recursive: true });
});

async function load(): Promise<string> {
  const repository = plainRepository('appstream', [`${server.url}/a/`]);
  return contentOf(await loadPool({ architecture: 's390x', repositories: [repository], cacheDir, http, emit: () => {}, offline: false }));
}

/** A checksum over packages, modules and groups. */
function contentOf(pool: Pool): string {
  const packages = Array.from({ length: pool.end - 1 }, (_, i) => pool.record((i + 1) as SolvableId));
  return createHash('sha256')
    .update(JSON.stringify([packages, pool.moduleIndex, pool.compsIndex]))
    .digest('hex');
}

test('every file of the cache may be empty, cut or full of zeros: the answer is the same', async () => {
  for (const [path, bytes] of whole) {
    for (const damaged of [
      Buffer.alloc(0),
      bytes.subarray(0, bytes.length >> 1),
      Buffer.alloc(bytes.length),
      Buffer.from('null'),
      Buffer.from('{}'),
    ]) {
      writeFileSync(path, damaged);
      await sameAnswer(path);
      writeFileSync(path, bytes);
    }
  }
});

test(
  `mutants of files of the cache give the same answer (${SEED_TEXT})`,
  async () => {
    const random = randomNumbers(SEED);
    const files = [...whole];
    for (let i = 0; i < 40; i++) {
      const [path, bytes] = files[random(files.length)]!;
      writeFileSync(path, mutateBytes(bytes, random));
      await sameAnswer(`mutant ${i} of ${path}`);
      writeFileSync(path, bytes);
    }
  },
  FUZZ_TIMEOUT,
);

async function sameAnswer(what: string): Promise<void> {
  expect(await load(), what).toBe(wanted);
}

test(
  `mutants of a stored pool are seen (${SEED_TEXT})`,
  async () => {
    const [path, bytes] = [...whole].find(([name]) => name.endsWith('.pool'))!;
    const name = basename(path);
    const key = readSealKey(cacheDir)!;
    expect(decodePool(new Uint8Array(openSealed(key, name, bytes) as Buffer), name)).toBeDefined();
    await readMutants({
      share: 2,
      codes: [],
      make: (random) => mutateBytes(bytes, random),
      read: (mutant) =>
        expect(typeof openSealed(key, name, Buffer.from(mutant)) === 'string' || Buffer.from(mutant).equals(bytes)).toBe(true),
    });
  },
  FUZZ_TIMEOUT,
);

test('a cache directory that is a file is not used', () => {
  const file = join(cacheDir, 'file');
  writeFileSync(file, '');
  expect([makeSealKey(file), makeSealKey(join(file, 'below'))]).toEqual([undefined, undefined]);
  rmSync(file);
});
