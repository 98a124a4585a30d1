/** Branches of a remote: reading their tips, fetching them, and pushing without overwriting commits of others. */
import { RpmDepsError } from '../base/errors.ts';
import { gitFailure, shownGitText } from './git-failure.ts';
import { type GitPlace, runGit } from './run-git.ts';

export interface RemoteState {
  /** Commits by full name of the ref, including the branch of HEAD. */
  readonly refs: ReadonlyMap<string, string>;
  /** Branch of HEAD; undefined if the remote does not report it. */
  readonly head: string | undefined;
}

export type PushOutcome =
  | { readonly kind: 'pushed' }
  /** The branch has moved since it was read. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'refused'; readonly reason: string };

const BRANCHES = 'refs/heads/';
export const branchRef = (branch: string): string => `${BRANCHES}${branch}`;
/** Name of the branch of a full ref. */
export const branchOf = (ref: string): string => ref.slice(BRANCHES.length);

/** URL of a remote as git uses it; undefined if there is no such remote. */
export async function remoteUrl(place: GitPlace, remote: string): Promise<string | undefined> {
  const { status, stdout, stderr } = await runGit(place, ['remote', 'get-url', '--', remote]);
  if (status === 0) return stdout.toString('utf8').trim();
  if (/not a git repository/i.test(stderr))
    throw new RpmDepsError('GIT', `\`${place.cwd}\` is not in a git repository`, { hint: 'clone the project first' });
  return undefined;
}

export async function readRemote(place: GitPlace, remote: string, patterns: readonly string[] = []): Promise<RemoteState> {
  const { status, stdout, stderr } = await runGit(place, ['ls-remote', '--symref', '--', remote, 'HEAD', ...patterns]);
  if (status !== 0) throw gitFailure('the git remote cannot be read', stderr);
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const line of stdout.toString('utf8').split('\n')) {
    const symbolic = /^ref: refs\/heads\/(\S+)\tHEAD$/.exec(line);
    const plain = /^([0-9a-f]{40,64})\t(\S+)$/.exec(line);
    if (symbolic !== null) head = symbolic[1];
    else if (plain !== null) refs.set(plain[2]!, plain[1]!);
  }
  if (head !== undefined && refs.has('HEAD')) refs.set(branchRef(head), refs.get('HEAD')!);
  return { refs, head };
}

/** Commit of a ref; undefined if the remote has no such ref. */
export const readTip = async (place: GitPlace, remote: string, ref: string): Promise<string | undefined> =>
  (await readRemote(place, remote, [ref])).refs.get(ref);

/** Fetches a commit of a branch into this repository. */
export async function fetchCommit(
  place: GitPlace,
  remote: string,
  { branch, commit }: { readonly branch: string; readonly commit: string },
): Promise<void> {
  await fetchRef(place, remote, { ref: branchRef(branch), name: `the branch \`${branch}\``, commit });
}

/** Adds only objects: no ref, no FETCH_HEAD, no tags. */
export async function fetchRef(
  place: GitPlace,
  remote: string,
  { ref, name, commit }: { readonly ref: string; readonly name: string; readonly commit: string },
): Promise<void> {
  if (await hasCommit(place, commit)) return;
  const shallow = (await runGit(place, ['rev-parse', '--is-shallow-repository'])).stdout.toString('utf8').trim() === 'true';
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-gc', '--refmap='];
  const { status, stderr } = await runGit(place, [...args, ...(shallow ? ['--depth=20'] : []), '--', remote, ref]);
  if (status !== 0) throw gitFailure(`${name} cannot be fetched`, stderr);
  if (!(await hasCommit(place, commit))) {
    throw new RpmDepsError('FORGE', `${name} moved while it was fetched`, { hint: 'run it again: completed steps are not repeated' });
  }
}

/** Whether the commit and its tree are in this repository, which comparisons need. */
async function hasCommit(place: GitPlace, commit: string): Promise<boolean> {
  if (place.found?.has(commit) === true) return true;
  const isHere = (await runGit(place, ['cat-file', '-e', `${commit}^{tree}`])).status === 0;
  if (isHere) place.found?.add(commit);
  return isHere;
}

/** A branch whose name is a parent or child path of this one, such as `a` and `a/b`: git cannot store both. */
export async function branchInTheWay(place: GitPlace, remote: string, branch: string): Promise<string | undefined> {
  const parts = branch.split('/');
  const above = parts.slice(1).map((_, i) => branchRef(parts.slice(0, i + 1).join('/')));
  const below = `${branchRef(branch)}/`;
  const { refs } = await readRemote(place, remote, [...above, `${below}*`]);
  const found = [...refs.keys()].find((ref) => above.includes(ref) || ref.startsWith(below));
  return found && branchOf(found);
}

export interface Push {
  readonly branch: string;
  /** Undefined: delete the branch. */
  readonly commit: string | undefined;
  /** Tip of the branch when it was read; undefined if it did not exist. */
  readonly expected: string | undefined;
}

/** Never overwrites commits that were not read before. */
export const pushBranch = (place: GitPlace, remote: string, { branch, ...push }: Push): Promise<PushOutcome> =>
  pushRef(place, remote, { ref: branchRef(branch), name: branch, ...push });

export async function pushRef(
  place: GitPlace,
  remote: string,
  { ref, name, commit, expected }: Omit<Push, 'branch'> & { readonly ref: string; readonly name: string },
): Promise<PushOutcome> {
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const { status, stdout, stderr } = await runGit(place, [
    'push',
    '--porcelain',
    '--no-verify',
    lease,
    '--',
    remote,
    `${commit ?? ''}:${ref}`,
  ]);
  if (status === 0) return { kind: 'pushed' };
  const line =
    stdout
      .toString('utf8')
      .split('\n')
      .find((text) => text.startsWith('!')) ?? '';
  const reason = /\(([^)]*)\)\s*$/.exec(line)?.[1] ?? '';
  // With a lease git itself never reports this: the remote refuses forced pushes.
  const isNotForced = /\[remote rejected\] \(non-fast-forward\)/.test(line);
  if (
    !isNotForced &&
    /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|reference already exists|incorrect old value/i.test(
      reason,
    )
  )
    return { kind: 'moved' };
  // If another client has deleted the branch, the deletion is done.
  if (commit === undefined && /remote ref does not exist/i.test(stderr)) return { kind: 'moved' };
  // The remote could not store the objects: this is a failure, not a refusal.
  if (/unpacker error/i.test(reason))
    throw new RpmDepsError('FORGE', `the remote cannot store \`${name}\`: ${shownGitText(stderr)}`, {
      hint: 'run it again later: completed steps are not repeated',
    });
  if (line !== '' && /remote rejected|rejected/.test(line)) {
    const said = shownGitText(
      stderr
        .split('\n')
        .filter((text) => text.startsWith('remote:'))
        .join('\n'),
    );
    return { kind: 'refused', reason: [reason, said].filter((text) => text !== '').join(': ') };
  }
  throw gitFailure(`\`${name}\` cannot be pushed`, stderr);
}
