import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchArtifacts, type WantedRpm } from '../../src/artifacts/fetch-artifacts.ts';
import { sha256 } from '../../src/base/sha256.ts';
import { ContentStore } from '../../src/io/content-store.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';

const FILES = 60;
const contents = Array.from({ length: FILES }, (_, i) => `file ${i}`);

let bad: FaultyServer;
let good: FaultyServer;
let http: HttpClient;
beforeEach(async () => {
  [bad, good] = await Promise.all([startFaultyServer(), startFaultyServer()]);
  http = createHttpClient({ env: {}, bodyTimeoutMs: 2000, retries: 2, retryPauseMs: 5 });
});
afterEach(async () => {
  await http.close();
  await Promise.all([bad.close(), good.close()]);
});

/** From the bad server, then from the good one, unless that has nothing. */
function wanted(behaviour: Behaviour, { onGood = true } = {}): WantedRpm[] {
  return contents.map((content, i) => {
    const path = `/${i}.rpm`;
    const urls = [bad.serve(path, content, behaviour), onGood ? good.serve(path, content) : `${good.url}${path}`];
    return { sha256: sha256(content), filename: `${i}.rpm`, size: content.length, urls: () => Promise.resolve(urls) };
  });
}

function fetch(rpms: readonly WantedRpm[]) {
  const store = new ContentStore(mkdtempSync(join(tmpdir(), 'rpm-deps-store-')));
  return fetchArtifacts(rpms, { store, http, emit: () => {}, signal: new AbortController().signal, nowMs: () => Date.now() });
}

test.each([
  ['answers 503', { kind: 'status', status: 503 }],
  ['stops sending', { kind: 'stall' }],
  ['breaks off', { kind: 'reset', share: 0 }],
] as const)('a mirror that %s is asked by the files that are under way, and then last', async (_title, behaviour) => {
  const fetched = await fetch(wanted(behaviour));
  expect(fetched.map(({ url }) => url?.startsWith(good.url))).toEqual(contents.map(() => true));
  expect(new Set(bad.seen.map(({ path }) => path)).size).toBeLessThanOrEqual(8);
});

test('the only server that has the files is given up when it failed for many of them', async () => {
  const error = await fetch(wanted({ kind: 'status', status: 503 }, { onGood: false })).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: 'NETWORK', message: `none of ${FILES} packages could be downloaded` });
  expect(new Set(bad.seen.map(({ path }) => path)).size).toBeLessThan(FILES / 2);
});

test('a server that lacks some files is asked for all of them', async () => {
  const rpms = wanted({ kind: 'status', status: 404 }, { onGood: false });
  await expect(fetch(rpms)).rejects.toMatchObject({ code: 'NETWORK' });
  expect(new Set(bad.seen.map(({ path }) => path)).size).toBe(FILES);
});
