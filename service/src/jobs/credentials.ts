import { readFile } from 'node:fs/promises';
import { RpmDepsError } from 'rpm-deps';
import type { ConfigFile } from '../config/config-file.ts';

/** The secret that a project names. Only the names are in the database. */
export async function readSecret(
  { credentials = {} }: ConfigFile,
  name: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (name === null) return undefined;
  const place = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (place === undefined) {
    throw new RpmDepsError('USAGE', `the configuration has no credentials \`${name}\``, {
      hint: `add \`credentials: {${name}: {file: PATH}}\``,
    });
  }
  const text = place.file === undefined ? env[place.env ?? ''] : await readFile(place.file, 'utf8').catch(() => undefined);
  const secret = text?.trim();
  if (secret === undefined || secret === '') {
    throw new RpmDepsError('USAGE', `the credentials \`${name}\` are empty or cannot be read`, {
      hint: 'check the file or the variable that they name',
    });
  }
  return secret;
}
