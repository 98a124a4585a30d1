import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type SmallRepository, writeRepository } from './small-mirror.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON. */
  readonly json: unknown;
}

export interface CliWorld {
  readonly cwd: string;
  readonly env?: Record<string, string | undefined>;
  readonly signal?: AbortSignal;
  /** Default: the clock of this machine. */
  readonly now?: () => Date;
}

export interface CliProject {
  readonly directory: string;
  readonly env: Record<string, string | undefined>;
  /** Runs the program here, in this process. */
  run(...argv: readonly string[]): Promise<Ran>;
  write(path: string, text: string): void;
  read(path: string): string;
  readLock(name: string): Lockfile;
  /** Names, versions and architectures in a lock, such as `acl-2.3.1-4.el9.s390x`. */
  locked(name: string): string[];
  /** Writes packages into `mirror/ARCH`. */
  mirror(architecture: string, lines: readonly string[], options?: SmallRepository): void;
  /** Every file with its content, but for the cache and the mirror. */
  files(): Record<string, string>;
}

const MANIFEST = `architectures: [x86_64, s390x]
repositories:
  - { id: base, baseurl: $mirror/$basearch }
`;

/** A project in a temporary directory with a mirror of its own, until the test ends; `sets` is the rest of the manifest. */
export function cliProject(sets = ''): CliProject {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-cli-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  if (sets !== '') write('rpm-packages.yaml', `${MANIFEST}${sets}`);
  const env: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: directory,
    RPM_DEPS_CACHE_DIR: join(directory, '.cache'),
    RPM_DEPS_MIRROR: `file://${directory}/mirror`,
  };
  const read = (path: string): string => readFileSync(join(directory, path), 'utf8');
  const readLock = (name: string): Lockfile => JSON.parse(read(`rpm-lockfiles/${name}.lock.json`)) as Lockfile;
  return {
    directory,
    env,
    run: (...argv) => runCli(argv, { cwd: directory, env }),
    write,
    read,
    readLock,
    locked: (name) =>
      readLock(name).packages.map(
        (lockedPackage) => `${lockedPackage.name}-${lockedPackage.version}-${lockedPackage.release}.${lockedPackage.arch}`,
      ),
    mirror: (architecture, lines, options) => writeRepository(join(directory, 'mirror', architecture), lines, options),
    files: () =>
      Object.fromEntries(
        readdirSync(directory, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
          .filter((path) => !/^(\.cache|mirror|\.git)\//.test(path))
          .sort()
          .map((path) => [path, read(path)]),
      ),
  };
}

export async function runCli(
  argv: readonly string[],
  { cwd, env = {}, signal = new AbortController().signal, now }: CliWorld,
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const { exitCode } = await main({ argv, env, cwd: () => cwd, stdout: output('stdout'), stderr: output('stderr'), signal, now });
  return {
    exitCode,
    ...written,
    get json(): unknown {
      return JSON.parse(written.stdout);
    },
  };
}
