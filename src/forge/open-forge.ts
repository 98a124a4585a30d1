/** Detects the forge of a repository and creates its client. */
import { RpmDepsError } from '../base/errors.ts';
import type { Forge, ForgeKind } from './forge.ts';
import type { ForgeHttpOptions } from './forge-http.ts';
import { GerritApi } from './gerrit-api.ts';
import { Gitea } from './gitea.ts';
import { Github } from './github.ts';
import { githubAppToken } from './github-app.ts';
import { Gitlab } from './gitlab.ts';
import type { RemotePlace } from './remote-url.ts';
import { gerritLogin, readCredentials } from './token.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ForgePlace {
  readonly kind: ForgeKind;
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The only host to which git may send the forge's token. */
  readonly gitHost: string;
}

export interface OpenForgeOptions extends Omit<ForgeHttpOptions, 'headers' | 'apiUrl'> {
  readonly place: ForgePlace;
  readonly fork?: string | undefined;
  readonly env: Environment;
  /** Permissions to request with a GitHub App, if they differ from the bot's default. */
  readonly appPermissions?: Readonly<Record<string, string>> | undefined;
}

/** Reads the credentials; does not contact the forge. */
export async function openForge({ place, fork, env, appPermissions, ...options }: OpenForgeOptions): Promise<Forge> {
  const { kind, apiUrl, repository } = place;
  const credentials = await readCredentials(kind, env);
  const common = { ...options, apiUrl, repository };
  const token =
    credentials.kind === 'token'
      ? async () => credentials.token
      : githubAppToken({ ...common, ...credentials, permissions: appPermissions });
  if (kind === 'gitlab') return new Gitlab({ ...common, fork, token });
  if (kind === 'gitea') return new Gitea({ ...common, fork, token });
  return new Github({ ...common, fork, token });
}

export interface OpenGerritOptions extends Omit<ForgeHttpOptions, 'headers' | 'apiUrl'> {
  readonly remote: RemotePlace;
  readonly env: Environment;
  readonly apiUrl: string | undefined;
  readonly repository: string | undefined;
}

/** Undefined if no URL of Gerrit's REST API is known: then only git is used. */
export async function openGerrit({ remote, env, apiUrl, repository, ...options }: OpenGerritOptions): Promise<GerritApi | undefined> {
  const login = await gerritLogin(env);
  const host = webHost(remote);
  const isHttp = /^https?:$/.test(remote.protocol);
  const guessed = isHttp ? `${remote.protocol}//${remote.host}` : login !== undefined && host !== '' ? `https://${host}` : undefined;
  const url = (apiUrl ?? env['GERRIT_URL'] ?? guessed)?.replace(/\/+$/, '');
  if (url === undefined) return undefined;
  if (!/^https?:\/\/[^/\s]/i.test(url) || !URL.canParse(url)) {
    throw new RpmDepsError('USAGE', 'the URL of Gerrit is not valid', { hint: 'edit `bot.forge_url` in the manifest or GERRIT_URL' });
  }
  return new GerritApi({ ...options, apiUrl: url, project: repository ?? remote.path.replace(/^a\//, ''), login });
}

/** The kind of forge according to the environment of a CI job or the remote's host; undefined if neither shows it. */
export function detectForge(remote: RemotePlace, env: Environment): ForgeKind | 'gerrit' | undefined {
  if (env['GITEA_ACTIONS'] === 'true' || env['FORGEJO_ACTIONS'] === 'true') return 'gitea';
  if (env['GITHUB_ACTIONS'] === 'true') return 'github';
  if (env['GITLAB_CI'] === 'true') return 'gitlab';
  const host = webHost(remote).replace(/:\d+$/, '');
  if (/^(?:[\w-]+\.)*github\.[\w.-]+$|\.ghe\.com$/i.test(host)) return 'github';
  if (/^(?:[\w-]+\.)*gitlab\.[\w.-]+$/i.test(host)) return 'gitlab';
  if (/^(?:(?:gitea|forgejo)\.[\w.-]+|codeberg\.org)$/i.test(host)) return 'gitea';
  return /^(?:gerrit|review)\.[\w.-]+$/i.test(host) ? 'gerrit' : undefined;
}

/** Precedence: explicit settings, then the remote, then the variables of a CI job. */
export function placeOf(
  kind: ForgeKind,
  remote: RemotePlace,
  {
    env,
    apiUrl,
    repository,
  }: { readonly env: Environment; readonly apiUrl?: string | undefined; readonly repository?: string | undefined },
): ForgePlace {
  const isRemote = remote.host !== '';
  const api = (apiUrl ?? env[API_VARIABLES[kind]] ?? (isRemote ? defaultApi(kind, webHost(remote)) : '')).replace(/\/+$/, '');
  const path = repository ?? (isRemote ? pathBelow(api, remote) : (env[kind === 'gitlab' ? 'CI_PROJECT_PATH' : 'GITHUB_REPOSITORY'] ?? ''));
  if (!/^[^/\s]+(?:\/[^/\s]+)+$/.test(path) || (kind !== 'gitlab' && path.split('/').length !== 2)) {
    throw new RpmDepsError('USAGE', 'cannot determine the name of the repository on the forge', {
      hint: 'set `bot.repository` to `owner/name` in the manifest, or use a remote with a URL of the forge',
    });
  }
  if (!/^https?:\/\/[^/\s]/i.test(api) || !URL.canParse(api)) {
    throw new RpmDepsError('USAGE', `cannot determine the URL of the ${kind} API`, {
      hint: `set \`bot.forge_url\` in the manifest or ${API_VARIABLES[kind]}`,
    });
  }
  return { kind, apiUrl: api, repository: path, gitHost: new URL(api).host.replace(/^api\.(github\.com|[\w-]+\.ghe\.com)$/i, '$1') };
}

const API_VARIABLES: Readonly<Record<ForgeKind, string>> = {
  github: 'GITHUB_API_URL',
  gitlab: 'CI_API_V4_URL',
  gitea: 'GITHUB_API_URL',
};

/** Host of the forge's pages and API, without the port of ssh. Both large forges offer ssh at the HTTPS port under another host name. */
function webHost({ protocol, host }: RemotePlace): string {
  if (!protocol.endsWith('ssh:')) return host;
  const name = host.replace(/:\d+$/, '');
  return SSH_HOSTS[name.toLowerCase()] ?? name;
}

const SSH_HOSTS: Readonly<Record<string, string>> = { 'ssh.github.com': 'github.com', 'altssh.gitlab.com': 'gitlab.com' };

/** If the forge is in a subdirectory of its server, such as `https://example.com/gitlab/`, so are its repositories. */
function pathBelow(api: string, { protocol, path }: RemotePlace): string {
  const folder = /^https?:$/.test(protocol) ? /^https?:\/\/[^/]+\/(.+)\/api\/v\d+$/i.exec(api)?.[1] : undefined;
  return folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

function defaultApi(kind: ForgeKind, host: string): string {
  if (kind === 'gitlab') return `https://${host}/api/v4`;
  if (kind === 'gitea') return `https://${host}/api/v1`;
  return host === 'github.com' || /\.ghe\.com$/i.test(host) ? `https://api.${host}` : `https://${host}/api/v3`;
}
