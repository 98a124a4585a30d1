/** Detects who pushed to the branch of a topic: only the bot's own commits may be replaced. */
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
  /** The bot's commit, possibly followed by commits of authors in `ownAuthors`. */
  | { readonly kind: 'own'; readonly tip: string; readonly changes: TreeChanges }
  | { readonly kind: 'others'; readonly tip: string; readonly who: string };

/** Trailer of the bot's commits with their original tree. */
export const TREE_TRAILER = 'Rpm-Deps-Tree';

const MAX_COMMITS = 20;

export interface BranchQuery {
  readonly remote: string;
  readonly branch: string;
  /** Mail addresses whose commits are treated like the bot's. */
  readonly ownAuthors: readonly string[];
}

/** Queries the remote each time. */
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

/** In a shallow clone the parent may be missing: then nothing can be compared, and the commit is created again. */
export async function changesSince(place: GitPlace, parent: string, commit: string): Promise<TreeChanges> {
  return treeChanges(place, parent, commit).catch(() => new Map());
}

/** The message contains the tree that the bot committed; after an amend, the tree of the commit differs from it. */
export function isOwn({ message, tree, parents }: CommitFacts): boolean {
  return parents.length === 1 && new RegExp(`^${TREE_TRAILER}: ([0-9a-f]{40,64})$`, 'm').exec(message)?.[1] === tree;
}

/** Whether two commits make the same changes to the same files. The recorded revisions of a lockfile's repositories do not count. */
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
  return others.every((_, i) => haveSameContent(texts[2 * i], texts[2 * i + 1]));
}

function haveSameContent(a: string | undefined, b: string | undefined): boolean {
  const [one, two] = [a, b].map((text) => lockIn(text));
  return one !== undefined && two !== undefined && sameContent(one, two);
}

/** Undefined if the text is not a lockfile. */
export function lockIn(text: string | undefined): Lockfile | undefined {
  try {
    return text === undefined ? undefined : parseLockfile(text, 'lock');
  } catch {
    return undefined;
  }
}
