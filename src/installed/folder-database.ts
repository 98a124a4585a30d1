import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { readProblem } from '../base/read-problem.ts';
import { DATABASE_FILES, type InstalledDatabase, MAX_DATABASE_BYTES, readInstalled } from './rpm-database.ts';

/** Reads the rpm database of a folder: a root file system, or the folder of the database itself. Throws RPMDB_INVALID. */
export async function readFolderDatabase(folder: string): Promise<InstalledDatabase> {
  const own = await Promise.all(DATABASE_FILES.map((file) => readIfThere(join(folder, file))));
  const isDatabase = own.some((bytes) => bytes !== undefined);
  return readInstalled(async (path) => {
    if (!isDatabase) return readIfThere(join(folder, path));
    // Files directly in the folder are read as if they were in the first database folder of a root file system.
    const name = path.slice(path.lastIndexOf('/') + 1);
    return path.startsWith('var/lib/rpm/') ? own[DATABASE_FILES.indexOf(name)] : undefined;
  }, `the folder ${folder}`);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_DATABASE_BYTES) throw new RpmDepsError('RPMDB_INVALID', `${path} is larger than ${MAX_DATABASE_BYTES >> 20} MiB`);
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof RpmDepsError) throw error;
    throw new RpmDepsError('RPMDB_INVALID', `the rpm database ${path} cannot be read: ${readProblem({ code })}`, { cause: error });
  }
}
