import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import { faultyClient } from '../helpers/faulty-client.ts';

const faulty = faultyClient();

test('offline forbids the network and not files', async () => {
  const offline = createHttpClient({ env: {}, offline: true });
  await expect(offline.request('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(await faulty.read(pathToFileURL(import.meta.filename).href, offline)).toContain('offline forbids');
});

test.each([
  ['a folder', pathToFileURL(tmpdir()).href, 'is not a file'],
  ['a missing file', 'file:///nowhere/at/all', 'does not exist'],
  ['a file URL of another host', 'file://host/x', 'not the URL of a file'],
])('%s is not found', async (_, url, message) => {
  await expect(faulty.http.request(url)).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining(message),
    data: { status: 404 },
  });
});
