/** Runs git with an argument list, never through a shell. Its messages become part of the error. */
import { RpmDepsError } from '../base/errors.ts';
import { runProgramForBytes } from '../io/run-program.ts';

export interface GitPlace {
  /** Any directory of the work tree, or a bare repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Commits that were found here; they are not removed during a run. */
  readonly found?: Set<string>;
}

/**
 * In a hook of a linked work tree, git sets GIT_DIR but not GIT_WORK_TREE: in another directory, git would then take that directory for the
 * root. Without GIT_DIR git finds the repository itself.
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

/** Limit for the output of git: a commit may contain files of any size. */
const MAX_OUTPUT_BYTES = 256 << 20;

export async function runGit({ cwd, env, signal }: GitPlace, args: readonly string[], input = ''): Promise<GitAnswer> {
  const options = {
    env: { ...gitEnvironment(env), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
    signal,
    input,
    stdoutLimit: MAX_OUTPUT_BYTES,
    stderrLimit: 10_000,
  };
  try {
    const { exitCode = null, stdout, stderr } = await runProgramForBytes('git', ['-C', cwd, ...args], options);
    if (exitCode === null && stderr.length === 0)
      throw new RpmDepsError('GIT', `git ${args[0]} was ended by a signal, or printed more than ${MAX_OUTPUT_BYTES >> 20} MiB`, {
        hint: 'check whether manifests or lockfiles of the repository are that large',
      });
    return { status: exitCode, stdout, stderr: stderr.toString('utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new RpmDepsError('GIT', 'git is not installed', {
      hint: 'install git; without it, `rpm-deps diff` can compare two directories',
      cause: error,
    });
  }
}
