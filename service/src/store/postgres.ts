import pg from 'pg';
import { RpmDepsError } from 'rpm-deps';
import type { Database, Queries, Rows } from './database.ts';

const CONNECT_MS = 10_000;
/** Time limit: statements of the service take milliseconds, so a slower one is blocked. */
const STATEMENT_MS = 60_000;

export function openPostgres(url: string, onProblem: (error: Error) => void): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'rpm-deps',
    keepAlive: true,
  });
  // If the server closes an idle connection, the service continues: the next query opens another one.
  pool.on('error', onProblem);
  const run = async (client: pg.Pool | pg.PoolClient, text: string, values: readonly unknown[] = []): Promise<Rows<never>> => {
    const result = await client.query(text, values.map(plain));
    const last = Array.isArray(result) ? (result as pg.QueryResult[]).at(-1)! : result;
    return { rows: last.rows as never[], count: last.rowCount ?? 0 };
  };
  return {
    engine: 'postgres',
    query: (text, values) => guarded(() => run(pool, text, values)),
    execute: async (text) => {
      const client = await guarded(() => pool.connect());
      let broken: Error | undefined;
      try {
        const result = (await guarded(() => client.query(text))) as unknown as pg.QueryResult | pg.QueryResult[];
        return [result].flat().flatMap(({ rows }) => rows as Record<string, unknown>[]);
      } catch (error) {
        // The text may have begun a transaction, which must not affect the next user of the connection.
        await client.query('rollback').catch((failed: Error) => {
          broken = failed;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    transaction: async (work) => {
      const client = await guarded(() => pool.connect());
      let broken: Error | undefined;
      // A broken connection also emits an error on the client, which would otherwise be unhandled.
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on('error', onError);
      try {
        const queries: Queries = { query: (text, values) => guarded(() => run(client, text, values)) };
        await queries.query('begin');
        const result = await work(queries);
        await queries.query('commit');
        return result;
      } catch (error) {
        await run(client, 'rollback').catch((failed: Error) => {
          broken = failed;
        });
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    // An unavailable server may return.
    broken: new Promise<Error>(() => undefined),
    close: () => pool.end(),
  };
}

/** Objects are for JSON columns; arrays of strings stay arrays. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date || Array.isArray(value) || value instanceof Uint8Array)
    return value;
  return JSON.stringify(value);
}

/** What the driver says without a code: of a connection that broke, and of one that did not come about. */
const UNREACHABLE = /timeout exceeded|^Connection terminated|is not queryable/;

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnreachable =
      code === undefined
        ? UNREACHABLE.test(message)
        : /^(?:ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|08|28|3D000|53|57P)/.test(code);
    if (!isUnreachable) throw error;
    throw new RpmDepsError('DATABASE', `PostgreSQL cannot be used: ${message || code}`, {
      hint: 'check the URL, the password and that the server runs; a running service tries again by itself',
      cause: error,
    });
  }
}
