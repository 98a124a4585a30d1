import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCredentials } from '../../src/forge/token.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-token-'));

test('a file comes before the variables, and its line end is not part of the token', async () => {
  const file = join(directory, 'token');
  writeFileSync(file, 'from-file\n');
  expect(await readCredentials('github', { RPM_DEPS_TOKEN_FILE: file, GITHUB_TOKEN: 'x' })).toEqual({
    kind: 'token',
    token: 'from-file',
    origin: 'RPM_DEPS_TOKEN_FILE',
  });
});

test('each forge has its own variable, and one for all', async () => {
  expect(await readCredentials('github', { GITLAB_TOKEN: 'l', GITHUB_TOKEN: 'h' })).toMatchObject({ token: 'h' });
  expect(await readCredentials('gitlab', { GITLAB_TOKEN: 'l', GITHUB_TOKEN: 'h' })).toMatchObject({ token: 'l' });
  expect(await readCredentials('gitea', { FORGEJO_TOKEN: 'f', GITHUB_TOKEN: 'h' })).toMatchObject({ token: 'f' });
  for (const name of ['GITEA_ACTIONS', 'FORGEJO_ACTIONS'])
    expect(await readCredentials('gitea', { [name]: 'true', GITHUB_TOKEN: 'h' })).toMatchObject({ token: 'h' });
  expect(await readCredentials('gitea', { RPM_DEPS_TOKEN: 'r', GITEA_TOKEN: 'g' })).toMatchObject({ token: 'r' });
});

test('without a token the message names what to set', async () => {
  await expect(readCredentials('gitlab', { GITHUB_TOKEN: 'h' })).rejects.toMatchObject({
    code: 'FORGE_DENIED',
    hint: expect.stringContaining('GITLAB_TOKEN'),
  });
  // A token of GitHub is for no other server.
  await expect(readCredentials('gitea', { GITHUB_TOKEN: 'h' })).rejects.toMatchObject({ hint: expect.stringContaining('GITEA_TOKEN') });
  await expect(readCredentials('github', { RPM_DEPS_TOKEN_FILE: join(directory, 'none') })).rejects.toMatchObject({ code: 'FORGE_DENIED' });
  await expect(readCredentials('github', { RPM_DEPS_GITHUB_APP_ID: '1' })).rejects.toMatchObject({ code: 'FORGE_DENIED' });
});

test('a token that no header can carry is refused without being quoted', async () => {
  const error: Error = await readCredentials('github', { GITHUB_TOKEN: 'secret\r\nX-Other: 1' }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'FORGE_DENIED' });
  expect(error.message).not.toContain('secret');
});
