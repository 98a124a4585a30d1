import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { readWithin } from '../io/read-within.ts';
import { archiveOf, lockfileName, readLockArchive } from './lock-archive.ts';
import { type Lockfile, MAX_LOCKFILE_BYTES } from './lockfile.ts';
import { parseLockfile } from './parse-lockfile.ts';

/** Reads one lockfile of any supported schema. `name` is for messages. */
export async function readLockfile(path: string, name = path): Promise<Lockfile> {
  const archive = archiveOf(path);
  if (archive !== undefined) {
    const file = basename(path);
    const found = (await readLockArchive(archive)).find((lock) => lockfileName(lock.package_set, lock.architecture) === file);
    if (found !== undefined) return found;
    throw new RpmDepsError(
      'LOCKFILE_MISSING',
      `\`${shortPrintable(basename(archive))}\` has no lock for ${file.replace(/\.lock\.json$/, '')}`,
      {
        hint: 'run `rpm-deps lock` to make it',
      },
    );
  }
  let text: string;
  try {
    text = (await readWithin(path, MAX_LOCKFILE_BYTES)).toString('utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new RpmDepsError('LOCKFILE_MISSING', `there is no lockfile \`${shortPrintable(name)}\``, {
        hint: 'run `rpm-deps lock` to create it',
        cause,
      });
    }
    const problem = `cannot be read: ${readProblem({ code, message })}`;
    throw new RpmDepsError('LOCKFILE_INVALID', `\`${shortPrintable(name)}\` ${problem}`, {
      hint: `see what \`ls -ld ${shortPrintable(name)}\` says`,
      cause,
    });
  }
  return parseLockfile(text, name);
}
