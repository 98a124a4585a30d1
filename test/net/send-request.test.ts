import { expect, test } from 'vitest';
import { collectBytes } from '../../src/io/bytes.ts';
import { faultyClient } from '../helpers/faulty-client.ts';
import { startFaultyServer } from '../helpers/faulty-server.ts';

const faulty = faultyClient();

test('the login of a URL survives a redirect on its own server, and goes to no other', async () => {
  const other = await startFaultyServer();
  const target = other.serve('/there', 'x');
  faulty.server.serve('/away', '', { kind: 'redirect', to: target });
  faulty.server.serve('/new', 'x');
  faulty.server.serve('/old', '', { kind: 'redirect', to: '/new' });
  for (const path of ['/old', '/away']) await faulty.read(`${faulty.server.url.replace('//', '//ann:s3cret@')}${path}`);
  const basic = `Basic ${btoa('ann:s3cret')}`;
  expect(faulty.server.seen.slice(-3).map(({ path, headers }) => [path, headers['authorization']])).toEqual([
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
  faulty.server.serve('/here', '', { kind: 'redirect', to: target });
  const { body } = await faulty.http.request(`${faulty.server.url}/here`, { headers: { Authorization: 'Bearer t' } });
  await collectBytes(body, 10);
  expect(faulty.server.seen.at(-1)?.headers['authorization']).toBe('Bearer t');
  expect(other.seen[0]?.headers['authorization']).toBeUndefined();
  await other.close();
});
