import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeForge } from '../../../test/helpers/fake-forge.ts';
import { startFakeGithub } from '../../../test/helpers/fake-github.ts';
import { readConfigFile } from '../../src/config/config-file.ts';
import { readForgeSecret, readSecret } from '../../src/jobs/credentials.ts';
import { withAppToken } from '../../src/jobs/forge-run.ts';
import type { JobData } from '../../src/jobs/job-messages.ts';

describe('a GitHub App', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-app-'));
  const run = { signal: new AbortController().signal };
  let forge: FakeForge;
  beforeAll(async () => {
    forge = await startFakeGithub();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(directory, 'key.pem'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
    writeFileSync(join(directory, 'token'), 'plain\n');
  });
  afterAll(async () => {
    await forge.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const config = async (text: string) => {
    writeFileSync(join(directory, 'service.yaml'), text);
    return readConfigFile(join(directory, 'service.yaml'));
  };
  const dataWith = (secret: object, kind: string): JobData =>
    ({
      ...secret,
      project: { name: 'tools', clone_url: `https://github.com/${forge.repository}.git`, forge: kind },
      forgeApi: forge.apiUrl,
      forgeRepository: forge.repository,
      cacheDir: join(directory, 'cache'),
    }) as unknown as JobData;

  test('is configured by its number and the place of its key, and a job gets a token for what it does', async () => {
    const file = await config(`credentials: {bot: {github_app: 1234, file: ${join(directory, 'key.pem')}}}`);
    const data = await withAppToken(dataWith(await readForgeSecret(file, 'bot', {}), 'github'), run);
    expect({ secret: data.secret, githubApp: data.githubApp }).toEqual({ secret: forge.token, githubApp: undefined });
    const asked = forge.requests.filter(({ path }) => path.endsWith('/access_tokens'));
    expect(asked.map(({ body }) => body)).toMatchObject([{ permissions: { contents: 'write', checks: 'write' } }]);
  });

  test('is for projects on GitHub, and its key is never sent as a token', async () => {
    const file = await config(`credentials: {bot: {github_app: Iv1.abc, file: ${join(directory, 'key.pem')}}}`);
    await expect(withAppToken(dataWith(await readForgeSecret(file, 'bot', {}), 'gitea'), run)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(readSecret(file, 'bot', {})).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('GitHub App') });
  });

  test('is not what other credentials are: a token stays what it is', async () => {
    const file = await config(`credentials: {bot: {file: ${join(directory, 'token')}}}`);
    const data = await withAppToken(dataWith(await readForgeSecret(file, 'bot', {}), 'gitea'), run);
    expect(data.secret).toBe('plain');
  });

  test('without the place of its key is a mistake in the configuration', async () => {
    await expect(config('credentials: {bot: {github_app: 1234}}')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(config('credentials: {bot: {file: a, env: B}}')).rejects.toMatchObject({ code: 'USAGE' });
  });
});
