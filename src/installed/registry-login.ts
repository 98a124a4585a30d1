/**
 * Logins of `podman login` and `docker login` (containers-auth.json(5)): from their files, and from the credential helpers configured there.
 * A login for `registry/namespace` has precedence over one for `registry`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';

export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
  /** A token that `docker login` stores instead of a password. */
  readonly identityToken?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
interface AuthFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: unknown; readonly identitytoken?: unknown }>>;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
  readonly credsStore?: unknown;
}

const HELPER_TIMEOUT_MS = 20_000;
/** Allowed names of helpers, because the name becomes part of a program name. */
const HELPER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Files of podman and docker, in podman's order. If `REGISTRY_AUTH_FILE` is set, only that file. */
function authFiles(env: Environment): readonly string[] {
  const named = env['REGISTRY_AUTH_FILE'];
  if (named !== undefined && named !== '') return [named];
  const home = env['HOME'];
  return [
    join(env['XDG_RUNTIME_DIR'] ? join(env['XDG_RUNTIME_DIR'], 'containers') : `/run/containers/${process.getuid?.() ?? 0}`, 'auth.json'),
    ...(env['XDG_CONFIG_HOME'] || home ? [join(env['XDG_CONFIG_HOME'] || join(home!, '.config'), 'containers/auth.json')] : []),
    ...(env['DOCKER_CONFIG'] || home ? [join(env['DOCKER_CONFIG'] || join(home!, '.docker'), 'config.json')] : []),
  ];
}

/** The login for a repository of a registry; undefined if there is none. */
export async function findLogin(
  registry: string,
  repository: string,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<RegistryLogin | undefined> {
  for (const path of authFiles(env)) {
    const file = await readAuthFile(path);
    if (file === undefined) continue;
    for (const key of keysFor(registry, repository)) {
      const helper = file.credHelpers?.[key];
      if (typeof helper === 'string') return runHelper(helper, key, { env, signal });
      const entry = file.auths?.[key] ?? file.auths?.[`https://${key}`] ?? file.auths?.[`https://${key}/v1/`];
      const login = entry === undefined ? undefined : decodeEntry(entry, path);
      if (login !== undefined) return login;
    }
    if (typeof file.credsStore === 'string') {
      const login = await runHelper(file.credsStore, registry, { env, signal });
      if (login !== undefined) return login;
    }
  }
  return undefined;
}

/** `registry/a/b/c`, `registry/a/b`, `registry/a`, `registry`. */
function keysFor(registry: string, repository: string): string[] {
  const parts = repository.split('/');
  // `docker login` stores the login of Docker Hub under its old host name.
  const hub = registry === 'docker.io' ? ['index.docker.io'] : [];
  return [...parts.map((_, i) => `${registry}/${parts.slice(0, parts.length - i).join('/')}`), registry, ...hub];
}

async function readAuthFile(path: string): Promise<AuthFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new RpmDepsError('USAGE', `the file of registry logins ${printable(path)} cannot be read: ${code}`, { cause: error });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Fall through: the message of JSON.parse would quote the secret file.
  }
  throw new RpmDepsError('USAGE', `the file of registry logins ${printable(path)} is not valid JSON`, {
    hint: 'log in again with `podman login`, or name another file with REGISTRY_AUTH_FILE',
  });
}

function decodeEntry({ auth, identitytoken }: { auth?: unknown; identitytoken?: unknown }, path: string): RegistryLogin | undefined {
  const identityToken = typeof identitytoken === 'string' && identitytoken !== '' ? identitytoken : undefined;
  if (typeof auth !== 'string' || auth === '') return identityToken === undefined ? undefined : { user: '', password: '', identityToken };
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw new RpmDepsError('USAGE', `the file of registry logins ${printable(path)} has a login that cannot be read`);
  return { user: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, ''), identityToken };
}

/** docker-credential-helpers: `docker-credential-NAME get`, the server on stdin, JSON on stdout; exit 1 if there is no login. */
async function runHelper(
  name: string,
  server: string,
  { env, signal }: { env: Environment; signal: AbortSignal },
): Promise<RegistryLogin | undefined> {
  if (!HELPER.test(name)) throw new RpmDepsError('USAGE', `\`${printable(name.slice(0, 100))}\` cannot be the name of a credential helper`);
  const program = `docker-credential-${name}`;
  const { runProgramForBytes } = await import('../io/run-program.ts');
  const output = await runProgramForBytes(program, ['get'], {
    env,
    input: server,
    signal: AbortSignal.any([signal, AbortSignal.timeout(HELPER_TIMEOUT_MS)]),
    stdoutLimit: 1 << 20,
  }).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    if (error.code === 'ENOENT') throw new RpmDepsError('USAGE', `the credential helper ${program} is not installed`, { cause: error });
    return undefined;
  });
  if (output?.exitCode !== 0) return undefined;
  return readHelperOutput(output.stdout.toString('utf8'), program);
}

function readHelperOutput(text: string, program: string): RegistryLogin | undefined {
  let output: Record<string, unknown>;
  try {
    output = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new RpmDepsError('USAGE', `the credential helper ${program} does not print JSON`);
  }
  const { Username: user, Secret: secret } = output;
  if (typeof secret !== 'string') return undefined;
  return user === '<token>'
    ? { user: '', password: '', identityToken: secret }
    : { user: String(user), password: secret, identityToken: undefined };
}
