import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import { faultyClient, QUICK } from '../helpers/faulty-client.ts';

const faulty = faultyClient();

test('user and password of a URL log in, and are in no message', async () => {
  faulty.server.serve('/login?token=abc', 'x', { kind: 'status', status: 403 });
  const failure = await faulty.http
    .request(`${faulty.server.url.replace('//', '//ann:s3cret@')}/login?token=abc`)
    .catch((error: unknown) => error);
  expect(faulty.server.seen.at(-1)?.headers['authorization']).toBe(`Basic ${btoa('ann:s3cret')}`);
  expect(String(failure)).toContain('/login?... answered 403');
  expect(JSON.stringify(failure) + String(failure)).not.toMatch(/s3cret|abc/);
});

test('a login is found in the netrc file', async () => {
  const netrc = join(mkdtempSync(join(tmpdir(), 'rpm-deps-')), 'netrc');
  writeFileSync(netrc, 'machine other login no password no\nmachine 127.0.0.1\n  login bob\n  password hush\n');
  const client = createHttpClient({ env: { NETRC: netrc }, ...QUICK });
  await faulty.read(faulty.server.serve('/netrc', 'x'), client);
  expect(faulty.server.seen.at(-1)?.headers['authorization']).toBe(`Basic ${btoa('bob:hush')}`);
  await client.close();
});

test.each([
  ['refuses connections', 'http://127.0.0.1:1', {}],
  ['may not be contacted', 'http://10.0.0.1', { policy: { origins: [] as string[], publicHosts: true } }],
])(
  'a login that a server repeats in a redirect to one that %s is in no message, also where nobody filters the output',
  async (_, place, more) => {
    const { url } = faulty.server;
    const origins = [new URL(url).origin];
    const client = createHttpClient({ env: {}, ...QUICK, ...('policy' in more ? { policy: { ...more.policy, origins } } : {}) });
    for (const repeated of ['s3cretPW', btoa('ann:s3cretPW'), 'tokenOfQuery7']) {
      faulty.server.serve('/to?token=tokenOfQuery7', 'x', { kind: 'redirect', to: `${place}/${repeated}/x` });
      const asked = `${url.replace('//', '//ann:s3cretPW@')}/to?token=tokenOfQuery7`;
      const failure = await client.request(asked, { retries: 0 }).catch((error: unknown) => error);
      expect(String(failure)).toContain(`${place}/***/x`);
      expect(JSON.stringify(failure) + String(failure)).not.toContain(repeated);
    }
    await client.close();
  },
);
