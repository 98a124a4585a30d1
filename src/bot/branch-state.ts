/** Whose the branch of a topic is: only what the bot pushed itself may be replaced. */
import { branchRef, fetchCommit, readTip } from '../forge/git-remote.ts';
import { type CommitFacts, readCommit, type TreeChanges, treeChanges } from '../forge/git-tree.ts';
import type { GitPlace } from '../forge/run-git.ts';

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

/** Whether two commits make the same of the same files. */
export function sameChanges(a: TreeChanges, b: TreeChanges): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([path, { before, after }]) => {
    const other = b.get(path);
    return other !== undefined && other.before === before && other.after === after;
  });
}
