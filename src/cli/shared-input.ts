import { RpmDepsError } from '../base/errors.ts';
import type { ProjectInput } from '../project/manifest-input.ts';
import type { RelockData } from '../views/relock.ts';
import { renderTable } from '../views/table.ts';
import type { Invocation } from './command.ts';
import type { ParsedOptions } from './parsed-options.ts';
import type { Printer } from './printer.ts';
import type { Timing } from './progress.ts';

export function projectInput(options: ParsedOptions): ProjectInput {
  const forRun = options.defines('set-variable') ? runRepositories(options) : undefined;
  return { manifest: options.text('manifest'), lockfiles: options.text('lockfiles'), mirror: options.text('mirror'), forRun };
}

/** Values of the options in `REPOSITORIES_FOR_RUN`; undefined if none of them was given. */
function runRepositories(options: ParsedOptions): ProjectInput['forRun'] {
  const given = {
    // `resolve` also selects repositories with it.
    repositories: options.defines('upgrade') ? [] : options.list('repo'),
    repofiles: options.list('repofile'),
    distributions: options.list('distribution'),
    enable: options.list('enable-repo'),
    variables: options.list('set-variable'),
  };
  const releasever = options.text('releasever');
  const isGiven = releasever !== undefined || Object.values(given).some((list) => list.length > 0);
  return isGiven ? { ...given, releasever } : undefined;
}

/** `--allow-downgrade`: without a name, for all locked packages. */
export function allowDowngrade(options: ParsedOptions): true | readonly string[] | undefined {
  const names = options.list('allow-downgrade');
  return names.length === 0 ? undefined : names.includes('') ? true : names;
}

/** Value of an option; undefined if it was not given. */
export function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RpmDepsError('USAGE', `${option}: \`${text}\` is not a whole number`, { hint: `for example: ${option} 20` });
}

/** `--timings`: every stage in the order in which it ended. Parallel stages add up to more than the total time. */
export function printTimings(timings: readonly Timing[], printer: Printer): void {
  const rows = timings.map(({ stage, text, ms }) => [stage, text, `${ms.toFixed(1)} ms`]);
  const total = ['total', 'since the program started', `${performance.now().toFixed(1)} ms`];
  const table = renderTable([{ title: 'stage' }, { title: 'what' }, { title: 'time', align: 'right' }], [...rows, total]);
  printer.complain(table.trimEnd());
}

/** The same for `--json`, in milliseconds; undefined if not requested. */
export function timingsData({ options, progress }: Invocation): RelockData['timings'] {
  if (!options.flag('timings')) return undefined;
  const stages = progress.timings.map(({ stage, text, ms }) => ({ stage, text, milliseconds: ms }));
  return [...stages, { stage: 'total', text: 'since the program started', milliseconds: performance.now() }];
}
