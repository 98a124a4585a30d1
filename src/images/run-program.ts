import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProgramResult {
  /** undefined where the program was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program, in bounded time. */
  readonly signal?: AbortSignal;
  /** A group of its own: Ctrl-C at a terminal does not reach the program, so that only `signal` ends it. */
  readonly ownGroup?: boolean;
  /** How the program is asked to end; SIGTERM where nothing else is said. */
  readonly stop?: (child: ChildProcess) => void;
  /** How long it may take to end, milliseconds. */
  readonly stopWithinMs?: number;
  /** Told every line as it comes, from both streams. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Rejects only where the program cannot be started (ENOENT, EACCES) or the signal was raised. */
export type RunProgram = (program: string, args: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;

/** After which a program that was asked to end is killed. */
const STOP_WITHIN_MS = 3000;

export const runProgram: RunProgram = (program, args, options = {}) =>
  new Promise((done, failed) => {
    const { signal, stop = (child) => child.kill('SIGTERM'), stopWithinMs = STOP_WITHIN_MS } = options;
    if (signal?.aborted === true) return failed(signal.reason);
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.ownGroup === true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    let last: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      stop(child);
      last = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream], crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
        text[stream] += `${line}\n`;
        options.onLine?.(line, stream);
      });
    }
    const end = (): void => {
      clearTimeout(last);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error) => {
      end();
      failed(error);
    });
    child.once('close', (exitCode) => {
      end();
      if (signal?.aborted === true) failed(signal.reason);
      else done({ exitCode: exitCode ?? undefined, ...text });
    });
  });
