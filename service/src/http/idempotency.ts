import { RpmDepsError } from 'rpm-deps';
import { sha256 } from '../sha256.ts';
import { type Database, first, type Queries } from '../store/database.ts';
import type { Asked } from './route.ts';

export interface Done {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Runs `work` once for each value of the header Idempotency-Key: a repeated request gets the same response, a different one with that key is
 * refused. The response is stored in the same transaction as the changes.
 */
export async function once(database: Database, request: Asked, work: (queries: Queries) => Promise<Done>): Promise<Done> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return database.transaction(work);
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new RpmDepsError('USAGE', 'the header Idempotency-Key is not 1 to 200 printable characters');
  }
  const actor = request.actor.tokenId ?? request.actor.name;
  const digest = sha256(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`);
  return database.transaction(async (queries) => {
    const { count } = await queries.query(
      'insert into idempotency (key, actor, request_sha256) values ($1, $2, $3) on conflict do nothing',
      [key, actor, digest],
    );
    if (count === 0) {
      const known = await first<{ request_sha256: string; status: number; body: unknown }>(
        queries,
        'select request_sha256, status, body from idempotency where key = $1 and actor = $2',
        [key, actor],
      );
      if (known === undefined || known.request_sha256 !== digest) {
        throw new RpmDepsError('CONFLICT', 'the Idempotency-Key was used with another request', {
          hint: 'use a new key for a new request',
        });
      }
      return { status: known.status === 201 || known.status === 202 ? 200 : known.status, body: known.body };
    }
    const done = await work(queries);
    await queries.query('update idempotency set status = $3, body = $4 where key = $1 and actor = $2', [
      key,
      actor,
      done.status,
      done.body,
    ]);
    return done;
  });
}
