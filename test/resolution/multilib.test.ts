import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { fixture } from '../helpers/fixtures.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-multilib-'));
const http = createHttpClient({ env: {} });
let pool: Pool;

beforeAll(async () => {
  const baseurls = [pathToFileURL(fixture('mirror/9-stream/BaseOS/x86_64/os/')).href];
  const repository = plainRepository('baseos', baseurls);
  pool = await loadPool({ architecture: 'x86_64', repositories: [repository], cacheDir, http, emit: () => undefined, offline: false });
});
afterAll(async () => {
  await http.close();
  rmSync(cacheDir, { recursive: true, force: true });
});

const namesFor = (install: string[]): string[] => {
  const outcome = resolve(pool, { install });
  return outcome.kind === 'solved' ? outcome.packages.map(({ name, arch }) => `${name}.${arch}`) : outcome.problems.map(({ text }) => text);
};

test('a 32-bit package is installed beside the native build of the same version', () => {
  expect(namesFor(['glibc.i686', 'bash'])).toEqual(expect.arrayContaining(['glibc.i686', 'glibc.x86_64']));
});

test('a dependency of a 32-bit package brings its native twin along, the requested package itself does not', () => {
  const names = namesFor(['libacl.i686']);
  expect(names).toEqual(expect.arrayContaining(['libacl.i686', 'libattr.i686', 'libattr.x86_64']));
  expect(names).not.toContain('libacl.x86_64');
});

test('a name without architecture means the native build', () => {
  expect(namesFor(['libacl']).filter((name) => name.startsWith('libacl.'))).toEqual(['libacl.x86_64']);
  expect(namesFor(['libacl']).filter((name) => name.endsWith('.i686'))).toEqual([]);
});
