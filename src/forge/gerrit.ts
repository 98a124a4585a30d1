/** Gerrit over git alone: changes are pushed to `refs/for/BASE`, and the `Change-Id` in the message identifies the change. */
import { createHash } from 'node:crypto';
import { gitFailure, shownGitText } from './git-failure.ts';
import { gitOutput } from './git-output.ts';
import { type GitPlace, runGit } from './run-git.ts';

export type GerritOutcome =
  | { readonly kind: 'pushed'; readonly url: string | undefined }
  /** The change already has this commit. */
  | { readonly kind: 'unchanged' }
  /** The change is merged or abandoned. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface GerritPush {
  readonly base: string;
  readonly commit: string;
  readonly topic: string;
  readonly reviewers: readonly string[];
  readonly labels: readonly string[];
  /** Undefined leaves it as it is. */
  readonly draft: boolean | undefined;
}

/** The same id for the same parts, until a change with this id is merged: a merged change accepts no more patch sets, so the next id is used. */
export function changeId(parts: readonly string[], merged: ReadonlySet<string>): string {
  const idOf = (...all: readonly string[]): string => `I${createHash('sha1').update(all.join('\0')).digest('hex')}`;
  let id = idOf(...parts);
  while (merged.has(id)) id = idOf(...parts, id);
  return id;
}

/** Ids of the changes in the history of a commit that have a trailer. */
export async function mergedChangeIds(place: GitPlace, commit: string, trailer: string): Promise<ReadonlySet<string>> {
  const text = await gitOutput(place, ['log', '--no-show-signature', '--format=%B', `--grep=^${trailer}: `, commit, '--']);
  return new Set([...text.matchAll(/^Change-Id: (I[0-9a-f]{40})$/gm)].map((match) => match[1]!));
}

export async function pushChange(
  place: GitPlace,
  remote: string,
  { base, commit, topic, reviewers, labels, draft }: GerritPush,
): Promise<GerritOutcome> {
  const options = [
    `topic=${topic}`,
    ...reviewers.map((name) => `r=${name}`),
    ...labels.map((name) => `hashtag=${name}`),
    ...(draft === undefined ? [] : [draft ? 'wip' : 'ready']),
  ];
  const target = `refs/for/${base}%${options.map((option) => encodeURIComponent(option).replaceAll('%3D', '=').replaceAll('%40', '@')).join(',')}`;
  const { status, stdout, stderr } = await runGit(place, ['push', '--porcelain', '--no-verify', '--', remote, `${commit}:${target}`]);
  const said = `${stdout.toString('utf8')}\n${stderr}`;
  if (status === 0) return { kind: 'pushed', url: /https?:\/\/\S+\/\+\/\d+/.exec(said)?.[0] };
  if (/no new changes/i.test(said)) return { kind: 'unchanged' };
  if (/change \S+ closed|is (?:merged|abandoned|closed)/i.test(said)) return { kind: 'closed' };
  const line = stdout
    .toString('utf8')
    .split('\n')
    .find((text) => text.startsWith('!'));
  if (line === undefined) throw gitFailure('the change cannot be pushed', stderr);
  return {
    kind: 'refused',
    reason: [/\(([^)]*)\)\s*$/.exec(line)?.[1] ?? '', shownGitText(stderr)].filter((text) => text !== '').join(': '),
  };
}
