import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { Secrets } from '../base/redact.ts';
import { allowVersions } from '../base/version-overrides.ts';
import type { Warning } from '../base/warnings.ts';
import type { Context } from '../run/context.ts';
import type { StartedRun } from '../run/start-run.ts';
import { asRpmDepsError, reportFailure } from './exit.ts';
import { parseLine } from './parse.ts';
import type { ParsedOptions } from './parsed-options.ts';
import { type ColourChoice, createPrinter, type Output, type Printer } from './printer.ts';
import { COMMANDS } from './program.ts';
import { Progress } from './progress.ts';

/** The surroundings of one run: streams, environment, signal, clock. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: () => string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Default: the clock of this machine. */
  readonly now?: (() => Date) | undefined;
}

export interface Ending {
  readonly exitCode: number;
  /** True if something may still be running. */
  readonly interrupted: boolean;
}

/** The whole program: parses the command line, runs the command, converts errors to an exit code. Never throws. */
export async function main(world: World): Promise<Ending> {
  const { argv, env, signal } = world;
  // All output passes through here, so that secrets are removed.
  const secrets = new Secrets();
  secrets.learnEnvironment(env);
  for (const word of argv) secrets.learnUrl(word.slice(word.startsWith('--') ? word.indexOf('=') + 1 : 0));
  const [stdout, stderr] = [world.stdout, world.stderr].map((output) => hiding(output, secrets)) as [Output, Output];
  const progress = new Progress(stderr, () => performance.now());
  const base = { stdout, stderr, env, beforeLine: progress.clear };
  const has = (...words: string[]): boolean => argv.some((word) => words.includes(word));
  // Used until the line is parsed: errors of the line are reported as JSON too if it contains --json.
  let printer = createPrinter({ ...base, json: has('--json'), quiet: false, verbose: has('--verbose', '-v') });
  let stopped = 'stopped; nothing was written';
  try {
    const line = parseLine(argv, COMMANDS);
    if (line.kind === 'version') {
      const { versionText } = await import('../base/version.ts');
      printer.out(`${versionText()}\n`);
      return { exitCode: 0, interrupted: false };
    }
    if (line.kind === 'help') {
      const { renderHelp } = await import('./help.ts');
      if (!line.asked && printer.json)
        throw new RpmDepsError('USAGE', 'no command is given', { hint: '`rpm-deps --help` lists the commands' });
      const text = renderHelp(line.topic, COMMANDS, stdout.isTTY === true ? stdout.columns || undefined : undefined);
      if (line.asked) printer.out(text);
      else printer.complain(text.trimEnd());
      return { exitCode: line.asked ? 0 : 2, interrupted: false };
    }
    const { command, args, rest, options } = line;
    const isQuiet = options.flag('quiet');
    // `--format json` is equivalent to `--json`.
    const json = options.flag('json') || (command.options.some(({ name }) => name === 'format') && options.text('format') === 'json');
    printer = createPrinter({
      ...base,
      json,
      quiet: isQuiet,
      verbose: options.flag('verbose') && !isQuiet,
      colour: options.text('color') as ColourChoice | undefined,
    });
    progress.attach(printer);
    if (command.endsItself === true) stopped = 'stopped; unfinished output was removed';
    const [context, action] = await Promise.all([startCommand(world, { options, progress, secrets }), command.load()]);
    try {
      const running = action.run({ args, rest, options, context, printer, progress });
      const exitCode = await (command.endsItself === true ? running : Promise.race([running, interruption(signal, progress, running)]));
      progress.clear();
      return { exitCode, interrupted: false };
    } finally {
      if (!signal.aborted) await context.end();
    }
  } catch (error) {
    progress.clear();
    const shown = signal.aborted ? new RpmDepsError('INTERRUPTED', stopped, { cause: error }) : error;
    if (printer.json) await printFailureJson(asRpmDepsError(shown), printer, { warnings: progress.warnings, cwd: world.cwd });
    return { exitCode: reportFailure(shown, printer), interrupted: signal.aborted };
  }
}

/** Prints the JSON object that `--json` guarantees even if a command fails. */
async function printFailureJson(
  failure: RpmDepsError,
  printer: Printer,
  { warnings, cwd }: { readonly warnings: readonly Warning[]; readonly cwd: World['cwd'] },
): Promise<void> {
  const { failureJson } = await import('../views/view.ts');
  let directory = '';
  try {
    directory = cwd();
  } catch {
    // If the directory was removed, no paths can be made relative to it.
  }
  printer.outJson(failureJson(failure, warnings, { directory }));
}

/** Rejects on a signal; while files are written, only after that. */
function interruption(signal: AbortSignal, progress: Progress, running: Promise<number>): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      if (!progress.isWriting) reject(new RpmDepsError('INTERRUPTED', 'stopped; nothing was written'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    // After an interruption, a later rejection must not be unhandled.
    running.catch(() => undefined);
  });
}

function hiding(output: Output, secrets: Secrets): Output {
  return {
    write: (text) => output.write(secrets.hide(text)),
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
  };
}

async function startCommand(
  { env, cwd, signal, now }: World,
  { options, progress, secrets }: { readonly options: ParsedOptions; readonly progress: Progress; readonly secrets: Secrets },
): Promise<Context & StartedRun> {
  const [{ startRun }, { defaultCacheDir, refuseSharedCache }] = await Promise.all([
    import('../run/start-run.ts'),
    import('../io/cache-dir.ts'),
  ]);
  const start = options.text('directory');
  const directory = start === undefined ? cwd() : resolve(cwd(), start);
  if (start !== undefined && (await stat(directory).catch(() => undefined))?.isDirectory() !== true) {
    throw new RpmDepsError('USAGE', `-C: there is no directory \`${start}\``);
  }
  const given = options.text('cache-dir');
  const cacheDir = given === undefined ? defaultCacheDir(env) : resolve(directory, given);
  if (!options.flag('shared-cache') && !/^(?:1|true|yes)$/i.test(env['RPM_DEPS_SHARED_CACHE'] ?? '')) refuseSharedCache(cacheDir);
  const solverSeconds = secondsOf('--solver-seconds', options.text('solver-seconds'));
  const run = startRun({ env, cacheDir, offline: options.flag('offline'), emit: progress.emit, signal, solverSeconds, secrets, now });
  return { ...run, cwd: directory, env: allowVersions(options.list('version-from-env') ?? [], env) };
}

function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,6}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new RpmDepsError('USAGE', `${option}: \`${text}\` is not a number of seconds`, { hint: `for example: ${option} 60` });
}
