/** The git repository that the bot runs in, and the remote for its proposals. */
import { posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { GitLogin } from '../forge/forge.ts';
import { hasFileAt } from '../forge/git.ts';
import { configVariables, loginVariables } from '../forge/git-login.ts';
import { branchRef, fetchCommit, readRemote, remoteUrl } from '../forge/git-remote.ts';
import { parseRemoteUrl, type RemotePlace } from '../forge/remote-url.ts';
import { type GitPlace, runGit } from '../forge/run-git.ts';
import { SECRET_VARIABLES } from '../forge/token.ts';
import { lockfilesOf, MANIFESTS } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';

export interface Repository {
  /** Its environment has no secrets except git's own login. */
  readonly place: GitPlace;
  /** Undefined if there is no remote: then only --dry-run works. */
  readonly remote: { readonly name: string; readonly url: string; readonly at: RemotePlace } | undefined;
  /** Working directory relative to the repository; empty or ending in a slash. */
  readonly prefix: string;
}

/** Overrides settings of a user's clone that would run programs, write into the clone, push more than one branch, or change bytes and texts. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.sparseCheckout', 'false'],
  ['index.sparse', 'false'],
  ['core.autocrlf', 'false'],
  ['core.safecrlf', 'false'],
  // Pointer files are enough, because lockfiles are not in LFS.
  ['filter.lfs.process', ''],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.clean', ''],
  ['filter.lfs.required', 'false'],
  ['i18n.commitEncoding', 'UTF-8'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  ['color.ui', 'false'],
  ['fetch.prune', 'false'],
  ['push.followTags', 'false'],
  ['push.recurseSubmodules', 'no'],
];

/** Unset, because the bot passes its own paths and dates. */
const UNWANTED_VARIABLES = ['GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS', 'GIT_AUTHOR_DATE', 'GIT_COMMITTER_DATE'];

export async function openRepository(remoteName: string, context: Context): Promise<Repository> {
  const env: Record<string, string | undefined> = { ...context.env, GIT_TERMINAL_PROMPT: '0' };
  for (const name of [...SECRET_VARIABLES, ...UNWANTED_VARIABLES]) env[name] = undefined;
  Object.assign(env, configVariables([...SETTINGS, [`remote.${remoteName}.mirror`, 'false']], env));
  const place: GitPlace = { cwd: context.cwd, env, signal: context.signal, found: new Set() };
  await requireGit(place);
  const inside = await runGit(place, ['rev-parse', '--show-prefix']);
  if (/dubious ownership/i.test(inside.stderr)) {
    throw new RpmDepsError('GIT', `git does not trust \`${context.cwd}\`: it belongs to another user`, {
      hint: `run the bot as its owner, or allow it: git config --global --add safe.directory ${context.cwd}`,
    });
  }
  if (inside.status !== 0) {
    throw new RpmDepsError('GIT', `\`${context.cwd}\` is not in a git repository`, {
      hint: 'the bot runs in a clone of the project: `git clone`, then `cd`',
    });
  }
  const url = await remoteUrl(place, remoteName);
  return {
    place,
    remote: url === undefined ? undefined : { name: remoteName, url, at: parseRemoteUrl(url) },
    prefix: inside.stdout.toString('utf8').trim(),
  };
}

/** Older versions ignore GIT_CONFIG_COUNT, which is needed for logins and to disable hooks. */
async function requireGit(place: GitPlace): Promise<void> {
  const { stdout } = await runGit(place, ['version']);
  const version = /\d+\.\d+[\w.]*/.exec(stdout.toString('utf8'))?.[0] ?? 'of an unknown version';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 2 || (major === 2 && minor >= 31)) return;
  throw new RpmDepsError('GIT', `git ${version} is too old`, { hint: 'install git 2.31 or newer' });
}

/** The same place with a login to the host of a forge. */
export function withLogin(
  place: GitPlace,
  urls: readonly string[],
  { gitHost, login }: { readonly gitHost: string; readonly login: GitLogin },
): GitPlace {
  let { env } = place;
  for (const url of new Set(urls)) env = { ...env, ...loginVariables(url, { gitHost, login, env }) };
  return { ...place, env };
}

export interface Base {
  readonly branch: string;
  readonly commit: string;
}

/** Fetches branches and returns their tips. Without a remote, those of the clone itself. */
export async function readBases(
  repository: Repository,
  wanted: readonly string[] | undefined,
): Promise<readonly (Base | { readonly branch: string; readonly commit: undefined })[]> {
  const { place, remote } = repository;
  if (remote === undefined) {
    const branches = wanted ?? [await currentBranch(place)];
    return Promise.all(branches.map(async (branch) => ({ branch, commit: await localTip(place, branch) })));
  }
  const { refs, head } = await readRemote(place, remote.name, (wanted ?? []).map(branchRef));
  const branches = wanted ?? [head ?? (await currentBranch(place))];
  const isKnown = wanted !== undefined || refs.has(branchRef(branches[0]!));
  const tips = isKnown ? refs : (await readRemote(place, remote.name, branches.map(branchRef))).refs;
  const bases = [];
  for (const branch of branches) {
    const commit = tips.get(branchRef(branch));
    if (commit !== undefined) await fetchCommit(place, remote.name, { branch, commit });
    bases.push({ branch, commit });
  }
  return bases;
}

async function currentBranch(place: GitPlace): Promise<string> {
  const { status, stdout } = await runGit(place, ['symbolic-ref', '--short', 'HEAD']);
  if (status === 0) return stdout.toString('utf8').trim();
  throw new RpmDepsError('GIT', 'cannot determine the base branch', { hint: 'choose it: --base main' });
}

async function localTip(place: GitPlace, branch: string): Promise<string | undefined> {
  const { status, stdout } = await runGit(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${branchRef(branch)}^{commit}`]);
  return status === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** Path of the manifest in a commit: the named one, or one of the default names in a directory. */
export async function manifestAt(
  place: GitPlace,
  commit: string,
  { folder, named }: { readonly folder: string; readonly named: string | undefined },
): Promise<string> {
  const names = named === undefined ? MANIFESTS : [named];
  for (const name of names) {
    const path = normalized(`${folder}${name}`);
    if (await hasFileAt(place, commit, path)) return path;
  }
  throw new RpmDepsError('MANIFEST_MISSING', `the base branch has no manifest \`${folder}${names[0]}\``, {
    hint: 'commit it there, or choose another with --manifest FILE',
  });
}

/** Directory of the lockfiles as every command finds it, from the directory where the bot was started. Relative to that of the manifest. */
export function lockfilesFor(
  manifest: string,
  { folder, named, lockfiles }: { readonly folder: string; readonly named: string | undefined; readonly lockfiles: string | undefined },
): string {
  const path = normalized(`${folder}${lockfiles ?? lockfilesOf(named ?? manifest.slice(folder.length))}`);
  return posix.relative(posix.dirname(`/${manifest}`), `/${path}`) || '.';
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.pop() === undefined) throw new RpmDepsError('USAGE', `\`${path}\` is outside of the git repository`);
    if (part !== '..') parts.push(part);
  }
  return parts.join('/');
}
