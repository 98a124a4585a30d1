import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { ContentStore } from '../../src/io/content-store.ts';
import { thisWriter } from '../../src/io/writer.ts';

const DIGEST = sha256('content');
let cache: string;
let store: ContentStore;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'rpm-deps-store-'));
  store = new ContentStore(cache);
});

async function put(text = 'content'): Promise<string> {
  const partial = await store.startPartial(sha256(text), Date.now());
  writeFileSync(partial, text);
  return store.adopt(partial, sha256(text));
}

test('content is kept under its digest', async () => {
  expect(await store.has(DIGEST)).toBe(false);
  expect(await put()).toBe(join(cache, 'content-v1/sha256', DIGEST.slice(0, 2), DIGEST.slice(2)));
  expect([await store.has(DIGEST), await store.list(), readFileSync(store.path(DIGEST), 'utf8')]).toEqual([true, [DIGEST], 'content']);
});

test('content that was altered or removed is noticed', async () => {
  await put();
  expect(await store.verify(DIGEST)).toBe('good');
  writeFileSync(store.path(DIGEST), 'other');
  expect(await store.verify(DIGEST)).toBe('altered');
  await store.remove(DIGEST);
  expect(await store.verify(DIGEST)).toBe('missing');
});

test.each(['../../etc/passwd', '', DIGEST.toUpperCase(), `${DIGEST}0`])('%j is no place in the store', (digest) => {
  expect(() => store.path(digest)).toThrow('not a sha256');
});

test('what a dead process began is taken over by copy', async () => {
  const first = await store.startPartial(DIGEST, 1);
  writeFileSync(first.replace(thisWriter(), `${thisWriter().split('-')[0]}-4194304`), 'con');
  const second = await store.startPartial(DIGEST, Date.now() + 10_000);
  expect(readFileSync(second, 'utf8')).toBe('con');
  // The first one is of a living process (this one) and stays.
  expect(await store.partials(DIGEST, Date.now())).toMatchObject([{ path: first }, { path: second }]);
});

test('what a process gave up is taken over at once', async () => {
  const first = await store.startPartial(DIGEST, Date.now());
  writeFileSync(first, 'con');
  await store.release(first, DIGEST, Date.now());
  const second = await store.startPartial(DIGEST, Date.now());
  expect(readFileSync(second, 'utf8')).toBe('con');
  expect(await store.partials(DIGEST, Date.now())).toMatchObject([{ path: second }]);
});

test('leftovers of content that is there by now are removed', async () => {
  const name = `${DIGEST}.1-${thisWriter().split('-')[0]}-4194304-00000000.part`;
  await put();
  writeFileSync(join(cache, 'content-v1/partial', name), 'con');
  await store.removeLeftovers(Date.now() + 10_000);
  expect(readdirSync(join(cache, 'content-v1/partial'))).toEqual([]);
});
