import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRepositories, type Pool, resolve, resolveAsync } from '../../src/index.ts';
import { fixture } from '../helpers/fixtures.ts';

let cacheDir: string;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-owners-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

const REQUEST = { install: ['/usr/share/dict/words'] };

/** BaseOS has filelists.xml as gzip, AppStream as xz and CRB as zstd. */
function load(mirror = fixture('mirror')): Promise<Pool> {
  const repositories = ['BaseOS', 'AppStream', 'CRB'].map((id) => ({ id, baseurl: `${mirror}/9-stream/${id}/$basearch/os/` }));
  return loadRepositories({ architecture: 's390x', cacheDir, repositories });
}

const names = (outcome: ReturnType<typeof resolve>): string[] =>
  outcome.kind === 'solved' ? outcome.packages.map(({ name }) => name).sort() : outcome.problems.map(({ text }) => text);

test('resolve answers what only filelists.xml can tell, however it is compressed, as resolveAsync does', async () => {
  const atOnce = names(resolve(await load(), REQUEST));
  rmSync(cacheDir, { recursive: true, force: true });
  expect(atOnce).toContain('words');
  expect(names(await resolveAsync(await load(), REQUEST))).toEqual(atOnce);
});

test('what was found stays in the cache for the next process', async () => {
  resolve(await load(), REQUEST);
  const found = readdirSync(join(cacheDir, 'metadata-v1')).filter((name) => name.endsWith('.owners.json'));
  expect(found).toHaveLength(3);
});

test('a mirror that lost its filelists.xml is an error of ours, not of a thread', async () => {
  const mirror = join(cacheDir, 'mirror');
  cpSync(fixture('mirror'), mirror, { recursive: true });
  const pool = await load(mirror);
  for (const name of readdirSync(mirror, { recursive: true, encoding: 'utf8' })) {
    if (name.includes('s390x') && name.includes('filelists')) rmSync(join(mirror, name));
  }
  expect(() => resolve(pool, REQUEST)).toThrow(
    expect.objectContaining({ code: 'NETWORK', message: expect.stringContaining('filelists.xml') }),
  );
});
