import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import type { Scope } from '../config/config-file.ts';
import type { Service } from '../service.ts';
import { sha256 } from '../sha256.ts';
import { first, type Queries } from '../store/database.ts';
import type { Actor } from './actor.ts';

/** The viewer of a page. */
export interface Viewer {
  readonly name: string;
  /** Value that forms must send back; undefined without a login. */
  readonly csrf: string | undefined;
  readonly actor: Actor;
}

const HOURS = 12;

/** With HTTPS the prefix of the name prevents other hosts and paths from setting it. */
const cookieName = ({ settings }: Service): string =>
  settings.file.public_url?.startsWith('https://') === true ? '__Host-rpm-deps' : 'rpm-deps-session';

export function cookieHeader(service: Service, value: string | undefined): string {
  return renderCookie(cookieName(service), value, { sameSite: 'Strict', seconds: HOURS * 3600 });
}

function renderCookie(
  name: string,
  value: string | undefined,
  { sameSite, seconds }: { readonly sameSite: 'Strict' | 'Lax'; readonly seconds: number },
): string {
  const secure = name.startsWith('__Host-') ? '; Secure' : '';
  return `${name}=${value ?? ''}; Path=/; HttpOnly; SameSite=${sameSite}${secure}; Max-Age=${value === undefined ? 0 : seconds}`;
}

const formCookieName = (service: Service): string => `${cookieName(service)}-form`;

/** Value that the login form must send back: other sites can neither read nor set it, so they cannot log a browser in as another user. */
export function formSecret(service: Service, request: FastifyRequest, reply: FastifyReply): string {
  const known = readCookie(request, formCookieName(service));
  if (known !== undefined) return known;
  const secret = randomBytes(24).toString('base64url');
  reply.header('set-cookie', renderCookie(formCookieName(service), secret, { sameSite: 'Strict', seconds: HOURS * 3600 }));
  return secret;
}

/** Cookie of a started OpenID Connect login: the browser returns from another site, so a strict cookie would not be sent. */
const loginCookieName = (service: Service): string => `${cookieName(service)}-login`;

export function loginCookieHeader(service: Service, value: string | undefined): string {
  return renderCookie(loginCookieName(service), value, { sameSite: 'Lax', seconds: 600 });
}

export const loginCookie = (service: Service, request: FastifyRequest): string | undefined => readCookie(request, loginCookieName(service));

export async function createSession(
  queries: Queries,
  session: { readonly tokenId: string | undefined; readonly name: string; readonly scopes: readonly Scope[] },
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await queries.query(
    'insert into session (sha256, token_id, name, scopes, csrf, expires_at) values ($1, $2, $3, $4, $5, now() + make_interval(hours => $6::int))',
    [sha256(secret), session.tokenId ?? null, session.name, session.scopes, randomBytes(24).toString('base64url'), HOURS],
  );
  return secret;
}

export async function endSession(service: Service, request: FastifyRequest): Promise<void> {
  const secret = readCookie(request, cookieName(service));
  if (secret !== undefined) await service.database.query('delete from session where sha256 = $1', [sha256(secret)]);
}

interface SessionRow {
  readonly token_id: string | null;
  readonly project_id: string | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly csrf: string;
}

/** The session of the cookie, while its token is valid; undefined without one. */
export async function sessionOf(service: Service, request: FastifyRequest): Promise<Viewer | undefined> {
  const secret = readCookie(request, cookieName(service));
  if (secret === undefined) return undefined;
  const row = await first<SessionRow>(
    service.database,
    `select s.token_id, t.project_id, s.name, s.scopes, s.csrf from session s left join token t on t.id = s.token_id
     where s.sha256 = $1 and s.expires_at > now() and (s.token_id is null or (t.revoked_at is null and (t.expires_at is null or t.expires_at > now())))`,
    [sha256(secret)],
  );
  if (row === undefined) return undefined;
  const actor = {
    tokenId: row.token_id ?? `session:${row.name}`,
    name: row.name,
    scopes: row.scopes,
    projectId: row.project_id ?? undefined,
  };
  return { name: row.name, csrf: row.csrf, actor };
}

/** A form must be from our page: it sends back a value of the page, and the browser sends its origin. */
export function requireForm({ csrf }: Viewer, request: FastifyRequest): Form {
  if (csrf !== undefined && isOurs(request, csrf)) return request.body as Form;
  throw new RpmDepsError('FORBIDDEN', 'the form was not sent from this page, or you have logged out', {
    hint: 'go back, load the page again and send it once more',
  });
}

/** The same for the form of a login, before there is a session. */
export function requireLoginForm(service: Service, request: FastifyRequest): Form {
  const secret = readCookie(request, formCookieName(service));
  if (secret !== undefined && isOurs(request, secret)) return request.body as Form;
  throw new RpmDepsError('FORBIDDEN', 'the form was not sent from this page, or the browser refuses cookies', {
    hint: 'allow cookies of this site, load `/login` again and send the form once more',
  });
}

type Form = Readonly<Record<string, string>>;

function isOurs({ body, headers }: FastifyRequest, csrf: string): boolean {
  const [sent, expected] = [(body as Form | undefined)?.['csrf'] ?? '', csrf].map((text) => Buffer.from(sha256(text)));
  const site = headers['sec-fetch-site'];
  return timingSafeEqual(sent!, expected!) && (site === undefined || site === 'same-origin');
}

function readCookie({ headers }: FastifyRequest, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}
