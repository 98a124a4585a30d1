/** Maintains one comment about lockfile changes on the pull request of a CI job. */
import { readFile } from 'node:fs/promises';
import { RpmDepsError } from '../base/errors.ts';
import { fieldsOf } from '../base/fields.ts';
import { diff } from '../commands/diff.ts';
import type { Forge, ForgeKind, TextLimits } from '../forge/forge.ts';
import { mergeBase } from '../forge/git.ts';
import { branchRef, fetchCommit, fetchRef, readTip } from '../forge/git-remote.ts';
import { detectForge, openForge, placeOf } from '../forge/open-forge.ts';
import { parseRemoteUrl } from '../forge/remote-url.ts';
import { type GitPlace, runGit } from '../forge/run-git.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { ProjectInput } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';
import { diffComment, type KeptComment, keepDiffComment } from './diff-comment.ts';
import { isCode } from './failure.ts';
import { openRepository } from './repository.ts';

export interface CommentInput extends ProjectInput {
  /** Revision to compare with; default the base of the pull request. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly remote?: string | undefined;
}

export interface CommentOutput {
  readonly diff: LockfileDiff;
  readonly markdown: string;
  /** `not_allowed`: the token may not comment. */
  readonly comment: KeptComment | 'not_allowed';
}

const LIMITS: TextLimits = { title: 256, body: 65_536, unit: 'characters' };

/** A manifest of a fork is untrusted: it gets no variables of the environment, and only the forge is contacted. */
export async function commentDiff(input: CommentInput, context: Context): Promise<CommentOutput> {
  const { PATH, HOME, GIT_DIR, GIT_WORK_TREE } = context.env;
  // Files that it includes from a server are not shown, because only the cache could have them.
  const bare: Context = { ...context, offline: true, env: { PATH, HOME, GIT_DIR, GIT_WORK_TREE } };
  const before = input.before ?? (await baseCommit(input.remote ?? 'origin', context));
  const changes = await diff({ ...input, before, after: input.after, changelog: false }, bare);
  const comment = diffComment(changes, LIMITS, input.manifest ?? 'rpm-packages.yaml');
  const output = { diff: changes, markdown: comment.markdown };
  try {
    const found = await forgeOfJob(context);
    if (found === undefined) return { ...output, comment: 'not_allowed' };
    return { ...output, comment: await keepDiffComment(found.forge, found.number, comment) };
  } catch (error) {
    // Jobs of pull requests from forks have a read-only token, or none.
    if (!isCode(error, 'FORGE_DENIED')) throw error;
    context.emit({ kind: 'debug', text: `no comment: ${error.message}` });
    return { ...output, comment: 'not_allowed' };
  }
}

/** The forge and the pull request of the CI job. */
async function forgeOfJob({
  env,
  http,
  now,
  emit,
  signal,
}: Context): Promise<{ readonly forge: Forge; readonly number: number } | undefined> {
  const remote = parseRemoteUrl('.');
  const kind = detectForge(remote, env);
  if (kind === undefined || kind === 'gerrit') return undefined;
  const number = await pullNumber(kind, env);
  if (number === undefined) return undefined;
  return { number, forge: await openForge({ place: placeOf(kind, remote, { env }), env, http, now, emit, signal }) };
}

async function pullNumber(kind: ForgeKind, env: Context['env']): Promise<number | undefined> {
  if (kind === 'gitlab') return whole(env['CI_MERGE_REQUEST_IID']);
  const { number, pull } = await readEvent(env);
  return pull === undefined ? undefined : whole(String(fieldsOf(pull)['number'] ?? number));
}

/** What GitHub and Gitea have written for the job. */
async function readEvent(env: Context['env']): Promise<{ readonly number?: unknown; readonly pull?: unknown }> {
  const path = env['GITHUB_EVENT_PATH'];
  if (!path) return {};
  const { number, pull_request: pull } = fieldsOf(JSON.parse(await readFile(path, 'utf8')));
  return { number, pull };
}

const whole = (text: string | undefined): number | undefined => (/^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : undefined);

/**
 * Commit that the pull request starts from. A comparison with the tip of the target branch would show that branch's later changes
 * backwards. A shallow clone of a CI job has neither commit.
 */
async function baseCommit(remoteName: string, context: Context): Promise<string> {
  const { env } = context;
  const branch = env['GITHUB_BASE_REF'] || env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'];
  if (!branch) {
    throw new RpmDepsError('USAGE', 'cannot determine what to compare with: this is not a job of a pull request', {
      hint: 'name it: rpm-deps diff origin/main --comment',
    });
  }
  const { place, remote } = await openRepository(remoteName, context);
  if (remote === undefined) throw new RpmDepsError('USAGE', `there is no git remote \`${remoteName}\``);
  const start = await startOfJob(place, env);
  if (start !== undefined && (await isFetched(place, remote.name, start))) return start;
  const commit = await readTip(place, remote.name, branchRef(branch));
  if (commit === undefined) throw new RpmDepsError('GIT', `the remote has no branch \`${branch}\``);
  await fetchCommit(place, remote.name, { branch, commit });
  return mergeBase(place, commit, 'HEAD').catch(() => commit);
}

/** As the CI job has it: of the merge that is checked out, or of the branch. */
async function startOfJob(place: GitPlace, env: Context['env']): Promise<string | undefined> {
  const { pull } = await readEvent(env);
  const { head, merge_base: known } = fieldsOf(pull);
  // A shallow clone shows the parents of its commits here only.
  const { stdout } = await runGit(place, ['cat-file', 'commit', 'HEAD']);
  const [first, second] = [
    ...stdout
      .toString('utf8')
      .split('\n\n')[0]!
      .matchAll(/^parent (\w+)$/gm),
  ].map((match) => match[1]);
  const ofMerge = second !== undefined && second === fieldsOf(head)['sha'] ? first : undefined;
  const found = ofMerge ?? known ?? (env['CI_MERGE_REQUEST_TARGET_BRANCH_SHA'] || env['CI_MERGE_REQUEST_DIFF_BASE_SHA']);
  return typeof found === 'string' && /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
}

async function isFetched(place: GitPlace, remote: string, commit: string): Promise<boolean> {
  try {
    await fetchRef(place, remote, { ref: commit, name: 'the base of the pull request', commit });
    return true;
  } catch (error) {
    // Not every server gives a commit by its id.
    if (!isCode(error, 'GIT', 'FORGE', 'FORGE_DENIED')) throw error;
    return false;
  }
}
