import { parseManifest } from 'rpm-deps';
import { expect, test } from 'vitest';
import { readSettings, type ServeOptions, type Settings } from '../../src/config/settings.ts';

const settingsWith = async (given: Partial<ServeOptions>): Promise<Settings> =>
  readSettings({
    ...{ words: [], data: undefined, database: undefined, listen: undefined, role: undefined, config: undefined, cacheDir: undefined },
    ...{ name: undefined, scopes: [], days: undefined, cwd: '/', env: {}, signal: new AbortController().signal },
    ...{ result: () => undefined, log: () => undefined },
    sources: await parseManifest('{"sets": {"a": {"packages": ["bash"]}}}', 'sources.json', { env: {} }),
    ...given,
  });

test.each(['postgres://u:pa/ss#word@127.0.0.1:5432/x', 'postgres://u:secret@127.0.0.1:999999/x', 'mysql://h/x', 'h/x'])(
  'the database %s is no URL of PostgreSQL, and its password is not repeated',
  async (database) => {
    for (const given of [{ database }, { env: { RPM_DEPS_DATABASE: database } }]) {
      const error = await settingsWith(given).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('%2F') });
      expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/secret|ss#word/);
    }
  },
);

test('passwords with encoded characters and sockets are URLs of PostgreSQL', async () => {
  for (const database of ['postgres://u:pa%2Fss%23word@h/x', 'postgresql://%2Frun%2Fpostgresql/x', 'postgres:///x?host=/run/postgresql'])
    expect(await settingsWith({ database })).toMatchObject({ database, data: undefined });
});
