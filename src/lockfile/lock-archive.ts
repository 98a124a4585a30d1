import { basename, dirname } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { readWithin } from '../io/read-within.ts';
import { type Lockfile, MAX_LOCKFILE_BYTES } from './lockfile.ts';

export const LOCKFILE_SUFFIX = '.lock.json';
/** A single file with the locks of all architectures: `rpms.lock.yaml`. Paths of lockfiles treat it as a directory. */
const ARCHIVE_SUFFIX = '.lock.yaml';

/** Whether the lockfiles are in one archive file instead of a directory. */
export const isLockArchive = (directory: string): boolean => directory.endsWith(ARCHIVE_SUFFIX);

/** The archive that contains the lockfile of a path, if there is one. */
export const archiveOf = (path: string): string | undefined => (isLockArchive(dirname(path)) ? dirname(path) : undefined);

/** Locks of an archive; none if the file does not exist. Throws LOCKFILE_INVALID. */
export async function readLockArchive(path: string): Promise<Lockfile[]> {
  const text = await readArchiveText(path);
  if (text === undefined) return [];
  const { parseRpmsLock } = await import('./rpms-lock.ts');
  return parseRpmsLock(text, basename(path));
}

/** Undefined if the file does not exist. */
export async function readArchiveText(path: string): Promise<string | undefined> {
  const read = await readWithin(path, MAX_LOCKFILE_BYTES).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new RpmDepsError('LOCKFILE_INVALID', `\`${shortPrintable(path)}\` cannot be read: ${readProblem(cause)}`, { cause });
  });
  return read?.toString('utf8');
}

/** `<set>-<arch>.lock.json`. Both parts are untrusted: names that could leave the directory are refused. */
export function lockfileName(set: string, architecture: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(set) || !/^[A-Za-z0-9_]+$/.test(architecture)) {
    throw new RpmDepsError(
      'LOCKFILE_INVALID',
      `\`${shortPrintable(set)}\` and \`${shortPrintable(architecture)}\` are not valid in a file name`,
    );
  }
  return `${set}-${architecture}${LOCKFILE_SUFFIX}`;
}
