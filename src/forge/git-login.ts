import type { GitLogin } from './forge.ts';
import { parseRemoteUrl } from './remote-url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Environment variables for git's login to one host over HTTP: the secret is in no argument, URL or file. The first value is empty, because
 * actions/checkout configures such a header and GitHub refuses a request with two.
 */
export function loginVariables(
  url: string,
  { gitHost, login, env }: { readonly gitHost: string; readonly login: GitLogin; readonly env: Environment },
): Record<string, string> {
  const { protocol, host } = parseRemoteUrl(url);
  if ((protocol !== 'https:' && protocol !== 'http:') || host !== gitHost) return {};
  const secret = Buffer.from(`${login.user}:${login.password}`).toString('base64');
  const key = `http.${protocol}//${host}/.extraheader`;
  return configVariables(
    [
      [key, ''],
      [key, `Authorization: Basic ${secret}`],
    ],
    env,
  );
}

/** Settings of git for one call, after those that are already in the environment. */
export function configVariables(settings: readonly (readonly [string, string])[], env: Environment): Record<string, string> {
  const start = Number(env['GIT_CONFIG_COUNT'] ?? 0) || 0;
  const pairs = settings.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${start + i}`, key],
    [`GIT_CONFIG_VALUE_${start + i}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(start + settings.length), ...Object.fromEntries(pairs) };
}
