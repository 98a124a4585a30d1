import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { download } from '../../src/net/download.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { type Behaviour, type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { baseosRepodata } from '../helpers/fixtures.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const CONTENT = Buffer.from(createHash('sha512').update('rpm').digest('hex').repeat(2000));
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const RETRIES = { retries: 2, retryPauseMs: 5, maxPauseMs: 50 };
/** Only for faults that are times: on a busy machine any answer takes longer than this. */
/** Longer than a loaded machine takes for an answer that is good. */
const SHORT_TIMES = { headersTimeoutMs: 1000, bodyTimeoutMs: 1000 };
const TIME_FAULTS: ReadonlySet<string> = new Set(['stalled body', 'very slow body', 'slow headers']);

type Outcome = 'survived' | 'NETWORK' | 'DIGEST_MISMATCH';

/** The first column of docs/reliability.md: what a mirror does, and how it ends where there is no other mirror. */
const FAULTS: Readonly<Record<string, { readonly behaviours: readonly Behaviour[] | 'no server'; readonly alone: Outcome }>> = {
  'connection refused': { behaviours: 'no server', alone: 'NETWORK' },
  'reset in the middle': { behaviours: [{ kind: 'reset' }, { kind: 'good' }], alone: 'survived' },
  'reset every time': { behaviours: [{ kind: 'reset', share: 0.1 }], alone: 'NETWORK' },
  'stalled body': { behaviours: [{ kind: 'stall' }, { kind: 'good' }], alone: 'survived' },
  'very slow body': { behaviours: [{ kind: 'drip' }], alone: 'NETWORK' },
  'slow headers': { behaviours: [{ kind: 'slow-headers' }], alone: 'NETWORK' },
  '404': { behaviours: [{ kind: 'status', status: 404 }], alone: 'NETWORK' },
  '416': { behaviours: [{ kind: 'reset' }, { kind: 'status', status: 416 }, { kind: 'good' }], alone: 'survived' },
  '429 with Retry-After': {
    behaviours: [{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }, { kind: 'good' }],
    alone: 'survived',
  },
  '500, then good': { behaviours: [{ kind: 'status', status: 500 }, { kind: 'good' }], alone: 'survived' },
  '503 for ever': { behaviours: [{ kind: 'status', status: 503 }], alone: 'NETWORK' },
  'announced length is wrong': { behaviours: [{ kind: 'wrong-length' }], alone: 'NETWORK' },
  'wrong content': { behaviours: [{ kind: 'wrong-content' }], alone: 'DIGEST_MISMATCH' },
  'more than there should be': { behaviours: [{ kind: 'longer' }], alone: 'DIGEST_MISMATCH' },
  'web page with status 200': { behaviours: [{ kind: 'html' }], alone: 'DIGEST_MISMATCH' },
  'redirect loop': { behaviours: [{ kind: 'redirect', to: '' }], alone: 'NETWORK' },
  'closed after each answer': { behaviours: [{ kind: 'closes' }], alone: 'survived' },
  'gzip on the wire': { behaviours: [{ kind: 'gzip-on-the-wire' }], alone: 'survived' },
};

let server: FaultyServer;
let patient: HttpClient;
let hasty: HttpClient;
beforeAll(async () => {
  server = await startFaultyServer();
  patient = createHttpClient({ env: {}, ...RETRIES });
  hasty = createHttpClient({ env: {}, ...RETRIES, ...SHORT_TIMES });
});
afterAll(async () => {
  await Promise.all([patient.close(), hasty.close()]);
  await server.close();
});

let files = 0;
function emptyFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'rpm-deps-')), String(files++));
}

function place(name: string): string {
  const { behaviours } = FAULTS[name]!;
  if (behaviours === 'no server') return 'http://127.0.0.1:1/x';
  return server.serve(`/${name.replaceAll(' ', '-')}`, CONTENT, ...behaviours);
}

const clientFor = (name: string): HttpClient => (TIME_FAULTS.has(name) ? hasty : patient);

describe.each(Object.entries(FAULTS))('%s', (name, { alone }) => {
  test(`alone: ${alone}`, async () => {
    const path = emptyFile();
    const file = { what: 'acl.rpm', urls: [place(name)], checksum: { type: 'sha256', value: SHA256 }, size: CONTENT.length };
    const error = await download(file, path, { http: clientFor(name) }).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (alone === 'survived') {
      expect(error).toBeUndefined();
      expect(readFileSync(path).equals(CONTENT)).toBe(true);
    } else {
      expect(error).toBeInstanceOf(RpmDepsError);
      expect(error).toMatchObject({ code: alone, message: expect.stringContaining('acl.rpm') });
      // What is kept for the next run is right as far as it goes.
      if (alone === 'NETWORK') expect(CONTENT.subarray(0, readFileSync(path).length).equals(readFileSync(path))).toBe(true);
      else expect(readFileSync(path)).toHaveLength(0);
    }
  });

  test('with another mirror: survived', async () => {
    const path = emptyFile();
    const urls = [place(name), server.serve('/another', CONTENT)];
    await download({ what: 'acl.rpm', urls, checksum: { type: 'sha256', value: SHA256 }, size: CONTENT.length }, path, {
      http: clientFor(name),
    });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });

  test('where the size is not known, no wrong byte is accepted either', async () => {
    const path = emptyFile();
    const urls = [place(name), server.serve('/another', CONTENT)];
    await download({ what: 'acl.rpm', urls, checksum: { type: 'sha256', value: SHA256 } }, path, { http: clientFor(name) });
    expect(readFileSync(path).equals(CONTENT)).toBe(true);
  });
});

const REPODATA = baseosRepodata();
let mirrors = 0;

/** A mirror of a small repository, one file of which it serves so. Returns its base URL. */
function serveMirror(file: string, behaviours: readonly Behaviour[] | 'no server'): string {
  if (behaviours === 'no server') return 'http://127.0.0.1:1/';
  const base = `/mirror-${mirrors++}`;
  for (const name of readdirSync(REPODATA))
    server.serve(`${base}/repodata/${name}`, readFileSync(join(REPODATA, name)), ...(name.includes(file) ? behaviours : []));
  return `${server.url}${base}/`;
}

/** Reads the repository from the first of these mirrors that has it whole. */
async function readFrom(http: HttpClient, ...baseurls: readonly string[]): Promise<Outcome | 'METADATA_INVALID'> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-'));
  try {
    const repositories = [plainRepository('baseos', baseurls)];
    const pool = await loadPool({ architecture: 's390x', repositories, cacheDir, http, emit: () => {}, offline: false });
    expect(pool.end).toBeGreaterThan(10);
    return 'survived';
  } catch (error) {
    if (error instanceof RpmDepsError) return error.code as Outcome;
    throw error;
  }
}

describe.each(Object.entries(FAULTS))('metadata: %s', (name, { behaviours, alone }) => {
  test(`in primary.xml, alone: ${alone}`, async () => {
    expect(await readFrom(clientFor(name), serveMirror('primary', behaviours))).toBe(alone);
  });

  // Nothing vouches for repomd.xml but its signature: what is no wrong answer to HTTP shows in what it says.
  test(`in repomd.xml, alone: ${alone === 'DIGEST_MISMATCH' ? 'METADATA_INVALID' : alone}`, async () => {
    expect(await readFrom(clientFor(name), serveMirror('repomd.xml', behaviours))).toBe(
      alone === 'DIGEST_MISMATCH' ? 'METADATA_INVALID' : alone,
    );
  });

  test.each(['primary', 'repomd.xml'])('in %s, with another mirror: survived', async (file) => {
    expect(await readFrom(clientFor(name), serveMirror(file, behaviours), serveMirror('nothing', []))).toBe('survived');
  });
});

test('the table in docs/reliability.md lists exactly these faults, with these ends', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
  const table = text.slice(text.indexOf('| fault |'), text.indexOf('\n\n', text.indexOf('| fault |')));
  const rows = table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(Object.fromEntries(rows.map(([, fault, , end]) => [fault, end]))).toEqual(
    Object.fromEntries(Object.entries(FAULTS).map(([name, { alone }]) => [name, alone])),
  );
});
