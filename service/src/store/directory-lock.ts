/**
 * Locks a directory for one process: the process that listens on the socket in it. Unlike a file with a process id this works in containers, where
 * every process has the id 1, and unlike a time stamp it works while a process is busy. A killed process leaves an unused socket; exactly
 * one of the processes that find it removes it.
 */
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { RpmDepsError } from 'rpm-deps';

const NAME = 'lock';
/** Paths of sockets are limited to 107 bytes: longer ones are opened through the descriptor of the directory. */
const MAX_PATH = 100;
/** Milliseconds to wait for a response; a process that listens but does not respond is busy, not gone. */
const ANSWER_MS = 2000;
/** Far longer than the removal of a file takes. */
const CLAIM_MS = 10_000;

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
      const looked = identityOf(path(NAME));
      const holder = await holderOf(path(NAME));
      if (holder !== undefined) throw held(directory, holder);
      if (looked !== undefined) removeOnce(path(NAME), looked);
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

/** A later file of the same path has another identity, even if it gets the same inode number. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.ino}-${found.ctimeNs}`;
}

/** Removes an unused socket, but not a newer one: the process that creates the claim file may remove it, after another look. */
function removeOnce(path: string, identity: string): void {
  const claim = `${path}.${identity}`;
  try {
    closeSync(openSync(claim, 'wx'));
  } catch {
    // Another process is about to remove it. If that process was killed in between, its claim remains.
    const since = statSync(claim, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > CLAIM_MS) rmSync(claim, { force: true });
    return;
  }
  if (identityOf(path) === identity) rmSync(path, { force: true });
  rmSync(claim, { force: true });
}

function held(directory: string, holder: string): RpmDepsError {
  return new RpmDepsError('DATABASE', `\`${directory}\` is in use by ${holder}`, {
    hint: 'stop that process, use another directory, or share PostgreSQL with --database',
  });
}
