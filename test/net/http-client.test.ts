import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redact } from '../../src/base/redact.ts';
import { collectBytes } from '../../src/io/bytes.ts';
import { parseRetryAfter } from '../../src/net/failures.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { etagOf, type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';

const QUICK = { retries: 2, retryPauseMs: 5, maxPauseMs: 50 };
/** Only where a time is what is tested: on a busy machine any answer takes longer than this. */
const SHORT_TIMES = { connectTimeoutMs: 300, headersTimeoutMs: 300, bodyTimeoutMs: 300 };
const CONTENT = createHash('sha512').update('x').digest('hex').repeat(4000);

let server: FaultyServer;
let http: HttpClient;
beforeAll(async () => {
  server = await startFaultyServer();
  http = createHttpClient({ env: {}, ...QUICK });
});
afterAll(async () => {
  await http.close();
  await server.close();
});

async function read(url: string, client = http): Promise<string> {
  const { body } = await client.request(url);
  return Buffer.from(await collectBytes(body, 1e8)).toString();
}

describe('bodies', () => {
  test('a broken connection is taken up where it broke off', async () => {
    const url = server.serve('/resume', CONTENT, { kind: 'reset' }, { kind: 'good' });
    expect(await read(url)).toBe(CONTENT);
    const [, second] = server.seen.filter(({ path }) => path === '/resume');
    expect(second?.headers['range']).toBe(`bytes=${CONTENT.length / 2}-`);
    expect(second?.headers['if-range']).toBe(etagOf(Buffer.from(CONTENT)));
  });

  test('a server without ranges and validators sends all again, and what is known is compared', async () => {
    const plain = await startFaultyServer({ etags: false, ranges: false });
    const url = plain.serve('/a', CONTENT, { kind: 'reset' }, { kind: 'good' });
    expect(await read(url)).toBe(CONTENT);
    await plain.close();
  });

  test('a file that is replaced between two parts is refused, not glued together', async () => {
    const plain = await startFaultyServer({ etags: false, ranges: false });
    const url = plain.serve('/a', CONTENT, { kind: 'reset' }, { kind: 'wrong-content' });
    await expect(read(url)).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('was replaced by another file') });
    await plain.close();
  });

  test('compression for the way comes off', async () => {
    expect(await read(server.serve('/repomd.xml', CONTENT, { kind: 'gzip-on-the-wire' }))).toBe(CONTENT);
  });

  test('a gzip file that is labelled as encoded stays as it is', async () => {
    const zipped = gzipSync(CONTENT);
    const { body } = await http.request(server.serve('/primary.xml.gz', zipped, { kind: 'mislabelled-gzip' }));
    expect(Buffer.from(await collectBytes(body, 1e8)).equals(zipped)).toBe(true);
  });

  test('a gzip file that is compressed once more for the way loses only that', async () => {
    const zipped = gzipSync(CONTENT);
    const { body } = await http.request(server.serve('/twice.xml.gz', zipped, { kind: 'gzip-on-the-wire' }));
    expect(Buffer.from(await collectBytes(body, 1e8)).equals(zipped)).toBe(true);
  });
});

test.each([
  ['/primary.xml.xz', 'xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1]],
  ['/primary.xml.bz2', 'x-bzip2', [0x42, 0x5a, 0x68, 1]],
  ['/primary.xml.zst', 'zstd', [0x28, 0xb5, 0x2f, 0xfd, 1]],
  ['/tool.rpm', 'xz', [0xed, 0xab, 0xee, 0xdb]],
])('%s stays as it is though its server calls it %s-encoded', async (path, as, bytes) => {
  const { body } = await http.request(server.serve(path, Uint8Array.from(bytes), { kind: 'encoded', as }));
  expect([...(await collectBytes(body, 10))]).toEqual(bytes);
});

test('what a server packed for the way with zstd is opened', async () => {
  // zstd -c of `hello`
  const packed = Buffer.from('28b52ffd0458290000' + '68656c6c6f' + 'a36d9f88', 'hex');
  const { body } = await http.request(server.serve('/primary.xml', packed, { kind: 'encoded', as: 'zstd' }));
  expect(Buffer.from(await collectBytes(body, 10)).toString()).toBe('hello');
});

describe('Retry-After', () => {
  const NOW = Date.UTC(2025, 0, 13, 9, 0, 0);
  test.each([
    ['1', 1000],
    ['0', 0],
    ['99999999999999999999', 1e23],
    ['Mon, 13 Jan 2025 09:00:30 GMT', 30_000],
    ['Mon, 13 Jan 2025 08:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %s is %s ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  test.each(['3600', '999999999999', 'Mon, 01 Jan 2990 00:00:00 GMT'])('of %s is not waited for again and again', async (value) => {
    const url = server.serve(`/wait-${value.length}`, 'x', { kind: 'status', status: 429, headers: { 'retry-after': value } });
    const before = server.seen.length;
    await expect(http.request(url)).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringMatching(/429 and asks to wait for/) });
    expect(server.seen.length - before).toBe(2);
  });
});

test('after a time-out it is tried once more, and no oftener', async () => {
  const client = createHttpClient({ env: {}, ...QUICK, retries: 4, headersTimeoutMs: 200 });
  const url = server.serve('/late', 'x', { kind: 'slow-headers' });
  const before = server.seen.length;
  await expect(client.request(url)).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('in time') });
  expect(server.seen.length - before).toBe(2);
  await client.close();
});

describe('what is sent', () => {
  test('user and password of a URL log in, and are in no message', async () => {
    server.serve('/login', 'x', { kind: 'status', status: 403 });
    const failure = await http.request(`${server.url.replace('//', '//ann:s3cret@')}/login?token=abc`).catch((error: unknown) => error);
    expect(server.seen.at(-1)?.headers['authorization']).toBe(`Basic ${btoa('ann:s3cret')}`);
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/s3cret|abc/);
  });

  test.each([
    ['http://ann:s3cret@host/a', 'http://host/a'],
    ['http://ann:s3@cret@host/a@b?c=d', 'http://host/a@b?...'],
    ['https://host/a@b', 'https://host/a@b'],
    ['https://host?u=a@b', 'https://host?...'],
  ])('%s is shown as %s', (url, shown) => {
    expect(redact(url)).toBe(shown);
  });

  test('a login is found in the netrc file', async () => {
    const netrc = join(mkdtempSync(join(tmpdir(), 'rpm-deps-')), 'netrc');
    writeFileSync(netrc, 'machine other login no password no\nmachine 127.0.0.1\n  login bob\n  password hush\n');
    const client = createHttpClient({ env: { NETRC: netrc }, ...QUICK });
    await read(server.serve('/netrc', 'x'), client);
    expect(server.seen.at(-1)?.headers['authorization']).toBe(`Basic ${btoa('bob:hush')}`);
    await client.close();
  });

  test('the login of a URL survives a redirect on its own server, and goes to no other', async () => {
    const other = await startFaultyServer();
    const target = other.serve('/there', 'x');
    server.serve('/away', '', { kind: 'redirect', to: target });
    server.serve('/new', 'x');
    server.serve('/old', '', { kind: 'redirect', to: '/new' });
    for (const path of ['/old', '/away']) await read(`${server.url.replace('//', '//ann:s3cret@')}${path}`, http);
    const basic = `Basic ${btoa('ann:s3cret')}`;
    expect(server.seen.slice(-3).map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/old', basic],
      ['/new', basic],
      ['/away', basic],
    ]);
    expect(other.seen[0]?.headers['authorization']).toBeUndefined();
    await other.close();
  });

  test('a token does not follow a redirect to another server', async () => {
    const other = await startFaultyServer();
    const target = other.serve('/there', 'x');
    server.serve('/here', '', { kind: 'redirect', to: target });
    const { body } = await http.request(`${server.url}/here`, { headers: { Authorization: 'Bearer t' } });
    await collectBytes(body, 10);
    expect(server.seen.at(-1)?.headers['authorization']).toBe('Bearer t');
    expect(other.seen[0]?.headers['authorization']).toBeUndefined();
    await other.close();
  });

  test.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])('%s may name a proxy as host and port', async (name) => {
    server.serve('http://mirror.invalid/y', 'through the proxy');
    const client = createHttpClient({ env: { [name]: server.url.replace('http://', '') }, ...QUICK });
    expect(await read('http://mirror.invalid/y', client)).toBe('through the proxy');
    await client.close();
  });

  test.each(['::::', 'ftp://proxy', 'http://ann:s3cret@/'])('the proxy `%s` is refused as a mistake of usage', async (proxy) => {
    const client = createHttpClient({ env: { http_proxy: proxy }, ...QUICK });
    const failure = await client.request('http://mirror.invalid/').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^the proxy .* in http_proxy is not a usable/) });
    expect(String(failure)).not.toContain('s3cret');
    await client.close();
  });

  test('a proxy for http: is none for https:', async () => {
    const client = createHttpClient({ env: { http_proxy: server.url }, ...QUICK });
    const before = server.seen.length;
    await expect(client.request('https://127.0.0.1:1/')).rejects.toMatchObject({
      message: expect.stringContaining('refuses connections'),
      hint: expect.not.stringContaining('proxy'),
    });
    expect(server.seen).toHaveLength(before);
    await client.close();
  });

  test('a proxy that is down is named, without its password', async () => {
    const client = createHttpClient({ env: { http_proxy: 'http://ann:s3cret@127.0.0.1:1' }, ...QUICK });
    await expect(client.request('http://mirror.invalid/')).rejects.toMatchObject({
      code: 'NETWORK',
      hint: expect.stringContaining('the proxy http://127.0.0.1:1,'),
    });
    await client.close();
  });

  test('requests go through the proxy of the environment', async () => {
    server.serve('http://mirror.invalid/x', 'through the proxy');
    const client = createHttpClient({ env: { http_proxy: server.url, NO_PROXY: 'direct.invalid' }, ...QUICK });
    expect(await read('http://mirror.invalid/x', client)).toBe('through the proxy');
    await expect(read('http://direct.invalid/x', client)).rejects.toMatchObject({ code: 'NETWORK' });
    await client.close();
  });
});

describe('limits', () => {
  test.each(['http', 'https'])('a proxy that is not there ends %s requests in bounded time', async (scheme) => {
    const proxy = 'http://127.0.0.1:1';
    const client = createHttpClient({ env: { http_proxy: proxy, https_proxy: proxy }, ...QUICK, ...SHORT_TIMES });
    await expect(client.request(`${scheme}://mirror.invalid/`)).rejects.toMatchObject({ code: 'NETWORK' });
    await client.close();
  });

  test('a proxy that refuses to tunnel ends a request in bounded time', async () => {
    const client = createHttpClient({ env: { https_proxy: server.url }, ...QUICK, ...SHORT_TIMES });
    await expect(client.request('https://mirror.invalid/')).rejects.toMatchObject({ code: 'NETWORK' });
    await client.close();
  });

  test('a redirect to a file of this machine is refused', async () => {
    const url = server.serve('/to-file', '', { kind: 'redirect', to: 'file:///etc/passwd' });
    await expect(http.request(url)).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('redirects to file:') });
  });

  test('offline forbids the network and not files', async () => {
    const offline = createHttpClient({ env: {}, offline: true });
    await expect(offline.request('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(await read(pathToFileURL(import.meta.filename).href, offline)).toContain('offline forbids');
  });

  test.each([
    ['a folder', pathToFileURL(tmpdir()).href, 'is not a file'],
    ['a missing file', 'file:///nowhere/at/all', 'does not exist'],
    ['a file URL of another host', 'file://host/x', 'not the URL of a file'],
  ])('%s is not found', async (_, url, message) => {
    await expect(http.request(url)).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining(message),
      data: { status: 404 },
    });
  });

  test('a raised signal ends a request, a body and a pause at once', async () => {
    for (const kind of ['slow-headers', 'stall'] as const) {
      const controller = new AbortController();
      const client = createHttpClient({ env: {}, signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      await expect(read(server.serve(`/abort-${kind}`, CONTENT, { kind }), client)).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await client.close();
    }
    const controller = new AbortController();
    const client = createHttpClient({ env: {}, signal: controller.signal, retryPauseMs: 60_000, maxPauseMs: 60_000 });
    setTimeout(() => controller.abort(), 50);
    await expect(read(server.serve('/abort-pause', '', { kind: 'status', status: 503 }), client)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    await client.close();
  });

  test('what is under way when the client is closed ends at once', async () => {
    const client = createHttpClient({ env: {}, retryPauseMs: 60_000, maxPauseMs: 60_000 });
    const pausing = read(server.serve('/closed-pause', '', { kind: 'status', status: 503 }), client);
    const reading = read(server.serve('/closed-stall', CONTENT, { kind: 'stall' }), client);
    setTimeout(() => void client.close(), 50);
    await expect(pausing).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  test('Retry-After is obeyed within limits', async () => {
    const url = server.serve('/busy', 'x', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }, { kind: 'good' });
    expect(await read(url)).toBe('x');
  });
});
