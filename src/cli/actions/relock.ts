import type { RelockInput, RelockOutput } from '../../commands/relock.ts';
import { lock, update } from '../../commands/update.ts';
import { renderDiffText } from '../../reports/diff-text.ts';
import { renderRelock, renderUnmet } from '../../reports/relock-text.ts';
import type { Invocation } from '../command.ts';
import { errorObject, reportFailure } from '../exit.ts';
import { writePullRequest } from '../pull-request.ts';
import { printTimings, projectInput } from '../shared-input.ts';

export async function updateAction(invocation: Invocation): Promise<number> {
  const { args, options, context } = invocation;
  const output = await update({ ...relockInput(invocation), names: args, source: options.list('source') }, context);
  await writePullRequest(output.diff, invocation);
  return printRelock(output, invocation, { asTalk: options.flag('pr-title') });
}

export async function lockAction(invocation: Invocation): Promise<number> {
  return printRelock(await lock(relockInput(invocation), invocation.context), invocation, { asTalk: false });
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

/** The table is data, unless stdout was asked for something else. */
export function printRelock(output: RelockOutput, invocation: Invocation, { asTalk }: { readonly asTalk: boolean }): number {
  const { printer, options, progress } = invocation;
  const { sets, diff, dryRun, failure } = output;
  if (printer.json) {
    const error = failure === undefined ? {} : { error: errorObject(failure) };
    printer.outJson({ changed: sets.some(({ written }) => written), dry_run: dryRun, sets, diff, warnings: progress.warnings, ...error });
  } else {
    const text = `${renderRelock(sets, { dryRun })}${dryRun ? `\n${renderDiffText(diff)}` : ''}`;
    if (asTalk) printer.say(text.trimEnd());
    else printer.out(text);
  }
  for (const line of renderUnmet(sets)) printer.say(`${printer.style('yellow', 'warning:')} ${line}`);
  if (options.flag('timings')) printTimings(progress.timings, printer);
  return failure === undefined ? 0 : reportFailure(failure, { ...printer, json: false });
}
