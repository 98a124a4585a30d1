import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { RpmDepsError } from '../errors.ts';
import { filesAt, mergeBase, resolveRevision } from '../forge/git.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { LOCKFILE_SUFFIX, readLockfiles } from '../lockfile/lockfile-dir.ts';
import { parseLockfile } from '../lockfile/read.ts';
import type { Context } from './context.ts';
import { loadManifest, lockfilesDirectory, type ProjectInput } from './manifest-input.ts';

export interface DiffInput extends ProjectInput {
  /** Directory, file, revision, `A..B` or `A...`; default HEAD. */
  readonly before?: string | undefined;
  /** Default the working tree. */
  readonly after?: string | undefined;
}

/** What changed between two states of the lockfiles. */
export async function diff(input: DiffInput, context: Context): Promise<LockfileDiff> {
  const [before, after] = await bothSides(input, context);
  const manifest = await loadManifest(input, context).catch((error: unknown) => {
    // A diff of two directories needs no manifest; with one, holds are told as well.
    if (error instanceof RpmDepsError) return undefined;
    throw error;
  });
  return diffLockfiles(before, after, { holds: manifest?.holds ?? [] });
}

async function bothSides(input: DiffInput, context: Context): Promise<[Lockfile[], Lockfile[]]> {
  const directory = lockfilesDirectory(input, context);
  const range = input.after === undefined ? /^(.+?)(\.\.\.?)(.*)$/.exec(input.before ?? '') : null;
  if (range !== null && !(await exists(resolve(context.cwd, input.before!)))) {
    const [, from = '', dots, to = ''] = range;
    const base =
      dots === '...'
        ? await mergeBase(context.cwd, await resolveRevision(context.cwd, from), await resolveRevision(context.cwd, to || 'HEAD'))
        : from;
    return [await locksAt(base, directory, context), to === '' ? await locksIn(directory) : await locksAt(to, directory, context)];
  }
  const before = await locksOf(input.before ?? 'HEAD', directory, context);
  const after = input.after === undefined ? await locksIn(directory) : await locksOf(input.after, directory, context);
  return [before, after];
}

async function locksOf(name: string, directory: string, context: Context): Promise<Lockfile[]> {
  const path = resolve(context.cwd, name);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true) return locksIn(path);
  if (info?.isFile() === true) return [parseLockfile(await readFile(path, 'utf8'), path)];
  return locksAt(name, directory, context);
}

async function locksIn(directory: string): Promise<Lockfile[]> {
  return (await readLockfiles(directory)).map(({ lockfile }) => lockfile);
}

async function locksAt(revision: string, directory: string, context: Context): Promise<Lockfile[]> {
  const commit = await resolveRevision(context.cwd, revision);
  const folder = relative(context.cwd, directory);
  if (folder.startsWith('..') || isAbsolute(folder)) {
    throw new RpmDepsError('USAGE', `${directory} is outside of the current directory`, {
      hint: 'run the command with -C in the repository that has the lockfiles',
    });
  }
  const files = await filesAt(context.cwd, commit, folder);
  return [...files].filter(([name]) => name.endsWith(LOCKFILE_SUFFIX)).map(([name, text]) => parseLockfile(text, `${revision}:${name}`));
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
