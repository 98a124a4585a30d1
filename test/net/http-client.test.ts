import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import { faultyClient, QUICK } from '../helpers/faulty-client.ts';

const CONTENT = createHash('sha512').update('x').digest('hex').repeat(4000);
const faulty = faultyClient();

/** Once the server has the request. */
const asked = (path: string): Promise<unknown> =>
  vi.waitUntil(() => faulty.server.seen.some((request) => request.path === path), { timeout: 60_000 });

test.each(['3600', '999999999999', 'Mon, 01 Jan 2990 00:00:00 GMT'])(
  'Retry-After of %s is not waited for again and again',
  async (value) => {
    const url = faulty.server.serve(`/wait-${value.length}`, 'x', { kind: 'status', status: 429, headers: { 'retry-after': value } });
    const before = faulty.server.seen.length;
    await expect(faulty.http.request(url)).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(/429 and asks to wait for/),
    });
    expect(faulty.server.seen.length - before).toBe(2);
  },
);

test('after a time-out it is tried once more, and no oftener', async () => {
  const client = createHttpClient({ env: {}, ...QUICK, retries: 4, headersTimeoutMs: 200 });
  const url = faulty.server.serve('/late', 'x', { kind: 'slow-headers' });
  const before = faulty.server.seen.length;
  await expect(client.request(url)).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('in time') });
  expect(faulty.server.seen.length - before).toBe(2);
  await client.close();
});

test('a redirect to a file of this machine is refused', async () => {
  const url = faulty.server.serve('/to-file', '', { kind: 'redirect', to: 'file:///etc/passwd' });
  await expect(faulty.http.request(url)).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('redirects to file:') });
});

test('a raised signal ends a request, a body and a pause at once', async () => {
  for (const kind of ['slow-headers', 'stall'] as const) {
    const controller = new AbortController();
    const client = createHttpClient({ env: {}, signal: controller.signal });
    void asked(`/abort-${kind}`).then(() => controller.abort());
    await expect(faulty.read(faulty.server.serve(`/abort-${kind}`, CONTENT, { kind }), client)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    await client.close();
  }
  const controller = new AbortController();
  const client = createHttpClient({ env: {}, signal: controller.signal, retryPauseMs: 60_000, maxPauseMs: 60_000 });
  void asked('/abort-pause').then(() => controller.abort());
  await expect(faulty.read(faulty.server.serve('/abort-pause', '', { kind: 'status', status: 503 }), client)).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
  await client.close();
});

test('what is under way when the client is closed ends at once', async () => {
  const client = createHttpClient({ env: {}, retryPauseMs: 60_000, maxPauseMs: 60_000 });
  const pausing = faulty.read(faulty.server.serve('/closed-pause', '', { kind: 'status', status: 503 }), client);
  const reading = faulty.read(faulty.server.serve('/closed-stall', CONTENT, { kind: 'stall' }), client);
  await Promise.all([asked('/closed-pause'), asked('/closed-stall')]);
  const closing = client.close();
  await expect(pausing).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await closing;
});

test('Retry-After is obeyed within limits', async () => {
  const url = faulty.server.serve('/busy', 'x', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }, { kind: 'good' });
  expect(await faulty.read(url)).toBe('x');
});
