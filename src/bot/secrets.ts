import { readFile } from 'node:fs/promises';
import { SECRET_VARIABLES } from '../forge/token.ts';
import { mapTexts } from './map-texts.ts';

/** Secret values of the environment and of the files that it names, as they are and as git sends them: no output may contain them. */
export async function secretsOf(env: Readonly<Record<string, string | undefined>>): Promise<Set<string>> {
  const secrets = new Set<string>();
  for (const name of SECRET_VARIABLES) addSecret(secrets, env[name]);
  for (const name of ['RPM_DEPS_TOKEN_FILE', 'RPM_DEPS_GITHUB_APP_KEY_FILE']) {
    // The code that uses the file reports why it cannot be read.
    if (env[name]) addSecret(secrets, await readFile(env[name], 'utf8').catch(() => undefined));
  }
  return secrets;
}

/** Skips short values, which would also remove harmless words from texts. */
export function addSecret(secrets: Set<string>, value: string | undefined): void {
  const text = value?.trim() ?? '';
  if (text.length < 6) return;
  secrets.add(text);
  for (const user of ['x-access-token', 'oauth2']) secrets.add(Buffer.from(`${user}:${text}`).toString('base64'));
}

/** Plain data with secrets removed from all texts. */
export function redactSecrets<T>(value: T, secrets: ReadonlySet<string>): T {
  if (secrets.size === 0) return value;
  return mapTexts(value, (text) => [...secrets].reduce((shown, secret) => shown.replaceAll(secret, '***'), text));
}
