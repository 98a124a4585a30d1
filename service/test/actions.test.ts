import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifest } from 'rpm-deps';
import { afterAll, expect, test } from 'vitest';
import { start } from '../src/start.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-actions-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function serve(words: readonly string[], given: { readonly name?: string; readonly days?: string } = {}): Promise<unknown> {
  const sources = await parseManifest('{"sets": {"none": {"packages": ["bash"]}}}', 'sources.json', { env: {} });
  return start({
    ...{ words, sources, data: join(directory, 'data'), cwd: directory, env: {}, scopes: ['read'] },
    ...{ name: given.name, days: given.days, signal: new AbortController().signal, result: () => undefined, log: () => undefined },
    ...{ database: undefined, listen: undefined, role: undefined, config: undefined, cacheDir: undefined },
  });
}

test.each([
  [['token', 'make'], {}, 'unknown action `serve token make`'],
  [['backup'], {}, 'unknown action `serve backup`'],
  [['token', 'create'], {}, '`serve token create` needs --name NAME'],
  [['token', 'create'], { name: 'ci', days: 'ten' }, '--days must be a number from 0 to 3650'],
  [['token', 'create'], { name: 'ci', days: '' }, '--days must be a number from 0 to 3650'],
])('%j %j is refused before a database is made', async (words, given, message) => {
  await expect(serve(words, given)).rejects.toMatchObject({ code: 'USAGE', message });
  expect(existsSync(join(directory, 'data'))).toBe(false);
});

test.each([[['backup', 'FILE']], [['token', 'list']], [['token', 'revoke', 'any']]])(
  '%j of a directory without a database is refused',
  async (words) => {
    await expect(serve(words)).rejects.toMatchObject({ code: 'USAGE', message: `there is no database in \`${directory}/data\`` });
    expect(existsSync(join(directory, 'data'))).toBe(false);
  },
);
