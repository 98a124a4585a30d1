/** Compares and writes the lockfiles of a run, whether they are new or from the stamp of an earlier run. */

import { basename, dirname } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { plural } from '../base/quantity.ts';
import { readProblem } from '../base/read-problem.ts';
import { type FileToWrite, removeLeftovers, writeAllOrNothing } from '../io/atomic-file.ts';
import { readWithin } from '../io/read-within.ts';
import { archiveOf, isLockArchive, lockfileName, readArchiveText, readLockArchive } from '../lockfile/lock-archive.ts';
import { type LockedPackage, type Lockfile, MAX_LOCKFILE_BYTES } from '../lockfile/lockfile.ts';
import { listLockfiles } from '../lockfile/lockfile-dir.ts';
import type { RpmsLockMirrors } from '../lockfile/rpms-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Run } from '../run/run.ts';

/** undefined if the file does not exist. An unreadable lock is never overwritten, because it may contain manual edits. */
export async function readPresentLock(path: string): Promise<Lockfile | undefined> {
  const archive = archiveOf(path);
  if (archive !== undefined) {
    const file = basename(path);
    return (await readLockArchive(archive)).find((lock) => lockfileName(lock.package_set, lock.architecture) === file);
  }
  const read = await readWithin(path, MAX_LOCKFILE_BYTES).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    const hint = error.code === 'ENOTDIR' ? 'name another directory with --lockfiles DIR' : 'check the permissions';
    throw new RpmDepsError('LOCKFILE_INVALID', `\`${path}\` cannot be read: ${readProblem(error)}`, { hint, cause: error });
  });
  if (read === undefined) return undefined;
  const { parseLockfile } = await import('../lockfile/parse-lockfile.ts');
  return parseLockfile(read.toString('utf8'), path);
}

/** Writes all files or none, and removes temporary files of killed processes. */
export async function writeLocks(
  files: readonly FileToWrite[],
  directory: string,
  run: Run,
  manifest: () => Promise<Manifest>,
): Promise<void> {
  const { emit, now } = run;
  if (files.length === 0) return;
  emit({ kind: 'stage', stage: 'write', text: `writing ${plural(files.length, 'file')}` });
  const started = performance.now();
  await writeAllOrNothing(await withArchives(files, run, manifest));
  await removeLeftovers(isLockArchive(directory) ? dirname(directory) : directory, now().getTime());
  emit({ kind: 'timing', stage: 'write', text: `write ${plural(files.length, 'file')}`, ms: performance.now() - started });
}

/** Merges lockfiles into their archive, if they are in one; its other locks stay. */
async function withArchives(files: readonly FileToWrite[], run: Run, manifest: () => Promise<Manifest>): Promise<readonly FileToWrite[]> {
  const archives = [...new Set(files.flatMap(({ path }) => archiveOf(path) ?? []))];
  if (archives.length === 0) return files;
  const [{ parseLockfile }, { mirrorsOfRpmsLock, renderRpmsLock }] = await Promise.all([
    import('../lockfile/parse-lockfile.ts'),
    import('../lockfile/rpms-lock.ts'),
  ]);
  const merged = await Promise.all(
    archives.map(async (archive) => {
      const locks = new Map((await readLockArchive(archive)).map((lock) => [lockfileName(lock.package_set, lock.architecture), lock]));
      for (const { path, content } of files) {
        if (archiveOf(path) === archive) locks.set(basename(path), parseLockfile(String(content), basename(path)));
      }
      const all = [...locks.values()];
      const before = mirrorsOfRpmsLock((await readArchiveText(archive)) ?? '');
      const mirrors = all.some(hasLists) ? await mirrorsOfLists(all, before, run, manifest) : before;
      return { path: archive, content: renderRpmsLock(all, { own: true, mirrors }) };
    }),
  );
  return [...files.filter(({ path }) => archiveOf(path) === undefined), ...merged];
}

const hasLists = ({ repositories = [], source_repositories: more = [] }: Lockfile): boolean =>
  [...repositories, ...more].some(({ list }) => list !== undefined);

async function mirrorsOfLists(
  locks: readonly Lockfile[],
  before: RpmsLockMirrors,
  run: Run,
  manifest: () => Promise<Manifest>,
): Promise<RpmsLockMirrors> {
  const { mirrorsForRpmsLock } = await import('./list-mirrors.ts');
  return mirrorsForRpmsLock(locks, { before, manifest: await manifest() }, run);
}

/** Warns of lockfiles that belong to no set and architecture of the manifest. They are never deleted. */
export async function warnOfStrays(known: readonly string[], directory: string, { emit }: Run): Promise<void> {
  const names = new Set(known.map((path) => basename(path)));
  for (const { file } of await listLockfiles(directory)) {
    if (!names.has(file)) {
      const text = `\`${file}\` belongs to no set and architecture of the manifest; delete it or add the set`;
      emit({ kind: 'warning', code: 'LOCKFILE_UNKNOWN', text });
    }
  }
}

/** Counts each version of a package that is locked in several versions, such as a kernel. */
export function countChanges(before: Lockfile | undefined, after: Lockfile): { added: number; removed: number; changed: number } {
  const old = nevrasByPackage(before?.packages ?? []);
  const now = nevrasByPackage(after.packages);
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [were, are] = [old.get(key) ?? new Set(), now.get(key) ?? new Set()];
    const came = [...are].filter((nevra) => !were.has(nevra)).length;
    const went = [...were].filter((nevra) => !are.has(nevra)).length;
    const changed = Math.min(came, went);
    counts.changed += changed;
    counts.added += came - changed;
    counts.removed += went - changed;
  }
  return counts;
}

function nevrasByPackage(packages: readonly LockedPackage[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const locked of packages) {
    const key = `${locked.name}.${locked.arch}`;
    found.set(key, (found.get(key) ?? new Set()).add(formatNevra(locked)));
  }
  return found;
}
