/** Reads revisions with git: commits, and their files and directories. */
import { posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { leadsOut } from '../base/leads-out.ts';
import { type GitAnswer, type GitPlace, runGit as run } from './run-git.ts';

export type { GitPlace } from './run-git.ts';

/** The commit of a revision; throws GIT if there is none, or no repository. */
export async function resolveRevision(place: GitPlace, revision: string): Promise<string> {
  await workTreePrefix(place);
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const { status, stdout } = await run(place, args);
  if (status === 0) return stdout.toString('utf8').trim();
  throw new RpmDepsError('GIT', `\`${revision}\` is neither a path nor a revision of this repository`, {
    hint:
      revision === 'HEAD'
        ? 'there is no commit yet: name two directories'
        : '`git log --oneline --all` shows revisions; a path needs to exist',
  });
}

/** Whether there is a commit to compare with; false in a new repository and outside of any. */
export async function hasCommit(place: GitPlace): Promise<boolean> {
  const { status, stderr } = await run(place, ['rev-parse', '--show-prefix']);
  if (status !== 0) {
    if (/not a git repository|must be run in a work tree/i.test(stderr)) return false;
    throw refused(stderr);
  }
  return (await run(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])).status === 0;
}

/** The merge base of two commits. */
export async function mergeBase(place: GitPlace, a: string, b: string): Promise<string> {
  const { status, stdout } = await run(place, ['merge-base', a, b]);
  if (status === 0) return stdout.toString('utf8').trim();
  throw new RpmDepsError('GIT', 'the two revisions have no commit in common', {
    hint: 'compare them with `OLD NEW` instead of `OLD...NEW`; a shallow clone does not have it: `git fetch --unshallow`',
  });
}

/** The files directly in a directory (relative to the place) at a commit, by name, filtered by `wants`. */
export async function filesAt(
  place: GitPlace,
  commit: string,
  folder: string,
  wants: (name: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const path = posix.normalize(`${await workTreePrefix(place)}${folder}`).replace(/\/+$/, '');
  if (leadsOut(path)) throw new RpmDepsError('USAGE', `\`${folder}\` is outside of the git repository`);
  return filesIn(place, path === '.' ? commit : `${commit}:${path}`, wants);
}

/** The object of `REVISION:PATH`: the text of a file, or the files directly in a directory, filtered by `wants`. */
export async function contentOf(
  place: GitPlace,
  name: string,
  wants: (name: string) => boolean,
): Promise<{ readonly kind: 'file'; readonly text: string } | { readonly kind: 'folder'; readonly files: ReadonlyMap<string, string> }> {
  await workTreePrefix(place);
  const { status, stdout } = await run(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
  const id = stdout.toString('utf8').trim();
  const kind = status === 0 ? (await run(place, ['cat-file', '-t', id])).stdout.toString('utf8').trim() : '';
  if (kind === 'blob') return { kind: 'file', text: (await readBlobs(place, [id]))[0] ?? '' };
  if (kind === 'tree') return { kind: 'folder', files: await filesIn(place, id, wants) };
  throw new RpmDepsError('GIT', `\`${name}\` is neither a path nor a file or folder of a revision`, {
    hint: `\`git ls-tree ${name.slice(0, name.indexOf(':')) || 'HEAD'}\` shows what a revision has`,
  });
}

async function filesIn(place: GitPlace, tree: string, wants: (name: string) => boolean): Promise<ReadonlyMap<string, string>> {
  const list = (of: string): Promise<GitAnswer> => run(place, ['ls-tree', '-z', '--full-tree', of]);
  let { status, stdout, stderr } = await list(tree);
  if (status !== 0 && !isNamed(tree)) throw refused(stderr);
  if (status !== 0) {
    // The directory, or one above it, may be a link.
    const [id, type] = await followed(place, tree);
    if (type === 'tree') ({ status, stdout, stderr } = await list(id));
  }
  if (status !== 0) return new Map();
  const entries = stdout
    .toString('utf8')
    .split('\0')
    .map((line) => /^(\d+) blob ([0-9a-f]+)\t(.+)$/s.exec(line))
    .filter((match) => match !== null && wants(match[3]!))
    .map((match) => ({ isLink: match![1] === LINK_MODE, id: match![2]!, name: match![3]! }));
  const objects = entries.map(({ isLink, id, name }) => (isLink ? `${tree}${tree.includes(':') ? '/' : ':'}${name}` : id));
  const texts = await readBlobs(place, objects);
  return new Map(entries.flatMap(({ name }, i) => (texts[i] === undefined ? [] : [[name, texts[i]] as const])));
}

const LINK_MODE = '120000';

/** Resolves `REVISION:PATH`, following links within the revision: an id and its type, or a kind such as `symlink` with a size. */
async function followed(place: GitPlace, name: string): Promise<readonly [string, string]> {
  if (name.includes('\n')) return ['', 'missing'];
  const { stdout } = await run(place, ['cat-file', '--batch-check', '--follow-symlinks'], `${name}\n`);
  const [id = '', type = ''] = stdout.toString('utf8').slice(0, stdout.indexOf(10)).split(' ');
  return [id, type];
}

/** Whether a commit has a file at a path from its root, also through links; true also if the last link is broken or leads outside the commit. */
export async function hasFileAt(place: GitPlace, commit: string, path: string): Promise<boolean> {
  const [id, type] = await followed(place, `${commit}:${path}`);
  return type === 'blob' || /^(?:symlink|dangling|loop)$/.test(id);
}

/** Reads all objects with one git process, following links within the revision; undefined for directories and for broken or outside links. */
export async function readBlobs(place: GitPlace, objects: readonly string[]): Promise<(string | undefined)[]> {
  if (objects.length === 0) return [];
  // One object per line: a name with a line break cannot be queried.
  const asked = objects.map((object) => (object.includes('\n') ? '' : object));
  const { status, stdout, stderr } = await run(place, ['cat-file', '--batch', '--follow-symlinks'], `${asked.join('\n')}\n`);
  if (status !== 0) throw refused(stderr);
  const texts: (string | undefined)[] = [];
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(10, at);
    const header = stdout.toString('utf8', at, end);
    const size = /^(?:[0-9a-f]{40,} \w+|symlink|dangling|loop|notdir) (\d+)$/.exec(header)?.[1];
    // `NAME missing` has no content. An id is of an existing object, so a missing one is an error.
    if (size === undefined && !isNamed(objects[texts.length]!)) throw refused('an object is missing');
    const start = end + 1;
    const length = Number(size ?? -1);
    texts.push(/^[0-9a-f]{40,} blob /.test(header) ? stdout.toString('utf8', start, start + length) : undefined);
    at = start + length + 1;
  }
  return texts;
}

const isNamed = (object: string): boolean => object.includes(':');

/** Path from the root of the work tree to the place, empty or ending in a slash. */
export async function workTreePrefix(place: GitPlace): Promise<string> {
  const { status, stdout, stderr } = await run(place, ['rev-parse', '--show-prefix']);
  if (status === 0) return stdout.toString('utf8').replace(/\n$/, '');
  if (!/not a git repository|must be run in a work tree/i.test(stderr)) throw refused(stderr);
  throw new RpmDepsError('GIT', `\`${place.cwd}\` is not in a git repository`, {
    hint: 'name two directories or two lockfiles to compare',
  });
}

function refused(stderr: string): RpmDepsError {
  const line = stderr.trim().split('\n')[0] ?? '';
  return new RpmDepsError('GIT', `git failed: ${line.replace(/^fatal: /, '')}`, {
    hint: 'name two directories or two lockfiles to compare',
  });
}
