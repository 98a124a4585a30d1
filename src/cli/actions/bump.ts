import { bump } from '../../commands/bump.ts';
import type { BumpRow } from '../../lockfile/bump.ts';
import { diffLockfiles } from '../../lockfile/diff.ts';
import { renderBump } from '../../views/outdated-text.ts';
import type { Invocation } from '../command.ts';
import { writePullRequest } from '../pull-request.ts';
import { printTimings, projectInput, timingsJson } from '../shared-input.ts';
import { printRelockText, relockJson, warnOfUnmet } from './relock.ts';

export async function bumpAction(invocation: Invocation): Promise<number> {
  const { args, options, context, printer, progress } = invocation;
  const { rows, locks } = await bump(
    { ...projectInput(options), names: args, to: options.text('to'), dryRun: options.flag('dry-run') },
    context,
  );
  if (locks !== undefined) warnOfUnmet(locks, invocation);
  const bumped = rows.filter(({ status }) => status === 'bump').map(bumpWords);
  await writePullRequest(() => locks?.diff, invocation, { bumps: bumped, notes: rows.filter(isNoteworthy).map(noteOf) });
  if (printer.json) {
    const unchanged = { changed: false, dry_run: options.flag('dry-run'), sets: [], diff: diffLockfiles([], []) };
    printer.outJson({
      bumps: rows,
      ...(locks === undefined ? unchanged : relockJson(locks)),
      warnings: progress.warnings,
      ...timingsJson(invocation),
    });
  } else {
    const text = renderBump(rows);
    if (rows.length === 0) printer.say('the manifest pins no versions: `rpm-deps update` moves what is locked');
    else if (options.flag('pr-title')) printer.say(text.trimEnd());
    else printer.out(text);
    if (locks !== undefined) printRelockText(locks, invocation);
  }
  if (options.flag('timings')) printTimings(progress.timings, printer);
  return 0;
}

/** What a reviewer would not see in the lockfiles: pins that are gone, and those that stay though there is something newer. */
const isNoteworthy = ({ status, gone }: BumpRow): boolean => gone.length > 0 || status === 'held' || status === 'no_common_version';

const noteOf = (row: BumpRow): string => renderBump([row]).trimEnd().replace(/\n\s*/g, '; ');

const bumpWords = ({ pin, to }: BumpRow): string => `${pin.variable ?? pin.packages[0] ?? pin.template} to ${to}`;
