import { bump } from '../../commands/bump.ts';
import type { BumpRow } from '../../lockfile/bump.ts';
import { bumpView, renderBump } from '../../views/bump.ts';
import { defineAction } from '../action.ts';
import { writePullRequest } from '../pull-request.ts';
import { allowDowngrade, projectInput } from '../shared-input.ts';
import { nothingLocked, relockData, warnOfUnmet } from './relock.ts';

export const bumpAction = defineAction(bumpView, async (invocation) => {
  const { args, options, context, printer } = invocation;
  const { rows, locks } = await bump(
    {
      ...projectInput(options),
      names: args,
      to: options.text('to'),
      allowDowngrade: allowDowngrade(options),
      dryRun: options.flag('dry-run'),
    },
    context,
  );
  if (locks !== undefined) warnOfUnmet(locks, invocation);
  const bumped = rows.filter(({ status }) => status === 'bump');
  const bumps = bumped.filter((row) => !row.is_downgrade).map(bumpWords);
  const downgrades = bumped.filter((row) => row.is_downgrade).map(bumpWords);
  await writePullRequest(() => locks?.diff, invocation, { bumps, downgrades, notes: rows.filter(isNoteworthy).map(noteOf) });
  if (rows.length === 0 && !printer.json) printer.say('the manifest pins no versions: `rpm-deps update` updates the locked packages');
  return {
    data: { rows, locks: locks === undefined ? await nothingLocked(invocation) : relockData(locks, invocation) },
    textToStderr: options.flag('pr-title'),
  };
});

/** Changes that a reviewer would not see in the lockfiles: pins whose version is gone, and pins that stay although there is a newer version. */
const isNoteworthy = ({ status, gone }: BumpRow): boolean =>
  gone.length > 0 || ['held', 'no_common_version', 'no_newer_version'].includes(status);

const noteOf = (row: BumpRow): string => renderBump([row]).trimEnd().replace(/\n\s*/g, '; ');

const bumpWords = ({ pin, to }: BumpRow): string => `${pin.variable ?? pin.packages[0] ?? pin.template} to ${to}`;
