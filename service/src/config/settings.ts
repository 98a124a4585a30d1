import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Manifest, type NetworkPolicy, RpmDepsError } from 'rpm-deps';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { networkPolicy } from './network.ts';

/** Default time limit of one solve. */
export const SOLVE_SECONDS = 30;

type Role = 'all' | 'web' | 'worker';

/** Options that `rpm-deps serve` passes to `start`. */
export interface ServeOptions {
  /** Empty to run the service, or another action: `token create`, `backup FILE`, ... */
  readonly words: readonly string[];
  readonly data: string | undefined;
  /** `postgres://...`; use the environment variable RPM_DEPS_DATABASE to keep a password out of the list of processes. */
  readonly database: string | undefined;
  /** `HOST:PORT`; port 0 selects any free port. */
  readonly listen: string | undefined;
  readonly role: string | undefined;
  /** Path of a configuration file. */
  readonly config: string | undefined;
  /** Manifest whose repositories are the sources of the service. */
  readonly sources: Manifest;
  readonly cacheDir: string | undefined;
  /** Name of a token to create. */
  readonly name: string | undefined;
  readonly scopes: readonly string[];
  readonly days: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Prints a result: the line on stdout, or with `--json` the data (lockfiles/schemas/serve.schema.json). */
  readonly result: (data: ServeResult, line: string) => void;
  /** Writes a line of the log to stderr. */
  readonly log: (line: string) => void;
}

/** Keys as `--json` prints them. */
interface ServeResult {
  readonly url?: string;
  readonly role?: Role;
  readonly tokens?: readonly Readonly<Record<string, unknown>>[];
  readonly id?: string;
  readonly token?: string;
  readonly revoked?: string;
  readonly file?: string;
  readonly rows?: number;
}

export interface Settings {
  readonly role: Role;
  readonly host: string;
  readonly port: number;
  readonly data: string | undefined;
  readonly database: string | undefined;
  readonly sources: Manifest;
  readonly cacheDir: string;
  /** Clones of projects, and other files that can be created again. */
  readonly workDir: string;
  readonly network: NetworkPolicy;
  readonly file: ConfigFile;
  readonly solverThreads: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function readSettings(options: ServeOptions): Promise<Settings> {
  const { cwd, env, sources } = options;
  const file = await readConfigFile(options.config === undefined ? undefined : resolve(cwd, options.config));
  const database = options.database ?? (options.data === undefined ? env['RPM_DEPS_DATABASE'] || undefined : undefined);
  const role = asRole(options.role ?? 'all');
  if (options.data === undefined && database === undefined) {
    throw new RpmDepsError('USAGE', 'serve needs --data DIR or --database URL', {
      hint: '`rpm-deps serve --data ./service` runs everything in one process; --database names a PostgreSQL server for several',
    });
  }
  if (database === undefined && role !== 'all') {
    throw new RpmDepsError('USAGE', `--role ${role} needs --database: a directory is for one process`, {
      hint: 'several processes need PostgreSQL',
    });
  }
  if (database !== undefined && !(/^postgres(?:ql)?:\/\//.test(database) && URL.canParse(database))) {
    throw new RpmDepsError('USAGE', '--database is not a URL of PostgreSQL', {
      hint: 'such as `postgres://user@host/database`; in a password, encode special characters, such as `/` as `%2F`',
    });
  }
  const data = options.data === undefined ? undefined : resolve(cwd, options.data);
  const cacheDir = options.cacheDir ?? (data === undefined ? resolve(cwd, 'rpm-deps-cache') : join(data, 'cache'));
  return {
    ...readListen(options.listen ?? file.listen ?? '127.0.0.1:8080'),
    role,
    data: database === undefined ? data : undefined,
    database,
    sources,
    cacheDir,
    workDir: data === undefined ? join(cacheDir, 'work') : join(data, 'work'),
    network: networkPolicy(sources, file),
    file,
    solverThreads: file.solver_threads ?? Math.min(4, Math.max(1, availableParallelism())),
    env,
  };
}

function asRole(text: string): Role {
  if (text === 'all' || text === 'web' || text === 'worker') return text;
  throw new RpmDepsError('USAGE', `--role is one of all, web, worker, not \`${text}\``);
}

function readListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:\s]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new RpmDepsError('USAGE', `the address to listen on, \`${text}\`, is not HOST:PORT`, {
      hint: 'such as `127.0.0.1:8080` or `[::1]:8080`',
    });
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
}
