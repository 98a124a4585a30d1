import { posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { commitFiles } from '../forge/commit-files.ts';
import { filesAt, type GitPlace, resolveRevision, workTreePrefix } from '../forge/git.ts';
import type { Identity } from '../forge/git-tree.ts';
import { LOCKFILE_SUFFIX, lockfileName } from '../lockfile/lock-archive.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { renderLockfile } from '../lockfile/write.ts';
import { parseManifest, type ReadManifestOptions } from '../manifest/read-manifest.ts';
import type { Project, ProjectChange } from './project.ts';
import { MANIFESTS } from './project-paths.ts';

export interface GitProjectOptions extends Partial<ReadManifestOptions> {
  /** Any directory of a work tree: the paths below start there. */
  readonly directory: string;
  /** A branch, tag or commit; read once. */
  readonly revision: string;
  /** Default `rpm-packages.yaml` or what else a manifest is called. */
  readonly manifest?: string;
  /** Default `rpm-lockfiles`. */
  readonly lockfiles?: string;
  /** Of git's process; it needs PATH and HOME. */
  readonly gitEnvironment: Readonly<Record<string, string | undefined>>;
  readonly author: Identity;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/** A project as a git revision has it. `write` makes a commit and moves no branch: `revision()` is that commit then, to be pushed or looked at. */
export function gitProject(options: GitProjectOptions): Project {
  const { directory, revision, lockfiles = 'rpm-lockfiles', author, now } = options;
  const place: GitPlace = { cwd: directory, env: options.gitEnvironment, signal: options.signal ?? new AbortController().signal };
  let commit: Promise<string> | undefined;
  const current = (): Promise<string> => {
    commit ??= resolveRevision(place, revision);
    return commit;
  };
  const readText = async (): Promise<{ readonly path: string; readonly text: string }> => {
    const given = options.manifest;
    const names = given === undefined ? MANIFESTS.filter((name) => name.startsWith('rpm-packages')) : [posix.basename(given)];
    const folder = given === undefined ? '.' : posix.dirname(given);
    const files = await filesAt(place, await current(), folder, (name) => names.includes(name));
    const name = names.find((candidate) => files.has(candidate));
    if (name !== undefined) return { path: posix.join(folder, name), text: files.get(name)! };
    throw new RpmDepsError('MANIFEST_MISSING', `there is no manifest \`${given ?? names[0]}\` in revision \`${revision}\``, {
      hint: `\`git ls-tree ${revision}\` shows what it has`,
    });
  };
  return {
    async manifest() {
      const { path, text } = await readText();
      return parseManifest(text, path, { ...options, env: options.env ?? {} });
    },
    manifestText: async () => (await readText()).text,
    async locks(places) {
      const wanted = places === undefined ? undefined : new Set(places.map(({ set, architecture }) => lockfileName(set, architecture)));
      const isWanted = (name: string): boolean => name.endsWith(LOCKFILE_SUFFIX) && wanted?.has(name) !== false;
      const files = await filesAt(place, await current(), lockfiles, isWanted);
      return [...files]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, text]): Lockfile => parseLockfile(text, `${revision}:${lockfiles}/${name}`));
    },
    async write({ locks, manifestText, message = 'update lockfiles' }: ProjectChange) {
      const prefix = await workTreePrefix(place);
      const at = (path: string): string => posix.normalize(`${prefix}${path}`);
      const files = new Map(
        locks.map((lock) => [at(`${lockfiles}/${lockfileName(lock.package_set, lock.architecture)}`), renderLockfile(lock)]),
      );
      if (manifestText !== undefined) files.set(at((await readText()).path), manifestText);
      if (files.size === 0) return;
      const time = Math.floor(now().getTime() / 1000);
      commit = Promise.resolve(await commitFiles(place, { parent: await current(), files, message, author, time }));
    },
    revision: current,
  };
}
