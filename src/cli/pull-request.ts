import { resolve } from 'node:path';
import { writeFileAtomic } from '../io/atomic-file.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { warningTexts } from '../views/warnings-text.ts';
import type { Invocation } from './command.ts';

/**
 * Writes `--pr-title` to stdout and `--pr-body FILE` to a file. Without changes it writes neither, because no pull request is needed.
 * The body includes warnings of the run, such as a version that is gone from the mirror.
 */
export async function writePullRequest(
  makeDiff: () => LockfileDiff | undefined,
  { options, context, printer, progress }: Invocation,
  {
    notes = [],
    ...pins
  }: { readonly bumps?: readonly string[]; readonly downgrades?: readonly string[]; readonly notes?: readonly string[] } = {},
): Promise<void> {
  const body = options.text('pr-body');
  if (body === undefined && !options.flag('pr-title')) return;
  const diff = makeDiff();
  const { pullRequestTitle } = await import('../views/pull-request.ts');
  const title = diff && pullRequestTitle(diff, pins);
  if (body !== undefined) {
    const { renderDiffMarkdown } = await import('../views/diff-markdown.ts');
    const text =
      diff === undefined || title === undefined ? '' : renderDiffMarkdown(diff, { notes: [...notes, ...warningTexts(progress.warnings)] });
    await writeFileAtomic(resolve(context.cwd, body), text);
  }
  if (options.flag('pr-title') && !printer.json && title !== undefined) printer.out(`${title}\n`);
}
