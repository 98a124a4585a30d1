import type { RelockInput, RelockOutput } from '../../commands/relock.ts';
import { lock, update } from '../../commands/update.ts';
import { renderDiffText } from '../../views/diff-text.ts';
import { renderRelock, unmetWarnings } from '../../views/relock-text.ts';
import type { Invocation } from '../command.ts';
import { errorObject, reportFailure } from '../exit.ts';
import { writePullRequest } from '../pull-request.ts';
import { printTimings, projectInput, timingsJson } from '../shared-input.ts';

export async function updateAction(invocation: Invocation): Promise<number> {
  const { args, options, context } = invocation;
  const output = await update({ ...relockInput(invocation), names: args, source: options.list('source') }, context);
  await writePullRequest(() => output.diff, invocation);
  return printRelock(output, invocation);
}

export async function lockAction(invocation: Invocation): Promise<number> {
  const output = await lock(relockInput(invocation), invocation.context);
  await writePullRequest(() => output.diff, invocation);
  return printRelock(output, invocation);
}

function relockInput({ options }: Invocation): RelockInput {
  return {
    ...projectInput(options),
    arch: options.list('arch'),
    set: options.list('set'),
    dryRun: options.flag('dry-run'),
    keepGoing: options.flag('keep-going'),
  };
}

function printRelock(output: RelockOutput, invocation: Invocation): number {
  const { printer, options, progress } = invocation;
  warnOfUnmet(output, invocation);
  const { failure } = output;
  if (printer.json) {
    printer.outJson({
      ...relockJson(output),
      warnings: progress.warnings,
      ...timingsJson(invocation),
      ...(failure === undefined ? {} : { error: errorObject(failure) }),
    });
  } else printRelockText(output, invocation);
  if (options.flag('timings')) printTimings(progress.timings, printer);
  return failure === undefined ? 0 : reportFailure(failure, { ...printer, json: false });
}

export function relockJson({ sets, diff, dryRun }: RelockOutput): Record<string, unknown> {
  return { changed: sets.some(({ written }) => written), dry_run: dryRun, sets, diff };
}

export function warnOfUnmet({ sets }: RelockOutput, { context }: Invocation): void {
  context.emit({ kind: 'warnings', warnings: unmetWarnings(sets), targets: sets.map(({ set, architecture }) => ({ set, architecture })) });
}

/** The table is data, unless stdout was asked for a title. */
export function printRelockText(output: RelockOutput, { printer, options }: Invocation): void {
  const { sets, dryRun } = output;
  const text = `${renderRelock(sets, { dryRun })}${dryRun ? `\n${renderDiffText(output.diff)}` : ''}`;
  if (options.flag('pr-title')) printer.say(text.trimEnd());
  else printer.out(text);
}
