/** Connects to the forge: detects it, reads the token, and checks the repository and the token before anything is written. */
import { RpmDepsError } from '../base/errors.ts';
import type { WarningCode } from '../base/warnings.ts';
import type { Forge, ForgeKind } from '../forge/forge.ts';
import { detectForge, openForge, placeOf } from '../forge/open-forge.ts';
import type { GitPlace } from '../forge/run-git.ts';
import type { BotForge } from '../manifest/bot-section.ts';
import type { Context } from '../run/context.ts';
import { type Repository, withLogin } from './repository.ts';
import { addSecret } from './secrets.ts';
import type { BotSettings } from './settings.ts';

export interface Connection {
  readonly forge: Forge;
  readonly repository: string;
  /** With git's login to the forge. */
  readonly place: GitPlace;
  /** Destination of pushed branches: the remote, or the fork. */
  readonly pushTo: string;
}

export interface ConnectInput {
  readonly settings: BotSettings;
  readonly repository: Repository;
  readonly maxWaitMs: number | undefined;
  readonly secrets: Set<string>;
  readonly warn: (code: WarningCode, text: string) => void;
}

/** Tokens that are renewed manually need some days. */
const WARN_BEFORE_MS = 14 * 24 * 3_600_000;

export async function connect(
  kind: ForgeKind,
  { settings, repository, maxWaitMs, secrets, warn }: ConnectInput,
  context: Context,
): Promise<Connection> {
  const remote = repository.remote!;
  const place = placeOf(kind, remote.at, { env: context.env, apiUrl: settings.forgeUrl, repository: settings.repository });
  const { http, now, emit, signal, env } = context;
  const forge = await openForge({ place, fork: settings.fork, env, http, now, emit, signal, maxWaitMs });
  const state = await forge.inspect();
  if (state.fullName !== '' && state.fullName.toLowerCase() !== place.repository.toLowerCase() && !/^\d+$/.test(place.repository)) {
    warn('FORGE_RENAMED', `the repository \`${place.repository}\` was renamed to \`${state.fullName}\``);
  }
  if (state.archived)
    throw new RpmDepsError('FORGE_DENIED', `the repository \`${place.repository}\` is archived`, {
      hint: 'remove the job, or unarchive the repository',
    });
  if (state.canPush === false && settings.fork === undefined) {
    throw new RpmDepsError('FORGE_DENIED', `the token does not allow pushing to \`${place.repository}\``, {
      hint: 'grant it write access to contents and pull requests, or set `bot.fork`',
    });
  }
  await inspectToken(forge, { warn, now: now() });
  const login = await forge.gitLogin();
  addSecret(secrets, login.password);
  const pushTo = pushTarget(settings, remote);
  return {
    forge,
    repository: place.repository,
    place: withLogin(repository.place, [remote.url, pushTo], { gitHost: place.gitHost, login }),
    pushTo,
  };
}

/** Warns of a token that expires soon, lacks a permission, or starts no checks. */
async function inspectToken(forge: Forge, { warn, now }: { readonly warn: ConnectInput['warn']; readonly now: Date }): Promise<void> {
  const { expiresAt, missing, startsNoChecks } = await forge.inspectToken();
  if (expiresAt !== undefined && expiresAt.getTime() - now.getTime() < WARN_BEFORE_MS) {
    warn('FORGE_TOKEN', `the token expires on ${expiresAt.toISOString().slice(0, 10)}`);
  }
  if (missing.length > 0) warn('FORGE_TOKEN', `the token lacks the scope ${missing.join(', ')}`);
  if (startsNoChecks) {
    warn(
      'FORGE_TOKEN',
      `the token is the default token of a CI job: a ${forge.noun} opened with it starts no checks; use another token or an App`,
    );
  }
}

/** The name of the remote, or the URL of the fork. */
export function pushTarget({ fork, forkUrl }: BotSettings, remote: NonNullable<Repository['remote']>): string {
  if (forkUrl !== undefined) return forkUrl;
  if (fork === undefined) return remote.name;
  if (remote.at.protocol === 'file:')
    throw new RpmDepsError('USAGE', 'cannot determine the URL of the fork', { hint: 'set `bot.fork_url`' });
  const at = remote.url.lastIndexOf(remote.at.path);
  return `${remote.url.slice(0, at)}${fork}${remote.url.slice(at + remote.at.path.length)}`;
}

export function forgeKind(
  asked: BotForge | undefined,
  {
    settings,
    repository,
    env,
    dryRun,
  }: { readonly settings: BotSettings; readonly repository: Repository; readonly env: Context['env']; readonly dryRun: boolean },
): BotForge {
  const kind = asked ?? settings.forge ?? (repository.remote === undefined ? undefined : detectForge(repository.remote.at, env));
  if (kind !== undefined) return kind;
  if (dryRun) return 'none';
  throw new RpmDepsError('USAGE', 'cannot determine the forge of the remote', {
    hint: 'choose it with --forge: github, gitlab, gitea, gerrit or none',
  });
}

/** A private base needs a login before its manifest can be read, which may configure another login. Without a token, git uses its own logins. */
export async function loginToRead(
  repository: Repository,
  { forge: asked, maxWaitMs }: { readonly forge?: BotForge | undefined; readonly maxWaitMs?: number | undefined },
  secrets: Set<string>,
  { env, http, now, emit, signal }: Context,
): Promise<Repository> {
  const { remote, place } = repository;
  const kind = remote === undefined ? undefined : (asked ?? detectForge(remote.at, env));
  if (remote === undefined || !/^https?:$/.test(remote.at.protocol) || kind === undefined || kind === 'none' || kind === 'gerrit')
    return repository;
  try {
    const at = placeOf(kind, remote.at, { env });
    const forge = await openForge({ place: at, env, http, now, emit, signal, maxWaitMs });
    const login = await forge.gitLogin();
    addSecret(secrets, login.password);
    return { ...repository, place: withLogin(place, [remote.url], { gitHost: at.gitHost, login }) };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    emit({ kind: 'debug', text: `no login for reading the base branch: ${error.message}` });
    return repository;
  }
}
