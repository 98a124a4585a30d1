import { RpmDepsError } from '../base/errors.ts';
import { engineFailure } from './engine-failure.ts';
import { type ProgramResult, type RunProgram, runProgram } from './run-program.ts';

export type EngineName = 'podman' | 'docker';

export interface EngineOptions {
  readonly name: EngineName;
  readonly dryRun: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Told every line the engine prints, as it comes: nothing of it is hidden. */
  readonly onLine: (line: string) => void;
  readonly run?: RunProgram;
}

/** Which of the engine's lines a person sees: all, or its warnings where the output is an answer. */
type PassOn = 'everything' | 'stderr' | 'nothing';

/** What a command is for, in words, and the image it is about: for the message when it fails. */
export interface Purpose {
  readonly what: string;
  readonly reference?: string;
}

/** Runs podman or docker, or with `dryRun` only writes down what it would run. Every command is in `commands`. */
export class Engine {
  readonly name: EngineName;
  readonly dryRun: boolean;
  readonly #options: EngineOptions;
  readonly #commands: (readonly string[])[] = [];

  constructor(options: EngineOptions) {
    this.name = options.name;
    this.dryRun = options.dryRun;
    this.#options = options;
  }

  get commands(): readonly (readonly string[])[] {
    return this.#commands;
  }

  /** A command whose output is for a person, line by line as it comes. */
  async perform(args: readonly string[], purpose: Purpose): Promise<void> {
    await this.#succeed(args, purpose, 'everything');
  }

  /** A command whose output is an answer; undefined in a dry run. */
  async ask(args: readonly string[], purpose: Purpose): Promise<string | undefined> {
    return (await this.#succeed(args, purpose, 'stderr'))?.stdout.trim();
  }

  /** A question that the exit code answers, or clearing away what may not be there; undefined in a dry run. */
  async attempt(args: readonly string[]): Promise<boolean | undefined> {
    const result = await this.#start(args, 'nothing');
    return result && result.exitCode === 0;
  }

  /** The output of a command that may fail; undefined where it does, and in a dry run. */
  async answer(args: readonly string[]): Promise<string | undefined> {
    const result = await this.#start(args, 'nothing');
    return result?.exitCode === 0 ? result.stdout.trim() : undefined;
  }

  /** Takes away what this run made. Runs after an interruption too, and whatever it meets is not worth more than what went wrong before. */
  async cleanUp(args: readonly string[]): Promise<void> {
    this.#commands.push([this.name, ...args]);
    if (this.dryRun) return;
    const { cwd, env, run = runProgram } = this.#options;
    await run(this.name, args, { cwd, env }).catch(() => undefined);
  }

  async #succeed(args: readonly string[], purpose: Purpose, passOn: PassOn): Promise<ProgramResult | undefined> {
    const result = await this.#start(args, passOn);
    if (result === undefined || result.exitCode === 0) return result;
    throw engineFailure({ argv: [this.name, ...args], exitCode: result.exitCode, stderr: result.stderr, ...purpose });
  }

  async #start(args: readonly string[], passOn: PassOn): Promise<ProgramResult | undefined> {
    this.#commands.push([this.name, ...args]);
    if (this.dryRun) return undefined;
    const { cwd, env, signal, onLine, run = runProgram } = this.#options;
    try {
      return await run(this.name, args, {
        cwd,
        env,
        signal,
        onLine: (line, stream) => {
          if (passOn === 'everything' || passOn === stream) onLine(line);
        },
      });
    } catch (error) {
      throw startFailure(this.name, error, signal);
    }
  }
}

/** The engine that the flag or KUBEVIRT_CRI names, podman by default. */
export function engineName(text: string | undefined): EngineName {
  if (text === undefined || text === 'podman') return 'podman';
  if (text === 'docker') return 'docker';
  throw new RpmDepsError('USAGE', `\`${text}\` is not a container engine`, {
    hint: 'KUBEVIRT_CRI and --engine take podman or docker; podman is the default',
  });
}

/** Asks the engine itself: a client on PATH may have no engine behind it. Does nothing in a dry run. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const engine = new Engine(options);
  if (options.dryRun) return engine;
  const probe = new Engine(options);
  // `version` asks docker's daemon; podman has none, and `info` proves that its storage and runtime are usable.
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
