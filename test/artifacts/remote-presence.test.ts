import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isPresent } from '../../src/artifacts/remote-presence.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';

const RPM = readFileSync(fixture('rpms/right-key.rpm'));
const sha256 = createHash('sha256').update(RPM).digest('hex');
const HELLO = { name: 'hello', epoch: '0', version: '1.0', release: '1.el9', arch: 'x86_64', filename: 'hello.rpm' };
const file = { sha256, size: RPM.length, expected: [HELLO] };
const http = createHttpClient({ env: {}, retries: 0 });

const others = Buffer.from(RPM);
others.fill(0x2a, 200);
const lastByte = Buffer.from(RPM);
lastByte[RPM.length - 1] = lastByte[RPM.length - 1]! ^ 1;

describe.each([true, false])('a server that knows ranges: %s', (ranges) => {
  let server: FaultyServer;
  beforeAll(async () => {
    server = await startFaultyServer({ ranges });
  });
  afterAll(() => server.close());
  beforeEach(() => server.files.clear());
  const present = (url: string, isThorough = false): Promise<boolean> => isPresent(url, file, { http, isThorough });

  test('has the file', async () => {
    const url = server.serve('/x', RPM);
    expect([await present(url), await present(url, true)]).toEqual([true, true]);
  });

  test('has not got it', async () => {
    expect(await present(`${server.url}/nothing`)).toBe(false);
  });

  test('answers 200 with a page to everything', async () => {
    const url = server.serve('/x', RPM, { kind: 'html' });
    expect([await present(url), await present(url, true)]).toEqual([false, false]);
  });

  test('has other bytes of the same length', async () => {
    const url = server.serve('/x', others);
    expect([await present(url), await present(url, true)]).toEqual([false, false]);
  });

  test('has one other byte at the end, which only reading it all shows', async () => {
    expect(await present(server.serve('/x', lastByte), true)).toBe(false);
  });

  test('does not answer HEAD', async () => {
    const url = server.serve('/x', RPM, { kind: 'status', status: 405 }, { kind: 'good' });
    expect(await present(url)).toBe(true);
  });
});

test.each([
  [RPM, true],
  [others, false],
])('a server that compresses on the way: %#', async (content, found) => {
  const server = createServer((_, response) => {
    const packed = gzipSync(content);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  expect([await isPresent(url, file, { http }), await isPresent(url, file, { http, isThorough: true })]).toEqual([found, found]);
  server.closeAllConnections();
  server.close();
});

describe('a server that sends the part that was asked for', () => {
  const answers = async (content: Buffer, expected = [HELLO]): Promise<boolean> => {
    const ranges: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(200, { 'content-length': content.length }).end();
      ranges.push(request.headers.range);
      response.writeHead(206, { 'content-range': `bytes 0-${content.length - 1}/${content.length}` }).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    const found = await isPresent(url, { ...file, expected }, { http });
    server.closeAllConnections();
    server.close();
    expect(ranges).toEqual(['bytes=0-65535']);
    return found;
  };

  test('has the package', async () => {
    expect(await answers(RPM)).toBe(true);
  });
  test('has another package of that length', async () => {
    expect(await answers(RPM, [{ ...HELLO, version: '2.0' }])).toBe(false);
  });
  test('has something else of that length', async () => {
    expect(await answers(Buffer.alloc(RPM.length, 'x'))).toBe(false);
  });
});

test.each([
  ['repr-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`],
  ['digest', `SHA-256=${Buffer.from(sha256, 'hex').toString('base64')}`],
  ['x-checksum-sha256', sha256.toUpperCase()],
])('a digest header shows without reading that the file is there: %s', async (name, value) => {
  const server = await startFaultyServer();
  const url = server.serve('/x', RPM, { kind: 'status', status: 200, headers: { [name]: value } });
  expect(await isPresent(url, file, { http, isThorough: true })).toBe(true);
  expect(server.seen.map(({ method }) => method)).toEqual(['HEAD']);
  await server.close();
});

test.each([
  ['its digest', { 'x-checksum-sha256': '0'.repeat(64) }],
  ['its length', { 'content-length': '0' }],
])('a server that is wrong about %s is asked for the file, and what it sends decides', async (_, headers) => {
  let sent: Buffer = RPM;
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, headers).end();
    else if (request.headers.range === undefined) response.end(sent);
    else response.writeHead(206, { 'content-range': `bytes 0-${sent.length - 1}/${sent.length}` }).end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  for (const [content, found] of [[RPM, true] as const, [lastByte, false] as const]) {
    sent = content;
    expect(await isPresent(url, file, { http })).toBe(found);
  }
  server.closeAllConnections();
  server.close();
});
