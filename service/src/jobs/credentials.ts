import { readFile } from 'node:fs/promises';
import { RpmDepsError } from 'rpm-deps';
import type { ConfigFile, Credential } from '../config/config-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Credentials of a project for its forge. */
export interface ForgeSecret {
  /** A token, or the private key of an App. */
  readonly secret: string | undefined;
  /** Number or client id of a GitHub App. */
  readonly githubApp: string | undefined;
}

/** The secret of a project by its name. The database contains only the names. */
export async function readForgeSecret(file: ConfigFile, name: string | null, env: Environment): Promise<ForgeSecret> {
  if (name === null) return { secret: undefined, githubApp: undefined };
  const place = placeOf(file, name);
  const githubApp = place.github_app === undefined ? undefined : String(place.github_app);
  return { secret: await readPlace(place, name, env), githubApp };
}

/** A token or password from the configuration. */
export async function readSecret(file: ConfigFile, name: string | null, env: Environment): Promise<string | undefined> {
  if (name === null) return undefined;
  const place = placeOf(file, name);
  // The private key of an App must not be sent to a server as a token.
  if (place.github_app === undefined) return readPlace(place, name, env);
  throw new RpmDepsError('USAGE', `the credentials \`${name}\` are a GitHub App, which only projects can use`, {
    hint: 'name credentials without `github_app`',
  });
}

function placeOf({ credentials = {} }: ConfigFile, name: string): Credential {
  const place = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (place !== undefined) return place;
  throw new RpmDepsError('USAGE', `the configuration has no credentials \`${name}\``, {
    hint: `add \`credentials: {${name}: {file: PATH}}\``,
  });
}

async function readPlace({ file, env: variable }: Credential, name: string, env: Environment): Promise<string> {
  const text = file === undefined ? env[variable ?? ''] : await readFile(file, 'utf8').catch(() => undefined);
  const secret = text?.trim();
  if (secret !== undefined && secret !== '') return secret;
  throw new RpmDepsError('USAGE', `the credentials \`${name}\` are empty or cannot be read`, {
    hint: 'check the file or the variable that they name',
  });
}
