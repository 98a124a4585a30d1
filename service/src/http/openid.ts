/** Login to the pages with OpenID Connect: the code flow with PKCE, state and nonce. The library is loaded only if it is configured. */
import { randomBytes } from 'node:crypto';
import { RpmDepsError } from 'rpm-deps';
import { SCOPES, type Scope } from '../config/config-file.ts';
import { readSecret } from '../jobs/credentials.ts';
import type { Service } from '../service.ts';
import { sha256 } from '../sha256.ts';
import { first } from '../store/database.ts';

type OpenidClient = typeof import('openid-client');
type Configuration = InstanceType<OpenidClient['Configuration']>;

interface Provider {
  readonly client: OpenidClient;
  readonly configuration: Configuration;
}

export interface Person {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** Values of a started login that the response must match. */
interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export const CALLBACK = '/login/openid/callback';
const TIMEOUT_SECONDS = 10;
const MINUTES = 10;

const providers = new WeakMap<object, Promise<Provider>>();

/** The URL for the browser, and the content of its cookie until the login ends. */
export async function beginLogin(service: Service): Promise<{ readonly url: string; readonly secret: string }> {
  const { client, configuration } = await providerOf(service);
  const begun = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() };
  const secret = randomBytes(32).toString('base64url');
  await service.database.query('insert into login (sha256, data, expires_at) values ($1, $2, now() + make_interval(mins => $3::int))', [
    sha256(secret),
    begun,
    MINUTES,
  ]);
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri(service),
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    state: begun.state,
    nonce: begun.nonce,
  });
  return { url: url.href, secret };
}

/** The user who logged in; each started login can end only once. Throws UNAUTHORIZED if the provider did not confirm it. */
export async function endLogin(service: Service, secret: string | undefined, search: string): Promise<Person> {
  const row =
    secret === undefined
      ? undefined
      : await first<{ data: Begun; valid: boolean }>(
          service.database,
          'delete from login where sha256 = $1 returning data, expires_at > now() as valid',
          [sha256(secret)],
        );
  if (row?.valid !== true)
    throw new RpmDepsError('UNAUTHORIZED', 'this login was not started here, or took too long', { hint: 'log in again' });
  const { client, configuration } = await providerOf(service);
  try {
    const tokens = await client.authorizationCodeGrant(configuration, new URL(`${redirectUri(service)}${search}`), {
      pkceCodeVerifier: row.data.verifier,
      expectedState: row.data.state,
      expectedNonce: row.data.nonce,
      idTokenExpected: true,
    });
    const own = tokens.claims()!;
    const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = hasMore ? await client.fetchUserInfo(configuration, tokens.access_token, own.sub) : {};
    return personOf(service, { ...own, ...more });
  } catch (cause) {
    service.log('warn', `a login with OpenID Connect failed: ${(cause as Error).message}`);
    throw new RpmDepsError('UNAUTHORIZED', 'the provider of logins did not confirm who you are', { hint: 'log in again', cause });
  }
}

function personOf({ settings }: Service, claims: Readonly<Record<string, unknown>>): Person {
  const { scopes = ['read', 'resolve'], claim = 'groups', grants = {} } = settings.file.login!;
  const groups = [claims[claim]].flat().filter((value) => typeof value === 'string');
  const granted = groups.flatMap((group) => (Object.hasOwn(grants, group) ? grants[group]! : []));
  const name = [claims['preferred_username'], claims['email'], claims['sub']].find((value) => typeof value === 'string' && value !== '');
  return { name: String(name).slice(0, 200), scopes: SCOPES.filter((scope) => [...scopes, ...granted].includes(scope)) };
}

const redirectUri = ({ settings }: Service): string => `${settings.file.public_url!.replace(/\/+$/, '')}${CALLBACK}`;

/** Fetched once; again after a failure. */
function providerOf(service: Service): Promise<Provider> {
  const known = providers.get(service.settings);
  if (known !== undefined) return known;
  const asking = discover(service);
  providers.set(service.settings, asking);
  asking.catch(() => providers.delete(service.settings));
  return asking;
}

async function discover({ settings }: Service): Promise<Provider> {
  const { issuer, client_id, credentials } = settings.file.login!;
  const secret = await readSecret(settings.file, credentials ?? null, settings.env);
  const client = await import('openid-client').catch((cause: unknown) => {
    throw new RpmDepsError('SERVICE_MISSING', 'the package openid-client is not installed', {
      hint: 'npm install --global openid-client; without it log in with a token',
      cause,
    });
  });
  const url = new URL(issuer);
  // The configuration allows plain HTTP only on this machine.
  const execute = url.protocol === 'http:' ? [client.allowInsecureRequests] : [];
  try {
    const configuration = await client.discovery(url, client_id, secret, undefined, { execute, timeout: TIMEOUT_SECONDS });
    return { client, configuration };
  } catch (cause) {
    throw new RpmDepsError('NETWORK', `the provider of logins ${issuer} cannot be used: ${(cause as Error).message}`, {
      hint: 'check `login.issuer`; log in with a token meanwhile',
      cause,
    });
  }
}
