import { randomBytes } from 'node:crypto';
import { RpmDepsError } from 'rpm-deps';
import type { Scope } from '../config/config-file.ts';
import type { Actor } from '../http/actor.ts';
import { sha256 } from '../sha256.ts';
import { first, type Queries } from './database.ts';

/** A recognizable prefix, so that scanners find leaked tokens in logs and repositories. */
const PREFIX = 'rpmdeps_';

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly projectId?: string | undefined;
  /** Validity in days; undefined: unlimited. */
  readonly days: number | undefined;
}

/** Returns the token once: the database stores only its hash. */
export async function createToken(queries: Queries, { name, scopes, projectId, days }: NewToken): Promise<{ id: string; token: string }> {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  const row = await first<{ id: string }>(
    queries,
    `insert into token (name, sha256, scopes, project_id, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(days => $5::int)) returning id`,
    [name, sha256(token), scopes, projectId ?? null, days ?? null],
  );
  return { id: row!.id, token };
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly project_id: string | null;
}

/** Throws UNAUTHORIZED for an unknown, expired or revoked token, without revealing which. */
export async function findActor(queries: Queries, token: string): Promise<Actor> {
  const row = await first<TokenRow>(
    queries,
    `select id, name, scopes, project_id from token
     where sha256 = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    [sha256(token)],
  );
  if (row === undefined) {
    throw new RpmDepsError('UNAUTHORIZED', 'the token is not valid', { hint: 'it is mistyped, expired or revoked: create another one' });
  }
  await queries.query(
    `update token set last_used_at = now() where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [row.id],
  );
  return { tokenId: row.id, name: row.name, scopes: row.scopes, projectId: row.project_id ?? undefined };
}

export async function revokeToken(queries: Queries, id: string): Promise<boolean> {
  return (await queries.query('update token set revoked_at = now() where id::text = $1 and revoked_at is null', [id])).count > 0;
}

export async function listTokens(queries: Queries): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await queries.query(
    'select id, name, scopes, project_id, created_at, expires_at, last_used_at, revoked_at from token order by created_at',
  );
  return rows;
}

export async function writeAudit(queries: Queries, actor: string, action: string, subject: string, data: object = {}): Promise<void> {
  await queries.query('insert into audit (actor, action, subject, data) values ($1, $2, $3, $4)', [actor, action, subject, data]);
}
