import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import { isPrivateAddress, type NetworkPolicy } from '../../src/net/network-policy.ts';

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::7f00:1',
  '::127.0.0.1',
  '::ffff:0:7f00:1',
  '2001:0:7f00:1::',
])('%s is no public address', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each(['8.8.8.8', '172.32.0.1', '1.1.1.1', '2606:4700::1111', '2001:4860:4860::8888', '::ffff:8.8.8.8', 'example.com'])(
  '%s is not private',
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);

let redirect = '';
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  if (request.url === '/away') response.writeHead(302, { location: redirect }).end();
  else response.end('content');
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

async function read(url: string, policy: NetworkPolicy): Promise<string> {
  const http = createHttpClient({ env: {}, policy, retries: 0 });
  try {
    const { body } = await http.request(url);
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } finally {
    await http.close();
  }
}

test('a configured server is read, whatever its address', async () => {
  expect(await read(`${origin}/a`, { origins: [origin], publicHosts: false })).toBe('content');
});

test('any other is refused before it is contacted', async () => {
  asked.length = 0;
  for (const publicHosts of [true, false]) {
    await expect(read(`${origin}/a`, { origins: ['http://127.0.0.1:1'], publicHosts })).rejects.toMatchObject({ code: 'HOST_REFUSED' });
    await expect(read(origin.replace('127.0.0.1', 'localhost'), { origins: [origin], publicHosts })).rejects.toMatchObject({
      code: 'HOST_REFUSED',
    });
  }
  await expect(read('file:///etc/passwd', { origins: [origin], publicHosts: true })).rejects.toMatchObject({ code: 'HOST_REFUSED' });
  expect(asked).toEqual([]);
});

test.each([
  'http://127.0.0.1:1/',
  'http://[::1]:1/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:10.0.0.1]/',
])('a redirect to %s is not followed', async (location) => {
  redirect = location;
  await expect(read(`${origin}/away`, { origins: [origin], publicHosts: true })).rejects.toMatchObject({ code: 'HOST_REFUSED' });
});

test('a name with a private address is not connected to', async () => {
  // Names below localhost always mean this machine, and the system resolves its own name to itself.
  redirect = 'http://localhost:1/';
  await expect(read(`${origin}/away`, { origins: [origin], publicHosts: true })).rejects.toMatchObject({ code: 'HOST_REFUSED' });
});
