import { constants } from 'node:fs';
import { copyFile, link } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { digestFile } from '../io/file-digest.ts';
import { makeFolders } from '../io/make-folders.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';

/** From sha256 (lower-case hex) to the file in the store. */
export type FetchedRpms = ReadonlyMap<string, string>;

/**
 * Puts the locked RPMs into `<directory>/<architecture>/<filename>` for a build. All bytes are checked with the lock again, because
 * files in the store may have changed since the download.
 */
export async function layOutRpms(lock: Lockfile, fetched: FetchedRpms, directory: string): Promise<void> {
  const folder = join(directory, lock.architecture);
  makeFolders(folder);
  for (const lockedPackage of lock.packages) {
    const from = fetched.get(lockedPackage.sha256);
    if (from === undefined) throw missing(lockedPackage);
    const found = (await digestFile(from))?.sha256;
    if (found === undefined) throw missing(lockedPackage);
    if (found !== lockedPackage.sha256) {
      throw new RpmDepsError('DIGEST_MISMATCH', `${fileName(lockedPackage)} in the store is not the locked file`, {
        hint: `remove ${from} and fetch it again`,
        details: [`locked: sha256:${lockedPackage.sha256}`, `found:  sha256:${found}`],
        data: { file: from, locked: lockedPackage.sha256, found },
      });
    }
    await linkOrCopy(from, join(folder, fileName(lockedPackage)));
  }
}

/** A file name from a lockfile, which is untrusted: it must stay in its directory and not look like a flag of rpm. */
function fileName(lockedPackage: LockedPackage): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.+~^:-]*\.rpm$/.test(lockedPackage.filename)) return lockedPackage.filename;
  throw new RpmDepsError(
    'LOCKFILE_INVALID',
    `the lockfile has an invalid name of an RPM file (package ${JSON.stringify(lockedPackage.name)})`,
    {
      details: [JSON.stringify(lockedPackage.filename)],
    },
  );
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST') throw new RpmDepsError('LOCKFILE_INVALID', `the lockfile names ${basename(to)} twice`, { cause: error });
    // Another file system, or one without hard links: copy instead.
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'].includes(code)) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

function missing(lockedPackage: LockedPackage): RpmDepsError {
  return new RpmDepsError('NETWORK', `${JSON.stringify(lockedPackage.filename)} is not in the store`, {
    hint: '`rpm-deps fetch` downloads the locked RPMs',
    data: { sha256: lockedPackage.sha256 },
  });
}
