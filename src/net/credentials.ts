import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decoded } from '../base/redact.ts';

/** Login headers for a server: user and password from the URL, or from ~/.netrc (or $NETRC). Never printed, never stored. */
export async function credentialsFor(url: string, env: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>> {
  const { username, password, hostname } = new URL(url);
  if (username !== '') return basic(decoded(username), decoded(password));
  const entry = (await netrc(env)).get(hostname);
  return entry === undefined ? {} : basic(entry.login, entry.password);
}

/** The login of the repository; a login in the URL overrides it. */
export function ownLogin(
  url: string,
  access: { readonly username?: string | undefined; readonly password?: string | undefined } | undefined,
) {
  if (access?.username === undefined || new URL(url).username !== '') return undefined;
  return basic(access.username, access.password ?? '');
}

interface Login {
  readonly login: string;
  readonly password: string;
}

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const READ = new Map<string, Promise<ReadonlyMap<string, Login>>>();

function netrc(env: Readonly<Record<string, string | undefined>>): Promise<ReadonlyMap<string, Login>> {
  const path = env['NETRC'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.netrc'));
  if (path === undefined) return Promise.resolve(new Map());
  let read = READ.get(path);
  if (read === undefined) {
    read = readFile(path, 'utf8').then(parseNetrc, () => new Map<string, Login>());
    READ.set(path, read);
  }
  return read;
}

/** `machine HOST login USER password SECRET`, in any layout; macros are ignored. */
function parseNetrc(text: string): ReadonlyMap<string, Login> {
  const words = text
    .replace(/^\s*#.*$/gm, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const machines = new Map<string, Login>();
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== 'machine') continue;
    const host = words[i + 1] ?? '';
    const found: Record<string, string> = {};
    for (let k = i + 2; k + 1 < words.length && words[k] !== 'machine' && words[k] !== 'default'; k += 2) found[words[k]!] = words[k + 1]!;
    if (found['login'] !== undefined) machines.set(host, { login: found['login'], password: found['password'] ?? '' });
  }
  return machines;
}
