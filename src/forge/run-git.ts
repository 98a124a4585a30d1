/** git by its program: always an argument list, never a shell; what it says goes into the error. */
import { spawn } from 'node:child_process';
import { RpmDepsError } from '../base/errors.ts';

export interface GitPlace {
  /** Any directory of the work tree, or a bare repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * In a hook of a work tree beside the main one git sets GIT_DIR and not GIT_WORK_TREE: for whoever goes into a folder, that folder would then
 * be the top. git finds the repository without it.
 */
function gitEnvironment({ GIT_DIR: directory, ...env }: GitPlace['env']): GitPlace['env'] {
  const isInHook = env['GIT_INDEX_FILE'] !== undefined && env['GIT_WORK_TREE'] === undefined;
  return isInHook || directory === undefined ? env : { ...env, GIT_DIR: directory };
}

export interface GitAnswer {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export function runGit({ cwd, env, signal }: GitPlace, args: readonly string[], input = ''): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', cwd, ...args], { env: { ...gitEnvironment(env), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' }, signal });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 10_000) stderr += chunk.toString('utf8');
    });
    // git that has ended early does not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(
        missing ? new RpmDepsError('GIT', 'git is not installed', { hint: 'install it, or compare two directories', cause: error }) : error,
      );
    });
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(stdout), stderr }));
  });
}
