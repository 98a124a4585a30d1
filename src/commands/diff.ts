import { readFile, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { RpmDepsError } from '../errors.ts';
import { filesAt, type GitPlace, mergeBase, resolveRevision } from '../forge/git.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { LOCKFILE_SUFFIX, readLockfiles } from '../lockfile/lockfile-dir.ts';
import { parseLockfile } from '../lockfile/read.ts';
import { holdsInForce } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Context } from './context.ts';
import { loadManifest } from './manifest-input.ts';
import { lockfilesDirectory, type ProjectInput } from './project-paths.ts';

export interface DiffInput extends ProjectInput {
  /** Directory, file, revision, `A..B` or `A...B`; default HEAD. */
  readonly before?: string | undefined;
  /** Default the working tree. */
  readonly after?: string | undefined;
  /** Add changelog entries and advisories, where the repositories have them. */
  readonly changelog?: boolean | undefined;
}

/** What changed between two states of the lockfiles. */
export async function diff(input: DiffInput, context: Context): Promise<LockfileDiff> {
  const [before, after] = await bothSides(input, context);
  if (before.length + after.length === 0) {
    throw new RpmDepsError('LOCKFILE_MISSING', 'there are no lockfiles to compare', { hint: '--lockfiles DIR says where they are' });
  }
  const manifest = await manifestIfThere(input, context);
  const holds = holdsInForce(manifest?.holds ?? [], context.now().toISOString().slice(0, 10));
  const answer = diffLockfiles(before, after, { holds });
  if (input.changelog !== true) return answer;
  const { addChangelogs } = await import('./add-changelogs.ts');
  return addChangelogs(answer, { before, after, manifest: manifest ?? (await loadManifest(input, context)) }, context);
}

/** A diff of two directories needs no manifest, but with one holds are told as well. */
async function manifestIfThere(input: ProjectInput, context: Context): Promise<Manifest | undefined> {
  try {
    return await loadManifest(input, context);
  } catch (error) {
    if (!(error instanceof RpmDepsError) || input.manifest !== undefined) throw error;
    context.emit({ kind: 'debug', text: `holds are not told: ${error.message}` });
    return undefined;
  }
}

async function bothSides(input: DiffInput, context: Context): Promise<[Lockfile[], Lockfile[]]> {
  const directory = lockfilesDirectory(input, context);
  const place: GitPlace = { cwd: context.cwd, env: context.env, signal: context.signal };
  const from = input.before ?? 'HEAD';
  const range = input.after === undefined && !(await exists(resolve(context.cwd, from))) ? /^(.*?)(\.{2,3})(.*)$/.exec(from) : null;
  if (range === null) {
    const after = input.after === undefined ? locksIn(directory) : locksOf(input.after, directory, place);
    return Promise.all([locksOf(from, directory, place), after]);
  }
  const [, left, dots, right] = range;
  const [old, now] = await Promise.all([resolveRevision(place, left || 'HEAD'), resolveRevision(place, right || 'HEAD')]);
  const base = dots === '...' ? await mergeBase(place, old, now) : old;
  return Promise.all([locksAt(base, directory, place, left || 'HEAD'), locksAt(now, directory, place, right || 'HEAD')]);
}

/** A path if there is one of that name, else a revision. */
async function locksOf(name: string, directory: string, place: GitPlace): Promise<Lockfile[]> {
  const path = resolve(place.cwd, name);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true) return locksIn(path);
  if (info?.isFile() === true) return [parseLockfile(await readFile(path, 'utf8'), path)];
  return locksAt(await resolveRevision(place, name), directory, place, name);
}

async function locksIn(directory: string): Promise<Lockfile[]> {
  return (await readLockfiles(directory)).map(({ lockfile }) => lockfile);
}

async function locksAt(commit: string, directory: string, place: GitPlace, name: string): Promise<Lockfile[]> {
  const files = await filesAt(
    place,
    commit,
    relative(place.cwd, directory) || '.',
    (file) => file.endsWith(LOCKFILE_SUFFIX) && !file.startsWith('.'),
  );
  return [...files].map(([file, text]) => parseCommitted(text, `${name}:${file}`));
}

/** What is committed cannot be restored or locked again. */
function parseCommitted(text: string, name: string): Lockfile {
  try {
    return parseLockfile(text, name);
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    const { code, message, details, data = {} } = error;
    throw new RpmDepsError(code, message, { details, data, hint: 'compare with another revision, in which it can be read', cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
