import { constants } from 'node:fs';
import { copyFile, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { temporaryFor, writeFailed } from '../io/atomic-file.ts';
import { makeFolders } from '../io/make-folders.ts';

/** Errors of a hard link after which a copy may work. */
const COPY_INSTEAD: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES']);

/** Places a file of the store at `to`, replacing it atomically: as a hard link if possible, else as a copy. Throws WRITE_FAILED. */
export async function placeFile(from: string, to: string, options: { readonly copy?: boolean } = {}): Promise<void> {
  const temporary = temporaryFor(to);
  try {
    if (options.copy !== true && (await isSameFile(from, to))) return;
    makeFolders(dirname(to));
    if (options.copy === true || !(await tryLink(from, temporary))) {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      const handle = await open(temporary, 'r+');
      await handle.sync().finally(() => handle.close());
    }
    await rename(temporary, to);
  } catch (error) {
    throw writeFailed(to, error);
  } finally {
    // If both are links to the same file, rename does nothing and leaves the temporary one.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (COPY_INSTEAD.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)));
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}
