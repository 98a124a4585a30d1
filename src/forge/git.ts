/** What git knows of revisions: commits, files and folders of them. */
import { posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { leadsOut } from '../base/leads-out.ts';
import { type GitPlace, runGit as run } from './run-git.ts';

export type { GitPlace } from './run-git.ts';

/** The commit that a revision means; throws GIT when there is none, or no repository. */
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

/** Whether there is a commit to compare with: not in a new repository, nor outside of any. */
export async function hasCommit(place: GitPlace): Promise<boolean> {
  const { status, stderr } = await run(place, ['rev-parse', '--show-prefix']);
  if (status !== 0) {
    if (/not a git repository|must be run in a work tree/i.test(stderr)) return false;
    throw refused(stderr);
  }
  return (await run(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])).status === 0;
}

/** The commit at which two commits parted. */
export async function mergeBase(place: GitPlace, a: string, b: string): Promise<string> {
  const { status, stdout } = await run(place, ['merge-base', a, b]);
  if (status === 0) return stdout.toString('utf8').trim();
  throw new RpmDepsError('GIT', 'the two revisions have no commit in common', {
    hint: 'compare them with `OLD NEW` instead of `OLD...NEW`; a shallow clone does not have it: `git fetch --unshallow`',
  });
}

/** The files directly in a folder (relative to the place) at a commit, by name, that `wants` lets through. */
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

/** What `REVISION:PATH` names: the text of a file, or the files directly in a folder that `wants` lets through. */
export async function contentOf(
  place: GitPlace,
  name: string,
  wants: (name: string) => boolean,
): Promise<{ readonly kind: 'file'; readonly text: string } | { readonly kind: 'folder'; readonly files: ReadonlyMap<string, string> }> {
  await workTreePrefix(place);
  const { status, stdout } = await run(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
  const id = stdout.toString('utf8').trim();
  const kind = status === 0 ? (await run(place, ['cat-file', '-t', id])).stdout.toString('utf8').trim() : '';
  if (kind === 'blob') return { kind: 'file', text: (await readBlobs(place, [id]))[0]! };
  if (kind === 'tree') return { kind: 'folder', files: await filesIn(place, id, wants) };
  throw new RpmDepsError('GIT', `\`${name}\` is neither a path nor a file or folder of a revision`, {
    hint: `\`git ls-tree ${name.slice(0, name.indexOf(':')) || 'HEAD'}\` shows what a revision has`,
  });
}

async function filesIn(place: GitPlace, tree: string, wants: (name: string) => boolean): Promise<ReadonlyMap<string, string>> {
  const { status, stdout } = await run(place, ['ls-tree', '-z', '--full-tree', tree]);
  if (status !== 0) return new Map();
  const entries = stdout
    .toString('utf8')
    .split('\0')
    .map((line) => /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line))
    .filter((match) => match !== null && wants(match[2]!))
    .map((match) => ({ id: match![1]!, name: match![2]! }));
  const blobs = await readBlobs(
    place,
    entries.map(({ id }) => id),
  );
  return new Map(entries.map(({ name }, i) => [name, blobs[i]!]));
}

/** One git for all of them. */
async function readBlobs(place: GitPlace, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { status, stdout, stderr } = await run(place, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  if (status !== 0) throw refused(stderr);
  const texts: string[] = [];
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(10, at);
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(stdout.toString('latin1', at, end))?.[1];
    if (size === undefined) throw refused('an object is missing');
    const start = end + 1;
    texts.push(stdout.toString('utf8', start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return texts;
}

/** Path from the top of the work tree to the place, empty or ending in a slash. */
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
