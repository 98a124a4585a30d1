import { expect, test } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import { faultyClient, QUICK } from '../helpers/faulty-client.ts';

/** Only where a time is what is tested: on a busy machine any answer takes longer than this. */
const SHORT_TIMES = { connectTimeoutMs: 300, headersTimeoutMs: 300, bodyTimeoutMs: 300 };
const faulty = faultyClient();

test.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])(
  '%s may name a proxy as host and port, or with a path that nobody needs',
  async (name) => {
    faulty.server.serve('http://mirror.invalid/y', 'through the proxy');
    for (const proxy of [faulty.server.url.replace('http://', ''), `${faulty.server.url}/a%/?x#y`]) {
      const client = createHttpClient({ env: { [name]: proxy }, ...QUICK });
      expect(await faulty.read('http://mirror.invalid/y', client)).toBe('through the proxy');
      await client.close();
    }
  },
);

test.each(['::::', 'ftp://proxy', 'http://ann:s3cret@/'])('the proxy `%s` is refused as a mistake of usage', async (proxy) => {
  const client = createHttpClient({ env: { http_proxy: proxy }, ...QUICK });
  const failure = await client.request('http://mirror.invalid/').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^the proxy .* in http_proxy is not a usable/) });
  expect(String(failure)).not.toContain('s3cret');
  await client.close();
});

test('a proxy for http: is none for https:', async () => {
  const client = createHttpClient({ env: { http_proxy: faulty.server.url }, ...QUICK });
  const before = faulty.server.seen.length;
  await expect(client.request('https://127.0.0.1:1/')).rejects.toMatchObject({
    message: expect.stringContaining('refuses connections'),
    hint: expect.not.stringContaining('proxy'),
  });
  expect(faulty.server.seen).toHaveLength(before);
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
  faulty.server.serve('http://mirror.invalid/x', 'through the proxy');
  const client = createHttpClient({ env: { http_proxy: faulty.server.url, NO_PROXY: 'direct.invalid' }, ...QUICK });
  expect(await faulty.read('http://mirror.invalid/x', client)).toBe('through the proxy');
  await expect(faulty.read('http://direct.invalid/x', client)).rejects.toMatchObject({ code: 'NETWORK' });
  await client.close();
});

test.each(['http', 'https'])('a proxy that is not there ends %s requests in bounded time', async (scheme) => {
  const proxy = 'http://127.0.0.1:1';
  const client = createHttpClient({ env: { http_proxy: proxy, https_proxy: proxy }, ...QUICK, ...SHORT_TIMES });
  await expect(client.request(`${scheme}://mirror.invalid/`)).rejects.toMatchObject({ code: 'NETWORK' });
  await client.close();
});

test('a proxy that refuses to tunnel ends a request in bounded time', async () => {
  const client = createHttpClient({ env: { https_proxy: faulty.server.url }, ...QUICK, ...SHORT_TIMES });
  await expect(client.request('https://mirror.invalid/')).rejects.toMatchObject({ code: 'NETWORK' });
  await client.close();
});
