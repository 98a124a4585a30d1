import { RpmDepsError } from '../base/errors.ts';
import { type ProgramResult, type RunProgram, runProgram } from '../io/run-program.ts';
import { engineFailure, withoutBuildx } from './engine-failure.ts';
import { setting } from './guide-environment.ts';
import { scriptCommand } from './shell-quote.ts';
import { stopBuild } from './stop-build.ts';

export type EngineName = 'podman' | 'docker';

export interface EngineOptions {
  readonly name: EngineName;
  readonly dryRun: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Called with every line that the engine prints. */
  readonly onLine: (line: string) => void;
  /** Build arguments as typed, `NAME=VALUE`: messages never contain the value. */
  readonly userArguments?: readonly string[];
  readonly run?: RunProgram;
}

/** Milliseconds after which an interrupted build or command is killed if it does not end. */
const STOP_BUILD_WITHIN_MS = 8000;
const CLEAN_UP_WITHIN_MS = 10_000;
/** Time limit for programs of an image, which are untrusted; milliseconds. */
const ANSWER_WITHIN_MS = 30_000;
const MAX_ANSWER_BYTES = 1 << 26;
/** Build arguments whose values are redacted everywhere, not only after their names. */
const SECRET_NAME = /token|secret|pass|pwd|cred|auth|key|(?:^|_)(?:pat|pin|pw)$/i;

/** Which of the engine's lines are shown: all, or only its warnings if its output is parsed. */
type PassOn = 'everything' | 'stderr' | 'nothing';

/** The purpose of a command and its image, for the message if it fails. */
export interface Purpose {
  readonly what: string;
  readonly reference?: string;
}

/** Runs podman or docker; with `dryRun` it only records the commands. Every command is in `commands`. */
export class Engine {
  readonly name: EngineName;
  readonly dryRun: boolean;
  readonly #options: EngineOptions;
  readonly #commands: (readonly string[])[] = [];
  readonly #script: (string | { readonly argv: readonly string[]; readonly mayFail: boolean })[] = [];
  #isScripted = true;

  constructor(options: EngineOptions) {
    this.name = options.name;
    this.dryRun = options.dryRun;
    this.#options = options;
  }

  get commands(): readonly (readonly string[])[] {
    return this.#commands;
  }

  /** The script of a dry run: its commands and the lines of `addToScript`; `work` is the temporary directory. */
  script(work: string): readonly string[] {
    return this.#script.map((line) =>
      typeof line === 'string' ? line : `${scriptCommand(line.argv, work)}${line.mayFail ? ' || true' : ''}`,
    );
  }

  /** Adds shell lines for what rpm-deps itself does between the commands. */
  addToScript(...lines: readonly string[]): void {
    if (this.dryRun && this.#isScripted) this.#script.push(...lines);
  }

  /** Commands of `run` are not added to the script of a dry run. */
  async unscripted<T>(run: () => Promise<T>): Promise<T> {
    const before = this.#isScripted;
    this.#isScripted = false;
    try {
      return await run();
    } finally {
      this.#isScripted = before;
    }
  }

  /** Runs a command and shows its output line by line. */
  async perform(args: readonly string[], purpose: Purpose): Promise<void> {
    await this.#succeed(args, purpose, 'everything');
  }

  /** Runs a command and returns its output; undefined in a dry run. */
  async ask(args: readonly string[], purpose: Purpose): Promise<string | undefined> {
    return (await this.#succeed(args, purpose, 'stderr'))?.stdout.trim();
  }

  /** Runs a command that may fail and returns whether it succeeded; undefined in a dry run. */
  async attempt(args: readonly string[]): Promise<boolean | undefined> {
    const result = await this.#start(args, 'nothing');
    return result && result.exitCode === 0;
  }

  /** Runs a command that may fail and returns its output; undefined if it fails, and in a dry run. */
  async answer(args: readonly string[]): Promise<string | undefined> {
    const result = await this.#start(args, 'nothing');
    return result?.exitCode === 0 ? result.stdout.trim() : undefined;
  }

  /** Runs a program in a container that is removed afterwards, and returns the output; undefined in a dry run. */
  async askProgram(args: readonly string[], purpose: Purpose): Promise<string | undefined> {
    return this.#inContainer(args, async (run) => (await this.#succeed(run, purpose, 'stderr'))?.stdout.trim());
  }

  /** The same for an untrusted program; undefined also if it runs too long or prints too much. */
  async answerOf(args: readonly string[]): Promise<string | undefined> {
    return this.#inContainer(args, async (run) => {
      try {
        const limits = { timeout: AbortSignal.timeout(ANSWER_WITHIN_MS), stdoutLimit: MAX_ANSWER_BYTES };
        const result = await this.#start(run, 'nothing', limits);
        return result?.exitCode === 0 ? result.stdout.trim() : undefined;
      } catch (error) {
        if (error instanceof DOMException && error.name === 'TimeoutError') return undefined;
        throw error;
      }
    });
  }

  async #inContainer(args: readonly string[], start: (run: readonly string[]) => Promise<string | undefined>): Promise<string | undefined> {
    const container = `rpm-deps-${process.pid}-program`;
    let output: string | undefined;
    try {
      output = await start(['run', '--rm', `--name=${container}`, ...args]);
    } finally {
      // `--rm` has no effect if the engine was killed.
      const now = this.name === 'podman' ? ['--time=0'] : [];
      if (output === undefined && !this.dryRun) await this.cleanUp(['rm', '--force', ...now, container]);
    }
    return output;
  }

  /** Removes temporary objects of this run, also after an interruption. Its errors are ignored, because an earlier error matters more. */
  async cleanUp(args: readonly string[]): Promise<void> {
    this.#note(args, true);
    if (this.dryRun) return;
    const { cwd, env, run = runProgram } = this.#options;
    const signal = AbortSignal.timeout(CLEAN_UP_WITHIN_MS);
    await run(this.name, args, { cwd, env, signal, ownGroup: true }).catch(() => undefined);
  }

  async #succeed(args: readonly string[], purpose: Purpose, passOn: PassOn): Promise<ProgramResult | undefined> {
    const result = await this.#start(args, passOn);
    if (result === undefined || result.exitCode === 0) return result;
    const argv = [this.name, ...args].map((argument) => this.#redact(argument));
    const flag = args.find((argument) => argument.startsWith('--authfile='))?.slice('--authfile='.length);
    const authfile = flag ?? this.#options.env['REGISTRY_AUTH_FILE'];
    throw engineFailure({ argv, exitCode: result.exitCode, stderr: this.#redact(result.stderr), authfile, ...purpose });
  }

  #note(args: readonly string[], mayFail: boolean): void {
    // A dry run shows values that are not secret.
    const argv = [this.name, ...args].map((argument) => this.#redact(argument, { secretsOnly: true }));
    this.#commands.push(argv);
    if (this.dryRun && this.#isScripted) this.#script.push({ argv, mayFail });
  }

  #redact(text: string, { secretsOnly = false } = {}): string {
    let shown = text.replace(/^--creds=.*/s, '--creds=***');
    for (const argument of this.#options.userArguments ?? []) {
      const equals = argument.indexOf('=');
      const name = equals < 0 ? argument : argument.slice(0, equals);
      const value = equals < 0 ? (this.#options.env[name] ?? '') : argument.slice(equals + 1);
      if (value === '') continue;
      const isSecret = SECRET_NAME.test(name);
      if (equals >= 0 && (isSecret || !secretsOnly)) shown = shown.replaceAll(argument, `${name}=***`);
      if (isSecret) shown = shown.replaceAll(value, '***');
    }
    return shown;
  }

  async #start(
    args: readonly string[],
    passOn: PassOn,
    limits?: { readonly timeout: AbortSignal; readonly stdoutLimit: number },
  ): Promise<ProgramResult | undefined> {
    this.#note(args, passOn === 'nothing');
    if (this.dryRun) return undefined;
    const { cwd, env, signal, onLine, run = runProgram } = this.#options;
    const stopped = this.name === 'podman' && args[0] === 'build' ? { stop: stopBuild, stopWithinMs: STOP_BUILD_WITHIN_MS } : {};
    try {
      return await run(this.name, args, {
        cwd,
        env,
        signal: limits === undefined ? signal : AbortSignal.any([signal, limits.timeout]),
        ...(limits === undefined ? {} : { stdoutLimit: limits.stdoutLimit }),
        ownGroup: true,
        ...stopped,
        // Splitting hidden output into lines would take half a minute if a program prints without end.
        ...(passOn === 'nothing'
          ? {}
          : { onLine: (line, stream) => (passOn === 'stderr' && stream === 'stdout' ? undefined : onLine(this.#redact(line))) }),
      });
    } catch (error) {
      throw startFailure(this.name, error, signal);
    }
  }
}

/** Checks that the engine has what builds need, before anything is done. */
export async function requireBuilder(engine: Engine): Promise<void> {
  if (engine.name === 'podman' || engine.dryRun) return;
  const version = await engine.answer(['buildx', 'version']);
  if (version === undefined) throw withoutBuildx();
}

/** The engine that the flag or KUBEVIRT_CRI names, podman by default. */
export function chosenEngine(
  input: { readonly engine?: string | undefined },
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
): EngineName {
  return engineName(setting(env, input.engine, 'KUBEVIRT_CRI'));
}

function engineName(text: string | undefined): EngineName {
  if (text === undefined || text === 'podman') return 'podman';
  if (text === 'docker') return 'docker';
  throw new RpmDepsError('USAGE', `unknown container engine \`${text}\``, {
    hint: 'use podman or docker for KUBEVIRT_CRI and --engine; podman is the default',
  });
}

/** Runs the engine: its client may be on PATH without a working engine. Does nothing in a dry run. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const engine = new Engine(options);
  if (options.dryRun) return engine;
  const probe = new Engine(options);
  // `version` queries docker's daemon; podman has none, and its `info` shows that storage and runtime work.
  const args = options.name === 'docker' ? ['version', '--format', '{{.Server.Version}}'] : ['info', '--format', '{{.Version.Version}}'];
  await probe.ask(args, { what: `use ${options.name}` });
  return engine;
}

function startFailure(name: EngineName, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new RpmDepsError('INTERRUPTED', `${name} was stopped`, { cause: error });
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'EACCES') return error;
  return new RpmDepsError('PODMAN', `${name} is not installed, or not on PATH`, {
    hint:
      name === 'podman'
        ? 'install it: `apt install -y podman` on Debian and Ubuntu, `dnf install -y podman` on CentOS, RHEL and Fedora'
        : 'install docker, or use podman: `export KUBEVIRT_CRI="podman"`',
    cause: error,
  });
}
