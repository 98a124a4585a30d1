import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RpmDepsError } from 'rpm-deps';
import { startThread } from '../start-thread.ts';
import type { Database, Queries, Rows } from './database.ts';
import { databaseDirectory, lockDirectory } from './directory-lock.ts';
import type { PgliteData, PgliteOrder, PgliteReply } from './pglite-thread.ts';

type Waiting = { readonly resolve: (reply: PgliteReply) => void; readonly reject: (error: unknown) => void };

/** Opens the database in a local directory, for this process alone. */
export async function openPglite(data: string): Promise<Database> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(data);
  const worker = startThread('pglite-thread', {
    workerData: { directory: databaseDirectory(data), prepared: preparedFile() } satisfies PgliteData,
  });
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let gone: Error | undefined;
  const opened = new Promise<PgliteReply>((resolve, reject) => waiting.set(0, { resolve, reject }));
  worker.on('message', (reply: PgliteReply) => {
    const { resolve, reject } = waiting.get(reply.id)!;
    waiting.delete(reply.id);
    if (reply.error === undefined) resolve(reply);
    else reject(Object.assign(new Error(reply.error.message), { code: reply.error.code, constraint: reply.error.constraint }));
  });
  const fail = (error: Error): void => {
    gone ??= error;
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  let isClosing = false;
  const broken = new Promise<Error>((resolve) => {
    worker.once('exit', () => {
      if (!isClosing) resolve(new RpmDepsError('DATABASE', `the database in \`${data}\` has ended: ${gone?.message ?? 'no reason given'}`));
    });
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new RpmDepsError('DATABASE', 'the database was closed')));

  const send = async (kind: PgliteOrder['kind'], text: string, values: readonly unknown[] = []): Promise<PgliteReply> => {
    if (gone !== undefined) throw gone;
    const id = next++;
    const reply = new Promise<PgliteReply>((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.postMessage({ id, kind, text, values: values.map(plain) } satisfies PgliteOrder);
    return reply;
  };
  const query = async (text: string, values?: readonly unknown[]): Promise<Rows<never>> => {
    const { rows, count } = await send('query', text, values);
    return { rows: (rows ?? []) as never[], count: count ?? 0 };
  };
  const close = async (): Promise<void> => {
    isClosing = true;
    await send('close', '').catch(() => undefined);
    await worker.terminate();
    await lock.release();
  };
  try {
    await opened;
  } catch (error) {
    await close();
    throw new RpmDepsError('DATABASE', `the database in \`${data}\` cannot be opened: ${(error as Error).message}`, {
      hint: 'if a newer version made it, use that version; if it is damaged, move it away and run `rpm-deps serve restore FILE --data DIR` with a backup',
      cause: error,
    });
  }

  // There is one session, so a transaction blocks all other queries.
  let turn: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    engine: 'pglite',
    query: (text, values) => alone(() => query(text, values)),
    execute: (text) =>
      alone(async () => {
        try {
          return ((await send('execute', text)).rows ?? []) as Record<string, unknown>[];
        } catch (error) {
          // The text may have begun a transaction, which must not affect the next statement.
          await send('execute', 'rollback').catch(() => undefined);
          throw error;
        }
      }),
    transaction: (work) =>
      alone(async () => {
        await send('execute', 'begin');
        try {
          const queries: Queries = { query };
          const result = await work(queries);
          await send('execute', 'commit');
          return result;
        } catch (error) {
          await send('execute', 'rollback').catch(() => undefined);
          throw error;
        }
      }),
    broken,
    close: () => alone(close),
  };
}

/** Beside the built package, or in the cache of development tools; for this version of PGlite. */
function preparedFile(): string {
  const { version } = JSON.parse(
    readFileSync(
      createRequire(import.meta.url)
        .resolve('@electric-sql/pglite')
        .replace(/dist\/[^/]*$/, 'package.json'),
      'utf8',
    ),
  ) as {
    version: string;
  };
  const folder = import.meta.url.endsWith('.js') ? '.' : '../../../node_modules/.cache';
  return fileURLToPath(new URL(`${folder}/pglite-${version}.tar.gz`, import.meta.url));
}

/** JSON columns accept objects as text; some of their values cannot be sent to a thread. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date || Array.isArray(value) || value instanceof Uint8Array)
    return value;
  return JSON.stringify(value);
}
