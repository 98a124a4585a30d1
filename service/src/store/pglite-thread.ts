/** PGlite in a separate thread, because a query blocks its thread. */
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
  /** Directory of the database, which is created if necessary. */
  readonly directory: string;
  /** A compressed initialized directory: unpacking it is much faster than initializing. It is created if it is missing. */
  readonly prepared: string;
}

/** For one session and tables of some MiB: the defaults use 130 MiB more without a benefit. */
const SETTINGS = ['shared_buffers=16MB', 'max_connections=10'];

const { directory, prepared } = workerData as PgliteData;
let database: PGlite;
// Orders run one after the other, because there is only one session.
let last: Promise<unknown> = open().then(
  () => port.postMessage({ id: 0 } satisfies PgliteReply),
  (error: Error) =>
    port.postMessage({ id: 0, error: { message: error.message, code: undefined, constraint: undefined } } satisfies PgliteReply),
);

/** A new directory is renamed when it is complete, so that a killed process leaves no incomplete database. */
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
    // If the installed package is not writable, the next database is initialized from scratch too.
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
