import { spawn } from 'node:child_process';
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
  readonly signal?: AbortSignal;
  /** Told every line as it comes, from both streams. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Rejects only where the program cannot be started (ENOENT, EACCES) or the signal was raised. */
export type RunProgram = (program: string, args: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;

export const runProgram: RunProgram = (program, args, options = {}) =>
  new Promise((done, failed) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream], crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
        text[stream] += `${line}\n`;
        options.onLine?.(line, stream);
      });
    }
    child.once('error', failed);
    child.once('close', (exitCode) => done({ exitCode: exitCode ?? undefined, ...text }));
  });
