import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RpmDepsError } from '../base/errors.ts';
import { writeFailed } from './atomic-file.ts';
import { makeFolders } from './make-folders.ts';
import { isAbandoned, thisWriter } from './writer.ts';

const POLL_MS = 50;
const MAX_WAIT_MS = 60_000;

/**
 * Runs `work` while no other process holds the lock, on this machine or another one that shares the directory. The lock is a file that contains its
 * owner; the lock of an ended process is removed. Throws WRITE_FAILED if the lock stays taken.
 */
export async function withFileLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await takeLock(path, signal);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string, signal: AbortSignal): Promise<void> {
  const own = `${path}.${thisWriter()}-${randomBytes(4).toString('hex')}`;
  try {
    makeFolders(dirname(path));
    await writeFile(own, thisWriter());
    for (let waited = 0; ; waited += POLL_MS) {
      signal.throwIfAborted();
      // A link is atomic: the lock file contains its owner from the start.
      if (await tryLink(own, path)) return;
      await removeAbandoned(path);
      if (waited >= MAX_WAIT_MS) {
        throw new RpmDepsError('WRITE_FAILED', `${path} is locked by another process`, {
          hint: 'remove the file if no other rpm-deps is running',
        });
      }
      await sleep(POLL_MS);
    }
  } catch (error) {
    if (error instanceof RpmDepsError || signal.aborted) throw error;
    throw writeFailed(path, error);
  } finally {
    await rm(own, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const owner = await readFile(path, 'utf8').catch(() => undefined);
  const info = await stat(path).catch(() => undefined);
  if (owner === undefined || info === undefined || !isAbandoned(owner, Date.now() - info.mtimeMs)) return;
  // Another process may have removed it meanwhile and taken the lock: check that the removed file was the abandoned lock.
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  await rename(path, aside).catch(() => undefined);
  const found = await readFile(aside, 'utf8').catch(() => undefined);
  if (found !== undefined && found !== owner) await tryLink(aside, path);
  await rm(aside, { force: true });
}
