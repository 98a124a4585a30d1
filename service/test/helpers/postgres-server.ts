import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const DEBIAN = '/usr/lib/postgresql';

/** Programs of the newest PostgreSQL of this machine; undefined where there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const newest = readdirSync(DEBIAN)
    .map(Number)
    .sort((a, b) => b - a)[0];
  const folder = join(DEBIAN, String(newest), 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : undefined;
}

export interface PostgresServer {
  /** Of a database without any tables. */
  readonly url: string;
  newDatabase(): Promise<string>;
  /** As `kill -9` of a power cut does to it, or in order. */
  stop(mode?: 'immediate' | 'fast'): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** A server of the test on a free port, run by a user without rights: PostgreSQL refuses to run as root. */
export async function postgresServer(): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed');
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-pg-'));
  const owner = process.getuid?.() === 0 ? { uid: numberOf('u'), gid: numberOf('g') } : {};
  if ('uid' in owner) {
    chownSync(directory, owner.uid!, owner.gid!);
    chmodSync(directory, 0o700);
  }
  const env = { PATH: `${programs}:/usr/bin:/bin`, LC_ALL: 'C.UTF-8' };
  const data = join(directory, 'data');
  const run = (program: string, args: readonly string[]): string =>
    execFileSync(join(programs, program), args, { ...owner, env, cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  run('initdb', ['--pgdata', data, '--username', 'rpmdeps', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8']);
  const port = await freePort();
  const address = `postgres://rpmdeps@127.0.0.1:${port}`;
  const psql = (text: string): string =>
    run('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'rpmdeps', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-Atqc', text]);
  let child: ChildProcess | undefined;
  let databases = 0;
  const start = async (): Promise<void> => {
    child = spawn(
      join(programs, 'postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-c', 'max_connections=60'],
      { ...owner, env, stdio: 'ignore' },
    );
    for (let i = 0; ; i++) {
      try {
        psql('select 1');
        return;
      } catch (error) {
        if (i > 150) throw error;
        await sleep(200);
      }
    }
  };
  const stop = async (mode: 'immediate' | 'fast' = 'fast'): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  };
  await start();
  const newDatabase = async (): Promise<string> => {
    const name = `service${++databases}`;
    psql(`create database ${name}`);
    return `${address}/${name}`;
  };
  return {
    url: await newDatabase(),
    newDatabase,
    stop,
    start,
    remove: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const numberOf = (kind: 'u' | 'g'): number => Number(execFileSync('id', [`-${kind}`, 'postgres'], { encoding: 'utf8' }));

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
