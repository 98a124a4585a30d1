import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findLogin } from '../../src/installed/registry-login.ts';

const signal = new AbortController().signal;
const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

function home(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-login-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), JSON.stringify(content));
  }
  return directory;
}

test("a login for a namespace goes before the registry's, and podman's before docker's", async () => {
  const directory = home({
    'run/containers/auth.json': { auths: { 'quay.example/me': auth('me:1'), 'quay.example': auth('all:2') } },
    '.docker/config.json': { auths: { 'quay.example': auth('docker:3'), 'https://other.example/v1/': auth('old:4') } },
  });
  const env = { HOME: directory, XDG_RUNTIME_DIR: join(directory, 'run') };
  expect(await findLogin('quay.example', 'me/app', { env, signal })).toMatchObject({ user: 'me', password: '1' });
  expect(await findLogin('quay.example', 'you/app', { env, signal })).toMatchObject({ user: 'all' });
  expect(await findLogin('other.example', 'app', { env, signal })).toMatchObject({ user: 'old' });
  expect(await findLogin('none.example', 'app', { env, signal })).toBeUndefined();
});

test('the login of Docker Hub is found under its old address', async () => {
  const directory = home({ '.docker/config.json': { auths: { 'https://index.docker.io/v1/': auth('hub:1') } } });
  const env = { HOME: directory, XDG_RUNTIME_DIR: join(directory, 'run') };
  expect(await findLogin('docker.io', 'me/app', { env, signal })).toMatchObject({ user: 'hub' });
});
