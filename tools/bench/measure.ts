/** Measures whole processes, alternating between commands, so that disturbances affect all of them. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Command {
  readonly argv: readonly string[];
  /** Called before each run. */
  readonly prepare?: () => void;
}

export interface Run {
  readonly milliseconds: number;
  readonly stderr: string;
  /** Largest resident set in bytes; 0 without /proc. */
  readonly peakBytes: number;
}

/** A minimal environment, so that results do not depend on the caller's. */
const ENVIRONMENT = { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', NO_COLOR: '1' };

/** Runs each command `times` times, in turns. Throws if one fails. */
export async function measure(commands: readonly Command[], times: number): Promise<Run[][]> {
  const runs: Run[][] = commands.map(() => []);
  for (let i = 0; i < times; i++) for (const [c, command] of commands.entries()) runs[c]!.push(await once(command, false));
  return runs;
}

/** Measures the memory of one run, separately because it would slow down timed runs. */
export async function measureMemory(command: Command): Promise<number> {
  return (await once(command, true)).peakBytes;
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function once({ argv, prepare }: Command, watchMemory: boolean): Promise<Run> {
  prepare?.();
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(argv[0]!, argv.slice(1), { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    let peakBytes = 0;
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const look = (): void => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid!));
    };
    const watch = watchMemory ? setInterval(look, 2) : undefined;
    child.on('error', reject).on('close', (code) => {
      clearInterval(watch);
      const milliseconds = performance.now() - started;
      if (code === 0) resolve({ milliseconds, stderr, peakBytes });
      else reject(new Error(`${argv.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

function peakOf(pid: number): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(peak ?? 0) * 1024;
  } catch {
    return 0;
  }
}
