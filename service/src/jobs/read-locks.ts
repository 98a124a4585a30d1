import { type FoundLock, type Lockfile, parseLockfile, RpmDepsError } from 'rpm-deps';
import type { Clone } from './clone.ts';

const LOCK_SUFFIX = '.lock.json';

/** The lockfiles of a folder at a commit, read or with the reason why they could not be. */
export async function readFound(clone: Clone, commit: string, folder: string): Promise<FoundLock[]> {
  const files = await clone.files(commit, folder, LOCK_SUFFIX);
  return [...files].map(([file, content]) => readOne(file, content));
}

/** The same where only whole ones are of use. */
export async function readLocksAt(clone: Clone, commit: string, folder: string): Promise<Lockfile[]> {
  return (await readFound(clone, commit, folder)).flatMap((lock) => ('lockfile' in lock ? [lock.lockfile] : []));
}

function readOne(file: string, content: string): FoundLock {
  try {
    return { file, lockfile: parseLockfile(content, file) };
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    return { file, error: { message: error.message, details: error.details, ...(error.hint === undefined ? {} : { hint: error.hint }) } };
  }
}
