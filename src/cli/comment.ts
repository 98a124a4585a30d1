import { appendFile } from 'node:fs/promises';
import { type CommentInput, commentDiff } from '../bot/ci-comment.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { Context } from '../run/context.ts';
import type { Printer } from './printer.ts';

/** `diff --comment`: writes a comment on the pull request if the job has permission, and always to the summary of the job and to stdout. */
export async function commentOnPullRequest(
  input: CommentInput,
  context: Context,
  printer: Printer,
): Promise<{ readonly diff: LockfileDiff; readonly text: string }> {
  const { diff, markdown, comment } = await commentDiff(input, context);
  const summary = context.env['GITHUB_STEP_SUMMARY'];
  if (summary) await appendFile(summary, `${markdown}\n`);
  printer.say(SAID[comment]);
  return { diff, text: markdown };
}

const SAID = {
  written: 'commented on the pull request',
  edited: 'edited the comment on the pull request',
  unchanged: 'the comment on the pull request is up to date',
  none: 'no changes: nothing to comment',
  not_allowed: 'no comment: this is not a job of a pull request, or its token has no write access',
} as const;
