/**
 * A small text in a git remote, at a ref that is not a branch: it needs no server of its own, starts no CI job and is in no list of
 * branches. Its commit has no history.
 */
import { gitOutput } from './git-output.ts';
import { fetchRef, type PushOutcome, pushRef, readTip } from './git-remote.ts';
import { makeCommit } from './git-tree.ts';
import type { GitPlace } from './run-git.ts';

export interface RemoteText {
  /** Empty if there is none. */
  readonly text: string;
  /** Commit of the text; undefined if there is none. */
  readonly commit: string | undefined;
}

const FILE = 'text';
const AUTHOR = { name: 'rpm-deps', email: 'rpm-deps@localhost' };

export async function readRemoteText(place: GitPlace, remote: string, ref: string): Promise<RemoteText> {
  const commit = await readTip(place, remote, ref);
  if (commit === undefined) return { text: '', commit };
  await fetchRef(place, remote, { ref, name: `\`${ref}\``, commit });
  return { text: await gitOutput(place, ['cat-file', 'blob', `${commit}:${FILE}`]), commit };
}

export interface TextToKeep {
  readonly ref: string;
  readonly text: string;
  /** Commit that is replaced, as read before. */
  readonly expected: string | undefined;
  /** Seconds since 1970. */
  readonly time: number;
}

export async function writeRemoteText(place: GitPlace, remote: string, { ref, text, expected, time }: TextToKeep): Promise<PushOutcome> {
  const blob = (await gitOutput(place, ['hash-object', '-w', '--stdin'], text)).trim();
  const tree = (await gitOutput(place, ['mktree'], `100644 blob ${blob}\t${FILE}\n`)).trim();
  const message = 'state that rpm-deps bot keeps from run to run\n';
  const commit = await makeCommit(place, { tree, parent: undefined, message, author: AUTHOR, committer: AUTHOR, time, sign: false });
  return pushRef(place, remote, { ref, name: ref, commit, expected });
}
