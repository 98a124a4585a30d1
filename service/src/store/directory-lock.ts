/**
 * A directory for one process: whoever listens on the socket in it has it. Other than a file with a process id this holds in containers, where
 * every process is number 1, and other than a time stamp it holds while a process is busy. A killed process leaves a socket that nobody
 * listens on, which is taken over by renaming, so that of two that find it one gets it.
 */
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { RpmDepsError } from 'rpm-deps';

const NAME = 'lock';
/** A socket's path may have 107 bytes: longer ones go through the descriptor of the directory. */
const MAX_PATH = 100;
/** Somebody who listens and does not answer is busy, not gone. */
const ANSWER_MS = 2000;

/** Folder of the database within the directory that is locked. */
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
      const holder = await ask(path(NAME));
      if (holder !== undefined) throw held(directory, holder);
      moveAway(path(NAME), path(`${NAME}.${process.pid}.${attempt}.old`));
    }
    throw held(directory, 'another process');
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** undefined where there is such a file already. */
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

/** Who listens: its process id, or words for one that does not answer; undefined if no process does. */
function ask(path: string): Promise<string | undefined> {
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
    // Somebody else was faster; the next attempt shows who.
  }
}

function held(directory: string, holder: string): RpmDepsError {
  return new RpmDepsError('DATABASE', `\`${directory}\` is in use by ${holder}`, {
    hint: 'stop that process, use another directory, or share PostgreSQL with --database',
  });
}
