import type { RelockInput, RelockOutput } from '../../commands/relock.ts';
import { lock, update } from '../../commands/update.ts';
import { lockView, type RelockData, unmetWarnings, updateView } from '../../views/relock.ts';
import { defineAction, type Outcome } from '../action.ts';
import type { Invocation } from '../command.ts';
import { writePullRequest } from '../pull-request.ts';
import { allowDowngrade, printTimings, projectInput, timingsData } from '../shared-input.ts';

export const updateAction = defineAction(updateView, async (invocation) => {
  const { args, options, context } = invocation;
  return relockOutcome(await update({ ...relockInput(invocation), names: args, source: options.list('source') }, context), invocation);
});

export const lockAction = defineAction(lockView, async (invocation) =>
  relockOutcome(await lock(relockInput(invocation), invocation.context), invocation),
);

function relockInput({ options }: Invocation): RelockInput {
  return {
    ...projectInput(options),
    arch: options.list('arch'),
    set: options.list('set'),
    allowDowngrade: allowDowngrade(options),
    dryRun: options.flag('dry-run'),
    keepGoing: options.flag('keep-going'),
  };
}

async function relockOutcome(output: RelockOutput, invocation: Invocation): Promise<Outcome<RelockData>> {
  const { options } = invocation;
  warnOfUnmet(output, invocation);
  await writePullRequest(() => output.diff, invocation);
  return { data: relockData(output, invocation), failure: output.failure, textToStderr: options.flag('pr-title') };
}

/** The output with the data for `--timings`; the table of times is printed here. */
export function relockData(output: RelockOutput, invocation: Invocation): RelockData {
  const { options, printer, progress } = invocation;
  if (options.flag('timings')) printTimings(progress.timings, printer);
  return {
    sets: output.sets,
    // Computed on first access.
    get diff() {
      return output.diff;
    },
    dryRun: output.dryRun,
    timings: timingsData(invocation),
  };
}

export function warnOfUnmet({ sets }: RelockOutput, { context }: Invocation): void {
  context.emit({ kind: 'warnings', warnings: unmetWarnings(sets), targets: sets.map(({ set, architecture }) => ({ set, architecture })) });
}

/** The output if the manifest did not change. */
export async function nothingLocked(invocation: Invocation): Promise<RelockData> {
  const { diffLockfiles } = await import('../../lockfile/diff.ts');
  const { options, progress, printer } = invocation;
  if (options.flag('timings')) printTimings(progress.timings, printer);
  return { sets: [], diff: diffLockfiles([], []), dryRun: options.flag('dry-run'), timings: timingsData(invocation) };
}
