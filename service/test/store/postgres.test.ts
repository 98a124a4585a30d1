import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgres } from '../../src/store/postgres.ts';

test('a connection that breaks off is a database that is away, whatever is asked: the driver gives such errors no code', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const database = openPostgres(`postgres://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/none`, () => undefined);
  onTestFinished(async () => {
    await database.close();
    server.close();
  });
  const away = { code: 'DATABASE', message: expect.stringContaining('Connection terminated') };
  await expect(database.query('select 1')).rejects.toMatchObject(away);
  await expect(database.execute('select 1')).rejects.toMatchObject(away);
  await expect(database.transaction(({ query }) => query('select 1'))).rejects.toMatchObject(away);
});
