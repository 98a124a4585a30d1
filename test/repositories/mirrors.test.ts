/** Repositories with more than one place to read them from. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { baseosFile, baseosRepodata } from '../helpers/fixtures.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const REPODATA = baseosRepodata();
const REPOMD = baseosFile('mirror', 'repomd.xml');

let server: FaultyServer;
let cacheDir: string;
beforeEach(async () => {
  server = await startFaultyServer();
  cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-mirrors-'));
});
afterEach(async () => {
  await server.close();
  rmSync(cacheDir, { recursive: true });
});

/** Returns its base URL. */
function serveMirror(name: string, ...behaviours: readonly Behaviour[]): string {
  for (const file of readdirSync(REPODATA)) server.serve(`/${name}/repodata/${file}`, readFileSync(join(REPODATA, file)), ...behaviours);
  return `${server.url}/${name}/`;
}

interface Places {
  readonly baseurls?: readonly string[];
  readonly metalink?: string;
  readonly mirrorlist?: string;
}

async function load({ baseurls = [], metalink, mirrorlist }: Places, { offline = false, retryPauseMs = 60_000 } = {}): Promise<string> {
  const http = createHttpClient({ env: {}, offline, retryPauseMs, maxPauseMs: retryPauseMs });
  const repository = plainRepository('baseos', baseurls, { metalink, mirrorlist, variables: { basearch: 's390x' } });
  try {
    const pool = await loadPool({ architecture: 's390x', repositories: [repository], cacheDir, http, emit: () => {}, offline });
    expect(pool.end).toBeGreaterThan(1);
    return pool.repos[0]!.baseurl;
  } finally {
    await http.close();
  }
}

const requestsOf = (path: string): number => server.seen.filter((request) => request.path.startsWith(path)).length;

test.each([
  ['refuses connections', () => 'http://127.0.0.1:1/'],
  ['answers 503', () => serveMirror('busy', { kind: 'status', status: 503 })],
  ['breaks each answer off', () => serveMirror('broken', { kind: 'reset' })],
])('a mirror that %s costs no pause while another is up', async (_, first) => {
  const good = serveMirror('good');
  expect(await load({ baseurls: [first(), good] })).toBe(good);
});

test('a mirror that was busy is asked again when no other is up', async () => {
  const busy = serveMirror('busy', { kind: 'status', status: 503 }, { kind: 'good' });
  expect(await load({ baseurls: [busy, `${server.url}/nowhere/`] }, { retryPauseMs: 5 })).toBe(busy);
  expect(requestsOf('/nowhere/repodata/repomd.xml')).toBe(1);
});

/** A label that is longer than names can have is unknown at once, with and without a network. */
const UNKNOWN_HOST = `http://${'x'.repeat(64)}.invalid/`;

test('an unknown host is asked once, with no pause, and another mirror is used', async () => {
  await expect(load({ baseurls: [UNKNOWN_HOST] })).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('has an unknown host name'),
  });
  const good = serveMirror('good');
  expect(await load({ baseurls: [UNKNOWN_HOST, good] })).toBe(good);
});

test('of several repositories that cannot be read the first of the manifest is named, whichever fails first', async () => {
  const repositories = [
    plainRepository('late', [`${server.url}/nowhere/`], {}),
    plainRepository('early', [UNKNOWN_HOST], {}),
    plainRepository('earlier', ['ftp://mirror.example/'], {}),
  ];
  for (let run = 0; run < 5; run++) {
    const http = createHttpClient({ env: {}, retryPauseMs: 60_000, maxPauseMs: 60_000 });
    try {
      const loading = loadPool({ architecture: 's390x', repositories, cacheDir, http, emit: () => {}, offline: false });
      await expect(loading).rejects.toMatchObject({ message: expect.stringContaining('repository late cannot be read') });
    } finally {
      await http.close();
    }
  }
});

test('when all mirrors fail, the error tells of each', async () => {
  const places = { baseurls: [serveMirror('busy', { kind: 'status', status: 503 }), 'http://127.0.0.1:1/'] };
  await expect(load(places, { retryPauseMs: 5 })).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('/busy/repodata/repomd.xml answered 503'),
    details: [expect.stringContaining('http://127.0.0.1:1/repodata/repomd.xml refuses connections')],
  });
});

const metalinkOf = (
  ...baseurls: string[]
): string => `<metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="repomd.xml">
<verification><hash type="sha256">${sha256(REPOMD)}</hash></verification><resources>
${baseurls.map((url, i) => `<url protocol="http" preference="${100 - i}">${url}repodata/repomd.xml</url>`).join('')}
</resources></file></files></metalink>`;

test.each(['metalink', 'mirrorlist'])(
  'a %s is read once, an unchanged one costs an empty answer, and offline it is known',
  async (kind) => {
    const good = serveMirror('good');
    const places = { [kind]: server.serve('/list?repo=baseos', kind === 'metalink' ? metalinkOf(good) : `# mirrors\n${good}\n`) };
    expect(await load(places)).toBe(good);
    const before = server.seen.length;
    expect(await load(places)).toBe(good);
    const again = server.seen.slice(before);
    expect(again.map(({ path }) => path)).toEqual(['/list?repo=baseos', '/good/repodata/repomd.xml']);
    for (const { headers } of again) expect(headers['if-none-match']).toMatch(/^".+"$/);
    expect(await load(places, { offline: true })).toBe(good);
    expect(server.seen).toHaveLength(before + 2);
  },
);

test.each([
  ['with a variable', (url: string) => `# all\n\n${url}/$basearch/\n`],
  ['with a comment behind it', (url: string) => `${url}/s390x/ # fast\r\n`],
  ['with a query', (url: string) => `${url}/s390x?key=1\n`],
  ['of a metalink', (url: string) => metalinkOf(`${url}/$basearch/`)],
])('a line %s in a mirrorlist is understood', async (_, textFor) => {
  serveMirror('s390x');
  for (const [path, bytes] of [...server.files]) server.serve(`${path}?key=1`, bytes);
  expect(await load({ mirrorlist: server.serve('/list', textFor(server.url)) })).toMatch(/\/s390x\/?$/);
});

test('a metalink may name the repository where repomd.xml belongs', async () => {
  const good = serveMirror('good');
  expect(await load({ metalink: server.serve('/list', metalinkOf(good).replace('repodata/repomd.xml', '')) })).toBe(good);
});

test.each(['sha512', 'sha384', 'sha224'])('a metalink that has only %s is checked', async (type) => {
  const good = serveMirror('good');
  const metalink = (bytes: Uint8Array | string): string =>
    metalinkOf(good).replace(/<hash.*<\/hash>/, `<hash type="${type}">${createHash(type).update(bytes).digest('hex')}</hash>`);
  expect(await load({ metalink: server.serve('/list', metalink(REPOMD)) })).toBe(good);
  await expect(load({ metalink: server.serve('/other', metalink('another')) })).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH',
    message: expect.stringContaining('has a repomd.xml that is not in the metalink'),
  });
});

test('offline without a list in the cache is an error that says so', async () => {
  await expect(load({ metalink: `${server.url}/list` }, { offline: true })).rejects.toMatchObject({
    code: 'OFFLINE',
    message: `repository baseos cannot be read: ${server.url}/list is not in the cache`,
  });
});

test.each([
  ['is a web page', 'metalink', '<html></html>', 'METADATA_INVALID', /cannot be read: .*\/list is HTML instead of XML/],
  [
    'is about something else',
    'metalink',
    '<metalink><files><file name="a.iso"/></files></metalink>',
    'METADATA_INVALID',
    /has no entry for repomd\.xml/,
  ],
  ['names no mirror', 'mirrorlist', '<html>\n# nothing\nrsync://old/\n', 'NETWORK', /^repository baseos has no mirror$/],
])('a list that %s is an error that names the repository', async (_, kind, content, code, message) => {
  await expect(load({ [kind]: server.serve('/list', content) })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
