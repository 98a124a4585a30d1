import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { faultyClient } from '../helpers/faulty-client.ts';
import { etagOf, startFaultyServer } from '../helpers/faulty-server.ts';

const CONTENT = createHash('sha512').update('x').digest('hex').repeat(4000);
const faulty = faultyClient();

test('a broken connection is taken up where it broke off', async () => {
  const url = faulty.server.serve('/resume', CONTENT, { kind: 'reset' }, { kind: 'good' });
  expect(await faulty.read(url)).toBe(CONTENT);
  const [, second] = faulty.server.seen.filter(({ path }) => path === '/resume');
  expect(second?.headers['range']).toBe(`bytes=${CONTENT.length / 2}-`);
  expect(second?.headers['if-range']).toBe(etagOf(Buffer.from(CONTENT)));
});

test('a server without ranges and validators sends all again, and what is known is compared', async () => {
  const plain = await startFaultyServer({ etags: false, ranges: false });
  const url = plain.serve('/a', CONTENT, { kind: 'reset' }, { kind: 'good' });
  expect(await faulty.read(url)).toBe(CONTENT);
  await plain.close();
});

test('a file that is replaced between two parts is refused, not glued together', async () => {
  const plain = await startFaultyServer({ etags: false, ranges: false });
  const url = plain.serve('/a', CONTENT, { kind: 'reset' }, { kind: 'wrong-content' });
  await expect(faulty.read(url)).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('was replaced by another file'),
  });
  await plain.close();
});
