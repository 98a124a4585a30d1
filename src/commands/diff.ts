import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { contentOf, filesAt, type GitPlace, hasCommit, mergeBase, resolveRevision } from '../forge/git.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import { isLockArchive, LOCKFILE_SUFFIX, readLockArchive } from '../lockfile/lock-archive.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { listLockfiles, readLockfiles } from '../lockfile/lockfile-dir.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { readLockfile } from '../lockfile/read.ts';
import { parseRpmsLock } from '../lockfile/rpms-lock.ts';
import { holdsInForce } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readKnownBases } from '../project/known-bases.ts';
import { loadManifest } from '../project/manifest-input.ts';
import { lockfilesDirectory, type ProjectInput } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';
import type { Run } from '../run/run.ts';

export interface DiffInput extends ProjectInput {
  /** Directory, file, revision, `REVISION:PATH`, `A..B` or `A...B`; default HEAD. */
  readonly before?: string | undefined;
  /** Default: the working tree. */
  readonly after?: string | undefined;
  /** Add changelog entries and advisories, if the repositories have them. */
  readonly changelog?: boolean | undefined;
}

export async function diff(input: DiffInput, context: Context): Promise<LockfileDiff> {
  const [before, after] = await bothSides(input, context);
  if (before.length + after.length === 0) {
    throw new RpmDepsError('LOCKFILE_MISSING', 'no lockfiles found to compare', { hint: '--lockfiles DIR names their directory' });
  }
  const manifest = await manifestIfThere(input, context);
  const answer = await diffGiven({ before, after, manifest }, context);
  if (input.changelog !== true) return answer;
  const { addChangelogs } = await import('./add-changelogs.ts');
  return addChangelogs(answer, { before, after, manifest: manifest ?? (await loadManifest(input, context)) }, context);
}

/** Two states of lockfiles that were already read, and the manifest of the second. */
export interface GivenStates {
  readonly before: readonly Lockfile[];
  readonly after: readonly Lockfile[];
  readonly manifest: Manifest | undefined;
}

/** Adds holds, and the cached packages of base images. */
export async function diffGiven({ before, after, manifest }: GivenStates, run: Run): Promise<LockfileDiff> {
  const holds = holdsInForce(manifest?.holds ?? [], run.now().toISOString().slice(0, 10));
  const installedOf = await readKnownBases([...before, ...after], run);
  return diffLockfiles(before, after, { holds, installedOf });
}

/** A diff of two directories needs no manifest; with one, it shows holds too. */
async function manifestIfThere(input: ProjectInput, context: Context): Promise<Manifest | undefined> {
  try {
    return await loadManifest(input, context);
  } catch (error) {
    if (!(error instanceof RpmDepsError) || input.manifest !== undefined) throw error;
    // A missing manifest has no holds, so there is no warning; an invalid one may have some.
    const text = `holds are not shown: ${error.message}`;
    context.emit(error.code === 'MANIFEST_MISSING' ? { kind: 'debug', text } : { kind: 'warning', code: 'HOLDS_UNREAD', text });
    return undefined;
  }
}

/** `main..HEAD`; the dots in `HEAD:../folder` belong to the path. */
const RANGE = /^([^:]*?)(\.{2,3})([^:]*)$/;

/** One state of the lockfiles. */
interface Side {
  readonly locks: readonly Lockfile[];
  /** A single file was named, not a directory or revision. */
  readonly isOne: boolean;
}

async function bothSides(input: DiffInput, context: Context): Promise<readonly [readonly Lockfile[], readonly Lockfile[]]> {
  const directory = lockfilesDirectory(input, context);
  const place: GitPlace = { cwd: context.cwd, env: context.env, signal: context.signal };
  const from = input.before ?? 'HEAD';
  if (from === '' || input.after === '')
    throw new RpmDepsError('USAGE', 'a name to compare must not be empty', { hint: 'name a revision, a directory or a lockfile' });
  const range = input.after === undefined && !(await exists(resolve(context.cwd, from))) ? RANGE.exec(from) : null;
  if (range === null) {
    const before = (await isFirst(from, place)) ? nothingBefore(context) : sideOf(from, directory, place);
    const after = input.after === undefined ? locksIn(directory) : sideOf(input.after, directory, place);
    return sameLocks(...(await Promise.all([before, after])));
  }
  const [, left, dots, right] = range;
  const [old, now] = await Promise.all([resolveRevision(place, left || 'HEAD'), resolveRevision(place, right || 'HEAD')]);
  const base = dots === '...' ? await mergeBase(place, old, now) : old;
  return Promise.all([locksAt(base, directory, place, left || 'HEAD'), locksAt(now, directory, place, right || 'HEAD')]);
}

/** True if the project has no earlier lockfiles to compare with. Without git, a directory outside a work tree has no commit. */
async function isFirst(name: string, place: GitPlace): Promise<boolean> {
  if (name !== 'HEAD' || (await exists(resolve(place.cwd, name)))) return false;
  return hasCommit(place).then(
    (has) => !has,
    async (error: unknown) => {
      if (!(error instanceof RpmDepsError && isMissingProgram(error.cause)) || (await isWorkTree(place))) throw error;
      return true;
    },
  );
}

const isMissingProgram = (cause: unknown): boolean => (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';

async function isWorkTree({ cwd, env }: GitPlace): Promise<boolean> {
  if (env['GIT_DIR'] !== undefined) return true;
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
}

async function nothingBefore({ emit, cwd }: Context): Promise<Side> {
  const text = `\`${cwd}\` has no git commit to compare with: everything is shown as added`;
  emit({ kind: 'warning', code: 'NO_COMMIT', text });
  return { locks: [], isOne: false };
}

/** If you name one lockfile, only its changes are shown. Two named lockfiles are compared even if their sets or architectures differ. */
function sameLocks(before: Side, after: Side): readonly [readonly Lockfile[], readonly Lockfile[]] {
  const [old, now] = [before.locks[0], after.locks[0]];
  if (before.isOne && after.isOne && old && now) {
    return [[{ ...old, package_set: now.package_set, architecture: now.architecture }], [now]];
  }
  const one = before.isOne ? old : after.isOne ? now : undefined;
  if (one === undefined) return [before.locks, after.locks];
  const isSame = (lock: Lockfile): boolean => lock.package_set === one.package_set && lock.architecture === one.architecture;
  return [before.locks.filter(isSame), after.locks.filter(isSame)];
}

/** A path with lockfiles if there is one of that name, else a revision. */
async function sideOf(name: string, directory: string, place: GitPlace): Promise<Side> {
  const path = resolve(place.cwd, name);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true) {
    // The directory of a whole project is accepted too.
    const inside = [path, join(path, basename(directory))];
    for (const folder of inside) if ((await listLockfiles(folder)).length > 0) return locksIn(folder);
  }
  if (info?.isFile() === true && isLockArchive(path)) return { locks: await readLockArchive(path), isOne: false };
  if (info?.isFile() === true && name.endsWith('.json')) return { locks: [await readLockfile(path, name)], isOne: true };
  try {
    return await sideAt(name, directory, place);
  } catch (error) {
    // A directory without lockfiles is a valid state; a file that is not a lockfile is an error.
    if (!(error instanceof RpmDepsError) || error.code !== 'GIT' || info === undefined) throw error;
    return info.isDirectory() ? { locks: [], isOne: false } : { locks: [await readLockfile(path, name)], isOne: true };
  }
}

/** A commit, or a directory or file in one: `HEAD~1:rpm-lockfiles`. */
async function sideAt(name: string, directory: string, place: GitPlace): Promise<Side> {
  if (!name.includes(':')) return { locks: await locksAt(await resolveRevision(place, name), directory, place, name), isOne: false };
  const found = await contentOf(place, name, isLockfileName);
  if (found.kind === 'file' && isLockArchive(name)) return { locks: await parseRpmsLock(found.text, name), isOne: false };
  if (found.kind === 'file') return { locks: [parseCommitted(found.text, name)], isOne: true };
  return { locks: [...found.files].map(([file, text]) => parseCommitted(text, `${name}/${file}`)), isOne: false };
}

async function locksIn(directory: string): Promise<Side> {
  return { locks: (await readLockfiles(directory)).map(({ lockfile }) => lockfile), isOne: false };
}

const isLockfileName = (file: string): boolean => file.endsWith(LOCKFILE_SUFFIX) && !file.startsWith('.');

async function locksAt(commit: string, directory: string, place: GitPlace, name: string): Promise<Lockfile[]> {
  if (isLockArchive(directory)) {
    const archive = basename(directory);
    const found = await filesAt(place, commit, relative(place.cwd, dirname(directory)) || '.', (file) => file === archive);
    return (await Promise.all([...found].map(([file, text]) => parseRpmsLock(text, `${name}:${file}`)))).flat();
  }
  const files = await filesAt(place, commit, relative(place.cwd, directory) || '.', isLockfileName);
  return [...files].map(([file, text]) => parseCommitted(text, `${name}:${file}`));
}

/** Replaces the hint of the parser, because a committed file cannot be restored or locked again. */
function parseCommitted(text: string, name: string): Lockfile {
  try {
    return parseLockfile(text, name);
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    const { code, message, details, data = {} } = error;
    throw new RpmDepsError(code, message, { details, data, hint: 'compare with another revision, in which it is valid', cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
