/** PGlite in a thread of its own: a query blocks the thread that it runs in. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

export interface PgliteOrder {
  readonly id: number;
  readonly kind: 'query' | 'execute' | 'close' | 'dump';
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface PgliteReply {
  readonly id: number;
  readonly rows?: readonly unknown[];
  readonly count?: number;
  readonly error?: { readonly message: string; readonly code: string | undefined; readonly constraint: string | undefined };
}

const port = parentPort!;
export interface PgliteData {
  /** Where the database is, or will be. */
  readonly directory: string;
  /** A directory that was initialized before, packed: unpacking it takes a fraction of the time. It is made where it is missing. */
  readonly prepared: string;
}

/** For one session and tables of some MiB: with the defaults 130 MiB more are taken and never used. */
const SETTINGS = ['shared_buffers=16MB', 'max_connections=10'];

const { directory, prepared } = workerData as PgliteData;
let database: PGlite;
// One order after the other, in the order in which they came: there is one session.
let last: Promise<unknown> = open().then(
  () => port.postMessage({ id: 0 } satisfies PgliteReply),
  (error: Error) =>
    port.postMessage({ id: 0, error: { message: error.message, code: undefined, constraint: undefined } } satisfies PgliteReply),
);

/** A new directory gets its name when it is complete: a process killed before leaves nothing that looks like a database. */
async function open(): Promise<void> {
  if (!existsSync(directory)) {
    const beginning = `${directory}.new`;
    rmSync(beginning, { recursive: true, force: true });
    const isPrepared = existsSync(prepared);
    const fresh = new PGlite(beginning, isPrepared ? { loadDataDir: new Blob([readFileSync(prepared)]) } : {});
    await fresh.waitReady;
    if (!isPrepared) await keepPrepared(fresh);
    await fresh.close();
    renameSync(beginning, directory);
  }
  database = new PGlite(directory, { startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])] });
  await database.waitReady;
}

async function keepPrepared(fresh: PGlite): Promise<void> {
  try {
    const packed = await fresh.dumpDataDir('gzip');
    mkdirSync(dirname(prepared), { recursive: true });
    writeFileSync(`${prepared}.${process.pid}`, new Uint8Array(await packed.arrayBuffer()));
    renameSync(`${prepared}.${process.pid}`, prepared);
  } catch {
    // An installed package that cannot be written: the next directory takes as long as this one.
  }
}

port.on('message', (order: PgliteOrder) => {
  last = last.then(async () => {
    try {
      port.postMessage({ id: order.id, ...(await run(order)) } satisfies PgliteReply);
    } catch (error) {
      const { message, code, constraint } = error as Error & { code?: string; constraint?: string };
      port.postMessage({ id: order.id, error: { message, code, constraint } } satisfies PgliteReply);
    }
  });
});

async function run({ kind, text, values }: PgliteOrder): Promise<{ rows: unknown[]; count: number }> {
  if (kind === 'close') {
    await database.close();
    return { rows: [], count: 0 };
  }
  if (kind === 'execute') {
    const results = await database.exec(text);
    return { rows: results.flatMap(({ rows }) => rows), count: 0 };
  }
  const { rows, affectedRows } = await database.query(text, values as unknown[]);
  return { rows, count: affectedRows ?? rows.length };
}
