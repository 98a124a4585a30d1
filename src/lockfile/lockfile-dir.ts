import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { isLockArchive, LOCKFILE_SUFFIX, lockfileName, readLockArchive } from './lock-archive.ts';
import type { Lockfile } from './lockfile.ts';

export interface LockfileEntry {
  /** File name in the directory. */
  readonly file: string;
  readonly path: string;
}

/** The lockfiles of a directory by file name; none if the directory does not exist. */
export async function listLockfiles(directory: string): Promise<LockfileEntry[]> {
  if (isLockArchive(directory)) {
    return (await readLockArchive(directory)).map(({ package_set: set, architecture }) => {
      const file = lockfileName(set, architecture);
      return { file, path: join(directory, file) };
    });
  }
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return [];
    const problem = code === 'ENOTDIR' ? 'is not a directory' : `cannot be read: ${readProblem({ code })}`;
    throw new RpmDepsError('LOCKFILE_INVALID', `\`${shortPrintable(directory)}\` ${problem}`, { cause });
  }
  return names
    .filter((name) => name.endsWith(LOCKFILE_SUFFIX) && !name.startsWith('.'))
    .sort()
    .map((file) => ({ file, path: join(directory, file) }));
}

/** Reads all lockfiles of a directory. Throws at the first broken one. */
export async function readLockfiles(directory: string): Promise<{ readonly file: string; readonly lockfile: Lockfile }[]> {
  if (isLockArchive(directory)) {
    return (await readLockArchive(directory)).map((lockfile) => ({
      file: lockfileName(lockfile.package_set, lockfile.architecture),
      lockfile,
    }));
  }
  const entries = await listLockfiles(directory);
  // Imported here, because listing needs no validator.
  const { readLockfile } = await import('./read.ts');
  return Promise.all(entries.map(async ({ file, path }) => ({ file, lockfile: await readLockfile(path) })));
}
