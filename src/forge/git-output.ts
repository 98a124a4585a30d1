import { gitFailure } from './git-failure.ts';
import { type GitPlace, runGit } from './run-git.ts';

/** Throws if git fails. */
export async function gitOutput(place: GitPlace, args: readonly string[], input = ''): Promise<string> {
  const { status, stdout, stderr } = await runGit(place, args, input);
  if (status !== 0) throw gitFailure(`git ${args[0]}`, stderr);
  return stdout.toString('utf8');
}
