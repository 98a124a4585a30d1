import { type FoundLock, type Lockfile, parseLockfile, RpmDepsError } from 'rpm-deps';
import { storable } from '../store/database.ts';
import type { Clone } from './clone.ts';

const LOCK_SUFFIX = '.lock.json';

/** The lockfiles of a directory at a commit: parsed, or with the reason why they could not be. */
export async function readFound(clone: Clone, commit: string, folder: string): Promise<FoundLock[]> {
  const files = await clone.files(commit, folder, LOCK_SUFFIX);
  return [...files].map(([file, content]) => readOne(file, content));
}

/** The same for callers that need only valid ones. */
export async function readLocksAt(clone: Clone, commit: string, folder: string): Promise<Lockfile[]> {
  return (await readFound(clone, commit, folder)).flatMap((lock) => ('lockfile' in lock ? [lock.lockfile] : []));
}

function readOne(file: string, content: string): FoundLock {
  try {
    const lockfile = parseLockfile(content, file);
    if (storable(lockfile) !== lockfile)
      throw new RpmDepsError('LOCKFILE_INVALID', `\`${file}\` has a null byte or half of a character in a text`);
    return { file, lockfile };
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    return { file, error: { message: error.message, details: error.details, ...(error.hint === undefined ? {} : { hint: error.hint }) } };
  }
}
