/** Replaces files atomically: neither a concurrent reader nor a killed process leads to an incomplete file. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { makeFolders } from './make-folders.ts';
import { readWithin } from './read-within.ts';
import { isAbandoned, thisWriter } from './writer.ts';

export interface FileToWrite {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Names of temporary files contain their process, so that the next run can remove leftovers. */
const TEMPORARY = /^\..+\.([0-9a-f]{8}-\d+)-[0-9a-f]{12}\.tmp$/;

/** A unique name next to `path`, in the form that `removeLeftovers` recognizes. */
export function temporaryFor(path: string): string {
  const { dir, base } = parse(path);
  // File names have a maximum length, and that of `path` may be close to it.
  return join(dir, `.${base.slice(0, 60)}.${thisWriter()}-${randomBytes(6).toString('hex')}.tmp`);
}

/** Replaces one file. Returns false, without a change, if it already has this content. Throws WRITE_FAILED. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<boolean> {
  return (await writeAllOrNothing([{ path, content }])).length > 0;
}

/** Creates a new file and its folder; `hint` is for an existing file. Throws WRITE_FAILED. */
export async function writeNewFile(path: string, content: string, hint: string): Promise<void> {
  try {
    makeFolders(dirname(path));
    await writeFile(path, content, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailed(path, cause);
    throw new RpmDepsError('WRITE_FAILED', `\`${path}\` already exists`, { hint, cause });
  }
}

/**
 * Replaces several files. Writes all contents to temporary files before it renames the first one, so that a full disk
 * or a missing permission changes no file. Returns the paths that changed. Throws WRITE_FAILED.
 */
export async function writeAllOrNothing(files: readonly FileToWrite[]): Promise<string[]> {
  const staged: { readonly path: string; readonly temporary: string }[] = [];
  const made: string[] = [];
  try {
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) await makeFolder(folder, made);
    // In parallel, because each waits for the disk. All must end before anything is renamed or removed.
    const outcomes = await Promise.allSettled(
      files.map(async ({ path, content }) => ({
        path,
        temporary: (await hasContent(path, content)) ? undefined : await stage(path, content),
      })),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled' && outcome.value.temporary !== undefined) {
        staged.push({ path: outcome.value.path, temporary: outcome.value.temporary });
      }
    }
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    for (const { path, temporary } of staged) await rename(temporary, path);
    for (const directory of new Set(staged.map(({ path }) => dirname(path)))) await syncDirectory(directory);
    return staged.map(({ path }) => path);
  } catch (error) {
    for (const { temporary } of staged) await rm(temporary, { force: true });
    for (const folder of made.reverse()) await rmdir(folder).catch(() => undefined);
    throw error instanceof RpmDepsError ? error : writeFailed(files[0]?.path ?? '', error);
  }
}

/** Creates a folder; adds the created folders to `made`, outermost first. */
async function makeFolder(folder: string, made: string[]): Promise<void> {
  const outermost = makeFolders(folder);
  if (outermost === undefined) return;
  const inner: string[] = [];
  for (let path = folder; path.length >= outermost.length; path = dirname(path)) inner.push(path);
  made.push(...inner.reverse());
}

/** Removes temporary files of killed processes in a folder. */
export async function removeLeftovers(directory: string, nowMs: number): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const writer = TEMPORARY.exec(name)?.[1];
    if (writer === undefined) continue;
    const path = join(directory, name);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && isAbandoned(writer, nowMs - info.mtimeMs)) await rm(path, { force: true });
  }
}

async function hasContent(path: string, content: string | Uint8Array): Promise<boolean> {
  const wanted = typeof content === 'string' ? Buffer.from(content) : content;
  const present = await readWithin(path, wanted.length).catch(() => undefined);
  return present?.equals(wanted) === true;
}

async function stage(path: string, content: string | Uint8Array): Promise<string> {
  let handle: FileHandle | undefined;
  const temporary = temporaryFor(path);
  try {
    const present = await lstat(path).catch(() => undefined);
    if (present?.isSymbolicLink() === true) {
      throw new RpmDepsError('WRITE_FAILED', `${path} is a symbolic link and is not replaced`, {
        hint: 'remove the link, or write to what it points to',
      });
    }
    if (present?.isDirectory() === true) throw new RpmDepsError('WRITE_FAILED', `${path} is a folder`, { hint: HINTS['EISDIR']! });
    handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
    // A replaced file keeps its mode; a new file gets the default of the umask.
    if (present !== undefined) await handle.chmod(present.mode & 0o777);
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    return temporary;
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof RpmDepsError ? error : writeFailed(path, error);
  }
}

/** Without a sync of the folder, a crash can undo the rename. Ignores file systems without support: the files are complete anyway. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room and run the command again',
  EDQUOT: 'your quota is used up: make room and run the command again',
  EACCES: 'no write permission: check the permissions of the folder',
  EPERM: 'no write permission: check the permissions of the folder',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file and not a folder',
  EEXIST: 'a part of the path is a file and not a folder',
  EISDIR: 'there is a folder of that name',
};

/** WRITE_FAILED with the reason from the file system. */
export function writeFailed(path: string, error: unknown): RpmDepsError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new RpmDepsError('WRITE_FAILED', `cannot write ${path}: ${(error as Error).message}`, {
    hint: HINTS[code] ?? 'nothing was changed',
    cause: error,
  });
}
