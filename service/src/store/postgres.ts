import pg from 'pg';
import { RpmDepsError } from 'rpm-deps';
import type { Database, Queries, Rows } from './database.ts';

const CONNECT_MS = 10_000;
/** A statement of the service takes milliseconds: one that takes this long waits for something that does not come. */
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
  // An idle connection that the server ends must not end the service: the next query opens another.
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
        const result = (await client.query(text)) as unknown as pg.QueryResult | pg.QueryResult[];
        return [result].flat().flatMap(({ rows }) => rows as Record<string, unknown>[]);
      } catch (error) {
        // A transaction that the text began must not be left to the next user of the connection.
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
      // A connection that breaks in the middle says so on the client too, where nobody would hear it.
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await run(client, 'begin');
        const queries: Queries = { query: (text, values) => run(client, text, values) };
        const result = await work(queries);
        await run(client, 'commit');
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
    // A server that is away comes back.
    broken: new Promise<Error>(() => undefined),
    close: () => pool.end(),
  };
}

/** Objects are JSON columns; arrays of texts are arrays. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date || Array.isArray(value) || value instanceof Uint8Array)
    return value;
  return JSON.stringify(value);
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnreachable =
      /^(?:ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|28...|3D000|57P03)/.test(code ?? '') || /timeout exceeded/.test(message);
    if (!isUnreachable) throw error;
    throw new RpmDepsError('DATABASE', `PostgreSQL cannot be used: ${message || code}`, {
      hint: 'check the URL, the password and that the server runs; a running service tries again by itself',
      cause: error,
    });
  }
}
