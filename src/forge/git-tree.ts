/** Creates trees and commits without changing the work tree, the index or any branch of the repository. */
import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { makeFolders } from '../io/make-folders.ts';
import { gitOutput } from './git-output.ts';
import { type GitPlace, runGit } from './run-git.ts';

/** A commit that is checked out in a separate directory, with an index beside it. */
export interface CheckedOut {
  readonly place: GitPlace;
  readonly directory: string;
  readonly commit: string;
}

export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  readonly tree: string;
  /** Undefined for a commit without history. */
  readonly parent: string | undefined;
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
  /** Seconds since 1970. */
  readonly time: number;
  readonly sign: boolean;
}

export interface CommitFacts {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly authorEmail: string;
  readonly committerEmail: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly message: string;
}

/** Mode and id before and after, by path; null if the file does not exist. */
export type TreeChanges = ReadonlyMap<string, { readonly before: string | null; readonly after: string | null }>;

/** Checks out all files of a commit below `parent`, which must be empty. */
export async function checkOut(place: GitPlace, commit: string, parent: string): Promise<CheckedOut> {
  const gitDirectory = (await gitOutput(place, ['rev-parse', '--absolute-git-dir'])).trim();
  const directory = join(parent, 'tree');
  makeFolders(directory);
  const env = {
    ...place.env,
    GIT_DIR: gitDirectory,
    GIT_WORK_TREE: directory,
    GIT_INDEX_FILE: join(parent, 'index'),
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_LITERAL_PATHSPECS: '1',
  };
  const inside = { ...place, cwd: directory, env };
  const files = { place: inside, directory, commit };
  await layOut(files, commit);
  return files;
}

/** Resets all tracked files to those of a commit; untracked files stay. */
export async function layOut({ place }: CheckedOut, commit: string): Promise<void> {
  await gitOutput(place, ['read-tree', '--reset', '-u', '--no-recurse-submodules', commit]);
}

/** The tree of the commit with the current content of these files and directories, including deletions. */
export async function treeWith({ place, directory }: CheckedOut, paths: readonly string[]): Promise<string> {
  const top = await realpath(directory);
  const real = await Promise.all(
    paths.map((path) =>
      realpath(join(directory, path)).then(
        (found) => relative(top, found),
        () => undefined,
      ),
    ),
  );
  const known = real.includes(undefined) ? await gitOutput(place, ['ls-files', '-z', '--', ...paths]) : '';
  const isKnown = (path: string): boolean => known.split('\0').some((file) => file === path || file.startsWith(`${path}/`));
  // git adds nothing through a link, so use the real path of the file.
  const wanted = paths.flatMap((path, i) => (real[i] !== undefined ? [real[i]] : isKnown(path) ? [path] : []));
  if (wanted.length > 0) await gitOutput(place, ['add', '--all', '--force', '--', ...wanted]);
  return (await gitOutput(place, ['write-tree'])).trim();
}

/** Reproducible: the same content, parent, people and time give the same commit. */
export async function makeCommit(place: GitPlace, { tree, parent, message, author, committer, time, sign }: NewCommit): Promise<string> {
  const env = {
    ...place.env,
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: `${time} +0000`,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: `${time} +0000`,
  };
  const args = ['commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]), ...(sign ? ['-S'] : []), '-F', '-'];
  return (await gitOutput({ ...place, env }, args, message)).trim();
}

export async function readCommit(place: GitPlace, commit: string): Promise<CommitFacts> {
  const text = await gitOutput(place, ['log', '-1', '--no-show-signature', '--format=%T%x00%P%x00%ae%x00%ce%x00%ct%x00%B', commit, '--']);
  const [tree = '', parents = '', authorEmail = '', committerEmail = '', time = '0', message = ''] = text.split('\0');
  return {
    tree,
    parents: parents.split(' ').filter((id) => id !== ''),
    authorEmail,
    committerEmail,
    time: Number(time),
    message: message.trimEnd(),
  };
}

/** Files that differ between two commits or trees, below a path if given. */
export async function treeChanges(place: GitPlace, before: string, after: string): Promise<TreeChanges> {
  const text = await gitOutput(place, ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--no-abbrev', before, after]);
  const fields = text.split('\0');
  const changes = new Map<string, { before: string | null; after: string | null }>();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const match = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(fields[i]!);
    if (match === null) throw new RpmDepsError('GIT', 'git printed a comparison of trees in an unknown format');
    const [, modeBefore, modeAfter, idBefore, idAfter] = match;
    const entry = (mode: string, id: string): string | null => (/^0+$/.test(mode) ? null : `${mode} ${id}`);
    changes.set(fields[i + 1]!, { before: entry(modeBefore!, idBefore!), after: entry(modeAfter!, idAfter!) });
  }
  return changes;
}

/** Settings of git, by name in lower case; the last value is used. A flag without a value is `true`. */
export async function gitSettings(place: GitPlace, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const pattern = `^(${names.join('|').replaceAll('.', '\\.')})$`;
  const { stdout } = await runGit(place, ['config', '-z', '--get-regexp', pattern]);
  const entries = stdout
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => {
      const end = entry.indexOf('\n');
      return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}
