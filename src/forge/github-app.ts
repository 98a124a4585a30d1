/**
 * Gets a token of a GitHub App: a JWT signed with its key (RS256) is exchanged for a token that is valid for an hour,
 * for one repository and only the required permissions.
 */
import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { RpmDepsError } from '../base/errors.ts';
import { fieldsOf } from '../base/fields.ts';
import { numberIn, textIn } from './fields.ts';
import { ForgeHttp, type ForgeHttpOptions, messagesOf } from './forge-http.ts';

export interface GithubAppOptions extends Omit<ForgeHttpOptions, 'headers'> {
  /** Number of the App, or its client id. */
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Default `APP_PERMISSIONS`. */
  readonly permissions?: Readonly<Record<string, string>> | undefined;
}

/** The only rights that are requested, unless the caller needs others. */
export const APP_PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write' } as const;

/** GitHub refuses a JWT that is valid for more than ten minutes, and clocks may differ. */
const JWT_SECONDS = 540;
const CLOCK_SKEW_SECONDS = 60;
const RENEW_BEFORE_MS = 5 * 60_000;

/** Tokens of the App's installation, renewed shortly before they expire. */
export function githubAppToken(options: GithubAppOptions): () => Promise<string> {
  const { appId, repository, now, permissions = APP_PERMISSIONS } = options;
  const key = keyOf(options.privateKey);
  const headers = async (): Promise<Record<string, string>> => ({
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    authorization: `Bearer ${appJwt({ appId, key, now: now() })}`,
  });
  const http = new ForgeHttp({ ...options, headers });
  let current: Promise<{ readonly token: string; readonly until: number }> | undefined;
  const fetchToken = async () => {
    const [owner = '', name = ''] = repository.split('/');
    const installation = await http.call('GET', `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/installation`);
    const id = numberIn(fieldsOf(installation.json), 'id');
    const { status, json } = await http.call('POST', `/app/installations/${id}/access_tokens`, {
      body: { repositories: [name], permissions },
      accept: [422],
    });
    if (status === 422) {
      throw new RpmDepsError('FORGE_DENIED', `GitHub refused a token of the App for ${repository}: ${messagesOf(json).join('; ')}`, {
        hint: `the App needs the permissions ${Object.keys(permissions).join(', ')}: write; accept them in the settings of its installation`,
      });
    }
    const token = textIn(fieldsOf(json), 'token');
    const until = Date.parse(textIn(fieldsOf(json), 'expires_at'));
    if (token === '' || Number.isNaN(until)) throw new RpmDepsError('FORGE', `GitHub returned no token of the App for ${repository}`);
    return { token, until };
  };
  return async () => {
    const known = await current?.catch(() => undefined);
    if (known === undefined || known.until - RENEW_BEFORE_MS < now().getTime()) current = fetchToken();
    return (await current!).token;
  };
}

function appJwt({ appId, key, now }: { readonly appId: string; readonly key: KeyObject; readonly now: Date }): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iat: seconds - CLOCK_SKEW_SECONDS, exp: seconds + JWT_SECONDS, iss: appId };
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function keyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    // The cause may contain the key.
    throw new RpmDepsError('FORGE_DENIED', 'the private key of the GitHub App cannot be read', {
      hint: 'it is a PEM file that begins with `-----BEGIN RSA PRIVATE KEY-----`',
      data: { reason: cause instanceof Error ? cause.name : 'unknown' },
    });
  }
}
