import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RpmDepsError } from 'rpm-deps';
import { expect, onTestFinished, test } from 'vitest';
import { type ConfigFile, readConfigFile } from '../../src/config/config-file.ts';

async function read(text: string): Promise<ConfigFile | string> {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-config-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'service.yaml');
  writeFileSync(path, text);
  try {
    return await readConfigFile(path);
  } catch (error) {
    const { code, details } = error as RpmDepsError;
    return `${code} ${details.join('\n').replaceAll(`${directory}/`, '')}`;
  }
}

test.each([
  ['limit: {}\n', '1: unknown key `limit`; did you mean `limits`?'],
  ['# one\nlimits:\n  specs: 5\n  body_byte: 5\n', '4: `limits`: unknown key `body_byte`; did you mean `body_bytes`?'],
  ['limits: { specs: 5000000 }\n', '1: `limits.specs`: must be <= 10000'],
  ['git: https://github.com/\n', '1: `git`: must be an array'],
  [
    'network:\n  origins:\n    - https://a.example\n    - mirror.internal\n',
    '4: `network.origins.1`: must be a server such as `https://mirror.example.com`, or a folder such as `file:///srv/rpms`',
  ],
  ['anonymous: [write]\n', '1: `anonymous.0`: must be one of read, resolve, operate, admin'],
  ['credentials:\n  bot: { github_app: 5 }\n', '2: `credentials.bot`: must be either `{file: PATH}` or `{env: VARIABLE}`'],
  ['credentials:\n  bot: { file: /a, env: B }\n', '2: `credentials.bot`: must be either `{file: PATH}` or `{env: VARIABLE}`'],
  ['credentials: { bot: { fil: /a } }\n', '1: `credentials.bot`: must be either `{file: PATH}`'],
  ['archive: { credentials: a }\n', '1: `archive`: lacks the key `to`'],
  [
    'login:\n  issuer: https://sso.example\n  client_id: x\n',
    '1: `login` needs `public_url`, to which the provider sends people: `public_url: https://rpm.example.com`',
  ],
  ...['https://', 'https://rpm.example.com/prefix', 'https://a:b@rpm.example.com', 'rpm.example.com'].map((url): [string, string] => [
    `public_url: ${url}\n`,
    '1: `public_url`: must be a URL without a path, such as `https://rpm.example.com`',
  ]),
  ['listen: a:1\n---\nlisten: b:1\n', '2: a second YAML document begins here'],
  ['git: [a]\ngit: [b]\n', '2: Map keys must be unique'],
  ['git:\n  - https://a.example/\n bad\n', '3: '],
  ['- a\n', '1: must be an object'],
  ['limits: &a { specs: 5 }\njobs: *a\n', '1: aliases (`*name`) are not allowed'],
])('a mistake is named with its file and line, and with what to write: %j', async (text, expected) => {
  expect(await read(text)).toContain(`USAGE service.yaml:${expected}`);
});

test('an empty file is no configuration, and a file that is not there is said so', async () => {
  expect(await read('')).toEqual({});
  expect(await read('# nothing\n')).toEqual({});
  await expect(readConfigFile('/nonexistent/service.yaml')).rejects.toMatchObject({
    message: 'cannot read the configuration `/nonexistent/service.yaml`: it does not exist',
  });
});
