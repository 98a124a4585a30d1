/**
 * Locks a directory for one process: the process that listens on the socket in it. Unlike a file with a process id this works in containers, where
 * every process has the id 1, and unlike a time stamp it works while a process is busy. A killed process leaves an unused socket, which
 * another process takes over by renaming it, so that only one succeeds.
 */
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { RpmDepsError } from 'rpm-deps';

const NAME = 'lock';
/** Paths of sockets are limited to 107 bytes: longer ones are opened through the descriptor of the directory. */
const MAX_PATH = 100;
/** Milliseconds to wait for a response; a process that listens but does not respond is busy, not gone. */
const ANSWER_MS = 2000;

/** Database directory within the locked directory. */
export const databaseDirectory = (data: string): string => join(data, 'database');

export interface DirectoryLock {
  release(): Promise<void>;
}

export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const descriptor = openSync(directory, 'r');
  const isLong = Buffer.byteLength(join(directory, NAME)) > MAX_PATH && process.platform === 'linux';
  const path = (name: string): string => join(isLong ? `/proc/self/fd/${descriptor}` : directory, name);
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      const server = await listen(path(NAME));
      if (server !== undefined) {
        return {
          release: async () => {
            await new Promise((done) => server.close(done));
            closeSync(descriptor);
          },
        };
      }
      const holder = await holderOf(path(NAME));
      if (holder !== undefined) throw held(directory, holder);
      moveAway(path(NAME), path(`${NAME}.${process.pid}.${attempt}.old`));
    }
    throw held(directory, 'another process');
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** undefined if the file already exists. */
function listen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.end(`${process.pid}\n`));
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** The listening process: its id, or a description if it does not respond; undefined if there is none. */
function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(path);
    socket.setTimeout(ANSWER_MS, () => {
      socket.destroy();
      resolve('a process that does not respond');
    });
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('end', () => resolve(`process ${said.trim() || 'without a name'}`));
    socket.on('error', () => resolve(undefined));
  });
}

function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to);
    rmSync(to, { force: true });
  } catch {
    // Another process was faster; the next attempt finds it.
  }
}

function held(directory: string, holder: string): RpmDepsError {
  return new RpmDepsError('DATABASE', `\`${directory}\` is in use by ${holder}`, {
    hint: 'stop that process, use another directory, or share PostgreSQL with --database',
  });
}
