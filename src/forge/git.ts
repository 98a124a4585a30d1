import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RpmDepsError } from '../errors.ts';

const execute = promisify(execFile);

/** Runs git with an argument list, never through a shell. Throws GIT with what git said. */
async function git(cwd: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', ['-C', cwd, ...args], {
      maxBuffer: 1024 ** 3,
      env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
    });
    return stdout;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string | number; stderr?: string };
    if (code === 'ENOENT')
      throw new RpmDepsError('GIT', 'git is not installed', { hint: 'install git, or compare two directories', cause: error });
    throw new RpmDepsError('GIT', `git cannot answer: ${stderr.trim().split('\n')[0] ?? ''}`, {
      hint: 'name two directories, two files, or revisions of this repository',
      cause: error,
    });
  }
}

/** The commit that a revision means; throws GIT when there is none. */
export async function resolveRevision(cwd: string, revision: string): Promise<string> {
  if (revision.startsWith('-')) throw new RpmDepsError('GIT', `\`${revision}\` is no revision`);
  return (
    await git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).catch((error: unknown) => {
      throw error instanceof RpmDepsError && error.message.includes('not installed')
        ? error
        : new RpmDepsError('GIT', `\`${revision}\` is neither a path nor a revision of this repository`, {
            hint: 'see `git log`, or name a directory',
            cause: error,
          });
    })
  ).trim();
}

/** The commit that two revisions have in common. */
export async function mergeBase(cwd: string, a: string, b: string): Promise<string> {
  return (await git(cwd, ['merge-base', a, b])).trim();
}

/** The files below a folder at a commit, by their path relative to the folder. */
export async function filesAt(cwd: string, commit: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const prefix = (await git(cwd, ['rev-parse', '--show-prefix'])).trim();
  const path = `${prefix}${folder}`.replace(/\/+$/, '');
  const names = (await git(cwd, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', path]))
    .split('\0')
    .filter((name) => name !== '');
  const files = new Map<string, string>();
  for (const name of names) files.set(name.slice(path.length + 1), await git(cwd, ['show', `${commit}:${name}`]));
  return files;
}
