/** Secrets for forges: only from the environment, or from a file that it names. */
import { readFile } from 'node:fs/promises';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { ForgeKind, GitLogin } from './forge.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type Credentials =
  | { readonly kind: 'token'; readonly token: string; readonly origin: string }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string };

/** In order of precedence, after `RPM_DEPS_TOKEN_FILE` and `RPM_DEPS_TOKEN`. */
const TOKEN_VARIABLES: Readonly<Record<ForgeKind, readonly string[]>> = {
  github: ['GITHUB_TOKEN', 'GH_TOKEN'],
  gitlab: ['GITLAB_TOKEN'],
  gitea: ['GITEA_TOKEN', 'FORGEJO_TOKEN'],
};

/** Variables whose values must not reach a manifest, a child process other than git's own login, or any output. */
export const SECRET_VARIABLES: readonly string[] = [
  ...new Set(Object.values(TOKEN_VARIABLES).flat()),
  'RPM_DEPS_TOKEN',
  'GERRIT_TOKEN',
  'RPM_DEPS_GITHUB_APP_KEY',
  'RPM_DEPS_ARCHIVE_TOKEN',
  'CI_JOB_TOKEN',
];

/** Throws FORGE_DENIED if there are no credentials. */
export async function readCredentials(kind: ForgeKind, env: Environment): Promise<Credentials> {
  const appId = env['RPM_DEPS_GITHUB_APP_ID'];
  if (kind === 'github' && appId) {
    const file = env['RPM_DEPS_GITHUB_APP_KEY_FILE'];
    const privateKey = env['RPM_DEPS_GITHUB_APP_KEY'] || (file ? await readSecret(file, 'RPM_DEPS_GITHUB_APP_KEY_FILE') : '');
    if (privateKey !== '') return { kind: 'app', appId, privateKey };
    throw new RpmDepsError('FORGE_DENIED', 'RPM_DEPS_GITHUB_APP_ID is set, but the key of the App is missing', {
      hint: 'set RPM_DEPS_GITHUB_APP_KEY_FILE to the file of its private key',
    });
  }
  const file = env['RPM_DEPS_TOKEN_FILE'];
  if (file) return { kind: 'token', token: checked(await readSecret(file, 'RPM_DEPS_TOKEN_FILE'), file), origin: 'RPM_DEPS_TOKEN_FILE' };
  // Jobs of Gitea have their token in GitHub's variable. In other jobs that variable contains a token for GitHub, which no other server may get.
  const isJobOfGitea = kind === 'gitea' && [env['GITEA_ACTIONS'], env['FORGEJO_ACTIONS']].includes('true');
  const names = ['RPM_DEPS_TOKEN', ...TOKEN_VARIABLES[kind], ...(isJobOfGitea ? ['GITHUB_TOKEN'] : [])];
  const origin = names.find((name) => (env[name] ?? '').trim() !== '');
  if (origin !== undefined) return { kind: 'token', token: checked(env[origin]!, origin), origin };
  throw new RpmDepsError('FORGE_DENIED', 'no token: no variable that can contain one is set', {
    hint: `set ${names[1]} or RPM_DEPS_TOKEN_FILE; \`--dry-run\` and \`--forge none\` need no token`,
  });
}

/** Credentials of Gerrit's REST API; undefined if no user is named. */
export async function gerritLogin(env: Environment): Promise<GitLogin | undefined> {
  const user = env['GERRIT_USER'];
  if (!user) return undefined;
  const file = env['RPM_DEPS_TOKEN_FILE'];
  const password = file
    ? await readSecret(file, 'RPM_DEPS_TOKEN_FILE')
    : [env['RPM_DEPS_TOKEN'], env['GERRIT_TOKEN']].find((text) => (text ?? '').trim() !== '');
  if (password !== undefined) return { user, password: checked(password, file ?? 'GERRIT_TOKEN') };
  throw new RpmDepsError('FORGE_DENIED', 'GERRIT_USER is set, but its HTTP password is missing', {
    hint: 'set RPM_DEPS_TOKEN_FILE or GERRIT_TOKEN to the HTTP password of that user',
  });
}

async function readSecret(path: string, variable: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new RpmDepsError('FORGE_DENIED', `the file that ${variable} names cannot be read: \`${printable(path)}\`: ${code}`, {
      hint: `check ${variable}, and who may read the file`,
      cause,
    });
  }
}

/** Checked here, because the error of the HTTP client would contain an invalid token. */
function checked(text: string, origin: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new RpmDepsError('FORGE_DENIED', `the token in ${printable(origin)} is empty, or has characters that are not allowed in a token`);
}
