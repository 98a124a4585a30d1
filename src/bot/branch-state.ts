/** Whose the branch of a topic is: only what the bot pushed itself may be replaced. */
import { readBlobs } from '../forge/git.ts';
import { branchRef, fetchCommit, readTip } from '../forge/git-remote.ts';
import { type CommitFacts, readCommit, type TreeChanges, treeChanges } from '../forge/git-tree.ts';
import type { GitPlace } from '../forge/run-git.ts';
import { LOCKFILE_SUFFIX } from '../lockfile/lock-archive.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { sameContent } from '../lockfile/same-content.ts';

export type BranchState =
  | { readonly kind: 'absent' }
  /** The bot's commit, perhaps with commits of those on top that count as its own. */
  | { readonly kind: 'own'; readonly tip: string; readonly changes: TreeChanges }
  | { readonly kind: 'others'; readonly tip: string; readonly who: string };

/** Trailer of the bot's commits: the tree that it gave them. */
export const TREE_TRAILER = 'Rpm-Deps-Tree';

const MAX_COMMITS = 20;

export interface BranchQuery {
  readonly remote: string;
  readonly branch: string;
  /** Mail addresses whose commits count as the bot's. */
  readonly ownAuthors: readonly string[];
}

/** Asks the remote again. */
export async function readBranch(place: GitPlace, { remote, branch, ownAuthors }: BranchQuery): Promise<BranchState> {
  const tip = await readTip(place, remote, branchRef(branch));
  if (tip === undefined) return { kind: 'absent' };
  await fetchCommit(place, remote, { branch, commit: tip });
  let commit = tip;
  for (let i = 0; i < MAX_COMMITS; i++) {
    const facts = await readCommit(place, commit);
    const [parent] = facts.parents;
    if (isOwn(facts) && parent !== undefined) return { kind: 'own', tip, changes: await changesSince(place, parent, commit) };
    if (parent === undefined || facts.parents.length > 1 || !ownAuthors.includes(facts.authorEmail))
      return { kind: 'others', tip, who: facts.authorEmail };
    commit = parent;
  }
  return { kind: 'others', tip, who: 'a long row of commits' };
}

/** In a shallow clone the parent may not be there: then nothing can be compared, and the commit is made again. */
export async function changesSince(place: GitPlace, parent: string, commit: string): Promise<TreeChanges> {
  return treeChanges(place, parent, commit).catch(() => new Map());
}

/** The message has the tree that the bot committed; an amended commit has another one. */
export function isOwn({ message, tree, parents }: CommitFacts): boolean {
  return parents.length === 1 && new RegExp(`^${TREE_TRAILER}: ([0-9a-f]{40,64})$`, 'm').exec(message)?.[1] === tree;
}

/** Whether two commits make the same of the same files. In which revision a lockfile's repositories were read makes no difference. */
export async function sameChanges(place: GitPlace, a: TreeChanges, b: TreeChanges): Promise<boolean> {
  if (a.size !== b.size) return false;
  const others: [string, string][] = [];
  for (const [path, { before, after }] of a) {
    const other = b.get(path);
    if (other === undefined || other.before !== before) return false;
    if (other.after === after) continue;
    if (after === null || other.after === null || !path.endsWith(LOCKFILE_SUFFIX)) return false;
    others.push([after, other.after]);
  }
  const ids = others.flat().map((entry) => entry.slice(entry.indexOf(' ') + 1));
  const texts = await readBlobs(place, ids);
  return others.every((_, i) => saysTheSame(texts[2 * i], texts[2 * i + 1]));
}

function saysTheSame(a: string | undefined, b: string | undefined): boolean {
  const [one, two] = [a, b].map((text) => lockIn(text));
  return one !== undefined && two !== undefined && sameContent(one, two);
}

/** Undefined for a text that is no lockfile. */
export function lockIn(text: string | undefined): Lockfile | undefined {
  try {
    return text === undefined ? undefined : parseLockfile(text, 'lock');
  } catch {
    return undefined;
  }
}
