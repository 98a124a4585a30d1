import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '../..');

export interface BuiltProgram {
  /** Starts the command line in a process of its own. */
  start(args: readonly string[], options: { cwd: string; env?: Readonly<Record<string, string>>; uid?: number }): RunningProgram;
  /** URL of a built file. */
  entry(path: string): string;
  remove(): void;
}

interface RunningProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Compiles the program for tests that need real processes: starting from source takes seconds each time. */
export function buildProgram(): BuiltProgram {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'rpm-deps-test-'));
  // Tests also start it as another user.
  chmodSync(directory, 0o755);
  execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'tools/build.ts'), directory], { cwd: ROOT });
  return {
    start(args, { cwd, env = {}, uid }) {
      const child = spawn(process.execPath, [join(directory, 'cli/bin.js'), ...args], {
        cwd,
        env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(uid === undefined ? {} : { uid, gid: uid }),
      });
      const text = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
      return { child, ended: new Promise((done) => child.once('close', (code) => done({ code, ...text }))) };
    },
    entry: (path) => pathToFileURL(join(directory, path)).href,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
