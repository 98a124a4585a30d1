import { ERROR_CODES, type RpmDepsError } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import type { AllDeclared } from '../views/shape.ts';
import { outputJson, type View } from '../views/view.ts';
import type { Action, Invocation } from './command.ts';
import { reportFailure } from './exit.ts';

export interface Outcome<Data> {
  readonly data: Data;
  /** Default 0, or the exit code of `failure`. */
  readonly exitCode?: number;
  /** The error of the part that failed, besides `data`. */
  readonly failure?: RpmDepsError | undefined;
  /** Replaces the warnings that were reported during the run. */
  readonly warnings?: readonly Warning[];
  /** Replaces the view's text. */
  readonly text?: string | undefined;
  /** Stdout contains other output, such as a title: the text goes to stderr. */
  readonly textToStderr?: boolean;
}

/**
 * A command of the table: its declared output, and the function that computes it. Results are printed only here. It is a compile error
 * if `run` returns a key that the view does not declare.
 */
export function defineAction<Data, Result extends Outcome<Data>>(
  view: View<Data>,
  run: ((invocation: Invocation) => Promise<Result>) & AllDeclared<Result['data'], Data>,
): Action {
  return {
    view,
    run: async (invocation) => printOutcome(view, await run(invocation), invocation),
  };
}

async function printOutcome<Data>(view: View<Data>, outcome: Outcome<Data>, { printer, progress, context }: Invocation): Promise<number> {
  const { data, failure, exitCode = failure === undefined ? 0 : ERROR_CODES[failure.code].exit } = outcome;
  if (printer.json) printer.outJson(outputJson({ view, data, failure }, outcome.warnings ?? progress.warnings, { directory: context.cwd }));
  else {
    const text = outcome.text ?? (await view.text(data));
    if (outcome.textToStderr === true) printer.say(text.trimEnd());
    else if (text !== '') printer.out(text, view.styleOf);
  }
  const remark = printer.json && exitCode === 0 ? undefined : view.remark?.(data);
  if (remark !== undefined && remark !== '') (exitCode === 0 ? printer.say : printer.complain)(remark);
  if (failure !== undefined) reportFailure(failure, printer);
  return exitCode;
}
