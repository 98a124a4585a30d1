import { posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { leadsOut } from '../base/leads-out.ts';
import { shortPrintable } from '../base/printable.ts';
import { commitFiles } from '../forge/commit-files.ts';
import { filesAt, type GitPlace, resolveRevision, workTreePrefix } from '../forge/git.ts';
import type { Identity } from '../forge/git-tree.ts';
import { isLockArchive, LOCKFILE_SUFFIX, lockfileName } from '../lockfile/lock-archive.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { renderLockfile } from '../lockfile/write.ts';
import type { ReadIncluded } from '../manifest/included-files.ts';
import { parseManifest, type ReadManifestOptions } from '../manifest/read-manifest.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import type { Project, ProjectChange } from './project.ts';
import { lockfilesOf, MANIFESTS } from './project-paths.ts';

export interface GitProjectOptions extends Partial<ReadManifestOptions> {
  /** Any directory of a work tree: the paths below are relative to it. */
  readonly directory: string;
  /** A branch, tag or commit; resolved once. */
  readonly revision: string;
  /** Path of the manifest; default `rpm-packages.yaml` or another default name. */
  readonly manifest?: string;
  /** Default `rpm-lockfiles`; for `rpms.in.yaml` the file `rpms.lock.yaml` beside it. */
  readonly lockfiles?: string;
  /** Environment of git's process; git needs PATH and HOME. */
  readonly gitEnvironment: Readonly<Record<string, string | undefined>>;
  readonly author: Identity;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/** A project in a git revision. `write` creates a commit but moves no branch: afterwards `revision()` is that commit, which the caller may push. */
export function gitProject(options: GitProjectOptions): Project {
  const { directory, revision, author, now } = options;
  const place: GitPlace = { cwd: directory, env: options.gitEnvironment, signal: options.signal ?? new AbortController().signal };
  let commit: Promise<string> | undefined;
  const current = (): Promise<string> => {
    commit ??= resolveRevision(place, revision);
    return commit;
  };
  const readText = async (): Promise<{ readonly path: string; readonly text: string }> => {
    const given = options.manifest;
    const names = given === undefined ? MANIFESTS : [posix.basename(given)];
    const folder = given === undefined ? '.' : posix.dirname(given);
    const files = await filesAt(place, await current(), folder, (name) => names.includes(name));
    const name = names.find((candidate) => files.has(candidate));
    if (name !== undefined) return { path: posix.join(folder, name), text: files.get(name)! };
    throw new RpmDepsError('MANIFEST_MISSING', `there is no manifest \`${given ?? names[0]}\` in revision \`${revision}\``, {
      hint: `\`git ls-tree ${revision}\` shows what it has`,
    });
  };
  const lockPlace = async (): Promise<string> => {
    if (options.lockfiles !== undefined) return options.lockfiles;
    const { path } = await readText().catch((error: unknown) => {
      // Lockfiles may exist without a manifest.
      if (error instanceof RpmDepsError && error.code === 'MANIFEST_MISSING') return { path: '' };
      throw error;
    });
    return lockfilesOf(path);
  };
  /** Text of the archive if all locks are in one file. */
  const archiveText = async (archive: string): Promise<string | undefined> => {
    const name = posix.basename(archive);
    const files = await filesAt(place, await current(), posix.dirname(archive), (file) => file === name);
    return files.get(name);
  };
  const readArchive = async (archive: string): Promise<Lockfile[]> => {
    const text = await archiveText(archive);
    if (text === undefined) return [];
    const { parseRpmsLock } = await import('../lockfile/rpms-lock.ts');
    return parseRpmsLock(text, `${revision}:${archive}`);
  };
  return {
    async manifest() {
      const { path, text } = await readText();
      const read = readIncludedAt(place, await current(), posix.dirname(path));
      return parseManifest(text, path, { read, ...options, env: options.env ?? {} });
    },
    manifestText: async () => (await readText()).text,
    async locks(places) {
      const lockfiles = await lockPlace();
      const wanted = places === undefined ? undefined : new Set(places.map(({ set, architecture }) => lockfileName(set, architecture)));
      if (isLockArchive(lockfiles)) {
        const locks = await readArchive(lockfiles);
        return locks.filter((lock) => wanted?.has(lockfileName(lock.package_set, lock.architecture)) !== false);
      }
      const isWanted = (name: string): boolean => name.endsWith(LOCKFILE_SUFFIX) && wanted?.has(name) !== false;
      const files = await filesAt(place, await current(), lockfiles, isWanted);
      return [...files]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, text]): Lockfile => parseLockfile(text, `${revision}:${lockfiles}/${name}`));
    },
    async write({ locks, manifestText, included = [], message = 'update lockfiles' }: ProjectChange) {
      const prefix = await workTreePrefix(place);
      const at = (path: string): string => posix.normalize(`${prefix}${path}`);
      const lockfiles = await lockPlace();
      const files = new Map<string, string>();
      if (!isLockArchive(lockfiles))
        for (const lock of locks) files.set(at(`${lockfiles}/${lockfileName(lock.package_set, lock.architecture)}`), renderLockfile(lock));
      else if (locks.length > 0)
        files.set(at(lockfiles), await withLocks({ before: await readArchive(lockfiles), text: await archiveText(lockfiles) }, locks));
      const { path: manifest } = manifestText === undefined && included.length === 0 ? { path: '' } : await readText();
      if (manifestText !== undefined) files.set(at(manifest), manifestText);
      for (const { path, text } of included) files.set(at(posix.join(posix.dirname(manifest), path)), text);
      if (files.size === 0) return;
      const time = Math.floor(now().getTime() / 1000);
      commit = Promise.resolve(await commitFiles(place, { parent: await current(), files, message, author, time }));
    },
    revision: current,
  };
}

/** The text of an archive; new locks replace those of the same set and architecture. */
async function withLocks(
  { before, text = '' }: { readonly before: readonly Lockfile[]; readonly text: string | undefined },
  locks: readonly Lockfile[],
): Promise<string> {
  const { mirrorsOfRpmsLock, renderRpmsLock } = await import('../lockfile/rpms-lock.ts');
  const all = new Map([...before, ...locks].map((lock) => [lockfileName(lock.package_set, lock.architecture), lock]));
  return renderRpmsLock([...all.values()], { own: true, mirrors: mirrorsOfRpmsLock(text) });
}

/** Reads files that a manifest in a directory of a commit refers to, only from that commit. */
export function readIncludedAt(place: GitPlace, commit: string, folder: string): ReadIncluded {
  return async (path) => {
    const pattern = posix.basename(path);
    const isWanted = hasGlob(pattern) ? globMatcher(pattern) : (name: string): boolean => name === pattern;
    const directory = posix.normalize(posix.join(folder, posix.dirname(path)));
    const files =
      !leadsOut(directory) && !posix.isAbsolute(path)
        ? await filesAt(place, commit, directory, (name) => !name.startsWith('.') && isWanted(name))
        : new Map<string, string>();
    if (files.size === 0) throw new RpmDepsError('MANIFEST_INVALID', `there is no file \`${shortPrintable(path)}\` in the revision`);
    return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => ({ path: posix.join(posix.dirname(path), name), text }));
  };
}
