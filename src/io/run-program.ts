/** Runs other programs: always with a list of arguments, never through a shell. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProgramResult {
  /** Undefined if a signal ended the program. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

interface ProgramBytes {
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to its stdin; without it, stdin is empty. */
  readonly input?: string;
  /** Stops the program; it is killed after `stopWithinMs`. */
  readonly signal?: AbortSignal;
  /** Runs it in its own process group: Ctrl-C in a terminal does not reach it, only `signal` stops it. */
  readonly ownGroup?: boolean;
  /** Number of the user and group to run as; only root can use other users. */
  readonly user?: number;
  /** How to stop the program; default: SIGTERM. */
  readonly stop?: (child: ChildProcess) => void;
  /** Milliseconds after the stop until the program is killed. */
  readonly stopWithinMs?: number;
  /** Maximum bytes of stdout; the program is killed if it prints more. */
  readonly stdoutLimit?: number;
  /** Maximum bytes of stderr to keep. */
  readonly stderrLimit?: number;
  /** Called with each line of both streams, as soon as it arrives. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Rejects only if the program cannot be started (ENOENT, EACCES) or the signal was aborted. */
export type RunProgram = (program: string, args: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;

const STOP_WITHIN_MS = 3000;

/** Returns the output as text, with a line feed at the end of each line. */
export const runProgram: RunProgram = async (program, args, options) => {
  const { exitCode, stdout, stderr } = await runProgramForBytes(program, args, options);
  return { exitCode, stdout: linesOf(stdout), stderr: linesOf(stderr) };
};

function linesOf(bytes: Buffer): string {
  const text = bytes.toString('utf8').replace(/\r\n?/g, '\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

export function runProgramForBytes(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramBytes> {
  return new Promise((done, failed) => {
    const { signal, stop = (child) => child.kill('SIGTERM'), stopWithinMs = STOP_WITHIN_MS, input } = options;
    if (signal?.aborted === true) return failed(signal.reason);
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: options.ownGroup === true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
    });
    let last: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      stop(child);
      last = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // Ignore errors of a program that ends without reading its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const stdout = collect(child.stdout, options.stdoutLimit, () => child.kill('SIGKILL'));
    const stderr = collect(child.stderr, options.stderrLimit, () => undefined);
    const { onLine } = options;
    if (onLine !== undefined) {
      for (const stream of ['stdout', 'stderr'] as const) {
        const lines = createInterface({ input: child[stream], crlfDelay: Number.POSITIVE_INFINITY });
        lines.on('line', (line) => onLine(line, stream));
      }
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
      else done({ exitCode: exitCode ?? undefined, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}

/** Collects the chunks of a stream, up to `limit` bytes. */
function collect(stream: NodeJS.ReadableStream, limit: number | undefined, onLimit: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (limit === undefined || bytes <= limit) chunks.push(chunk);
    else onLimit();
  });
  return chunks;
}

/** The output of a program for a stream of input. Returns its exit code, or the error if it could not be started. */
export async function* pipeThroughProgram(
  program: string,
  args: readonly string[],
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, number | Error> {
  const { pipeline } = await import('node:stream/promises');
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code ?? -1));
  });
  const feeding = pipeline(source, child.stdin).catch(() => undefined);
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    return await ended;
  } finally {
    child.kill();
    await feeding;
  }
}
