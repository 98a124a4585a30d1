import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const OS = '9-stream/BaseOS/s390x/os/repodata';
const repomdOf = (mirror: string): Buffer => readFileSync(fixture(`${mirror}/${OS}/repomd.xml`));
const OLD = repomdOf('mirror');
const NEW = repomdOf('mirror-next');

let server: FaultyServer;
let cacheDir: string;
beforeEach(async () => {
  server = await startFaultyServer();
  cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-mirrors-'));
});
afterEach(() => server.close());

/** A mirror of the repository as it was at one time. Returns its base URL. */
function serveMirror(name: string, mirror: string, ...repomd: readonly Behaviour[]): string {
  for (const file of readdirSync(fixture(`${mirror}/${OS}`)))
    server.serve(`/${name}/repodata/${file}`, readFileSync(fixture(`${mirror}/${OS}/${file}`)));
  server.serve(`/${name}/repodata/repomd.xml`, repomdOf(mirror), ...repomd);
  return `${server.url}/${name}/`;
}

function dropFiles(name: string, type: string): void {
  for (const path of server.files.keys()) if (path.startsWith(`/${name}/repodata/`) && path.includes(type)) server.files.delete(path);
}

async function load(baseurls: readonly string[], more: { metalink?: string } = {}): Promise<string> {
  const http = createHttpClient({ env: {}, retries: 1, retryPauseMs: 5 });
  const repository = plainRepository('baseos', baseurls, { metalink: more.metalink });
  const pool = await loadPool({ architecture: 's390x', repositories: [repository], cacheDir, http, emit: () => {}, offline: false });
  await http.close();
  expect(pool.end).toBeGreaterThan(1);
  return pool.repos[0]!.repomdSha256;
}

/** The first column of the second table in docs/reliability.md. */
const FAULTS: Readonly<Record<string, () => Promise<string | { code: string }>>> = {
  'repomd.xml is replaced between two requests': () =>
    load([serveMirror('a', 'mirror-next', { kind: 'instead', content: OLD }, { kind: 'good' })]),
  'repomd.xml in the cache is older than the files': async () => {
    const mirror = serveMirror('a', 'mirror');
    expect(await load([mirror])).toBe(sha256(OLD));
    for (const path of [...server.files.keys()]) server.files.delete(path);
    return load([serveMirror('a', 'mirror-next')]);
  },
  'a stale mirror among several, files gone': () => {
    const stale = serveMirror('stale', 'mirror');
    dropFiles('stale', 'primary');
    return load([stale, serveMirror('good', 'mirror-next')]);
  },
  'a stale mirror among several, with a metalink': () => {
    const bases = [serveMirror('stale', 'mirror'), serveMirror('good', 'mirror-next')];
    const urls = bases.map((base, i) => `<url protocol="http" preference="${100 - i}">${base}repodata/repomd.xml</url>`);
    const hash = `<verification><hash type="sha256">${sha256(NEW)}</hash></verification>`;
    const metalink = `<metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="repomd.xml">${hash}<resources>${urls.join('')}</resources></file></files></metalink>`;
    return load([], { metalink: server.serve('/metalink', metalink) });
  },
  'a file of the metadata has other content on one mirror': () => {
    const bad = serveMirror('bad', 'mirror-next');
    for (const [path, content] of server.files) if (path.includes('primary')) server.serve(path, content, { kind: 'wrong-content' });
    return load([bad, serveMirror('good', 'mirror-next')]);
  },
  'a file that repomd.xml names is on no mirror': () => {
    const mirror = serveMirror('a', 'mirror-next');
    dropFiles('a', 'primary');
    return load([mirror]).catch((error: { code: string }) => error);
  },
  'a web page in place of repomd.xml': () =>
    load([serveMirror('a', 'mirror-next', { kind: 'html' })]).catch((error: { code: string }) => error),
};

const docs = readFileSync(resolve(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
const rows = docs
  .slice(docs.indexOf('| fault of metadata |'))
  .split('\n\n')[0]!
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the table in docs/reliability.md lists exactly these', () => {
  expect(rows.map(([, fault]) => fault)).toEqual(Object.keys(FAULTS));
});

test.each(rows.map(([, fault, , end]) => [fault!, end!]))('%s: %s', async (fault, end) => {
  const outcome = await FAULTS[fault]!();
  if (end === 'survived') expect(outcome).toBe(sha256(NEW));
  else expect(outcome).toMatchObject({ code: end });
});
