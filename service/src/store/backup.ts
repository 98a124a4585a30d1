/**
 * All tables as compressed JSON lines, which can be restored in the other engine and in other versions. The queue is omitted: its deliveries are
 * created again from unfinished jobs.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { RpmDepsError } from 'rpm-deps';
import { type Database, first, type Queries } from './database.ts';

/** Parents before children. */
const TABLES = [
  'token',
  'audit',
  'project',
  'schedule',
  'job',
  'attempt',
  'event',
  'effect',
  'manifest_text',
  'change_text',
  'lock_body',
  'lock',
  'locked_package',
  'delivery',
  'idempotency',
] as const;
const IDENTITIES = ['audit', 'event'] as const;
const FORMAT = 'rpm-deps-service-backup';
const BATCH = 500;

export async function backup(database: Database, file: string): Promise<number> {
  const temporary = `${file}.${process.pid}.tmp`;
  const packed = createGzip();
  const written = packed.pipe(createWriteStream(temporary, { mode: 0o600, flags: 'wx' }));
  const finished = once(written, 'finish');
  finished.catch(() => undefined);
  const failed = new Promise<never>((_, reject) => written.once('error', reject));
  failed.catch(() => undefined);
  let rows = 0;
  const put = async (value: unknown): Promise<void> => {
    if (!packed.write(`${JSON.stringify(value)}\n`)) await Promise.race([once(packed, 'drain'), failed]);
  };
  try {
    await database.transaction(async (queries) => {
      await queries.query('set transaction isolation level repeatable read, read only');
      await put({ format: FORMAT, version: 1, migration: await newestMigration(queries) });
      for (const table of TABLES) rows += await putTable(queries, table, put);
    });
    await put({ rows });
    packed.end();
    await Promise.race([finished, failed]);
    await rename(temporary, file);
    return rows;
  } catch (cause) {
    await rm(temporary, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw cause;
    throw new RpmDepsError('WRITE_FAILED', `cannot write the backup \`${file}\`: ${code}`, {
      hint: 'check the path, permissions and room on the disk',
      cause,
    });
  }
}

async function newestMigration(queries: Queries): Promise<number> {
  return (await first<{ number: number }>(queries, 'select max(number)::int as number from migration'))!.number;
}

/** In batches, because a table may be larger than memory. */
async function putTable(queries: Queries, table: string, put: (value: unknown) => Promise<void>): Promise<number> {
  await queries.query(`declare portion_${table} cursor for select to_jsonb(t)::text as row from ${table} t`);
  for (let count = 0; ; ) {
    const { rows } = await queries.query<{ row: string }>(`fetch ${BATCH} from portion_${table}`);
    if (rows.length === 0) {
      await queries.query(`close portion_${table}`);
      return count;
    }
    await put({ table, values: rows.map(({ row }) => JSON.parse(row) as unknown) });
    count += rows.length;
  }
}

/** Restores into a database without rows; all or nothing. */
export async function restore(database: Database, file: string): Promise<number> {
  return database.transaction(async (queries) => {
    await refuseFull(queries);
    const newest = await newestMigration(queries);
    let rows = 0;
    let isWhole = false;
    let isFirst = true;
    try {
      for await (const line of linesOf(file)) {
        const value = JSON.parse(line) as {
          format?: string;
          migration?: number;
          table?: string;
          values?: readonly unknown[];
          rows?: number;
        };
        if (isFirst && value.format !== FORMAT) throw new SyntaxError('it does not begin as a backup does');
        // What only a newer version knows would be lost.
        if (isFirst && !(value.migration! <= newest)) throw new SyntaxError('it is of a newer version of rpm-deps-service');
        isFirst = false;
        if (value.table !== undefined) rows += await insertRows(queries, value.table, value.values ?? []);
        else if (value.rows !== undefined) isWhole = value.rows === rows;
      }
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !/^(?:Z_|ERR_|E[A-Z]+$)/.test(String((cause as NodeJS.ErrnoException).code))) throw cause;
      throw notWhole(file, (cause as Error).message);
    }
    if (!isWhole) throw notWhole(file, 'its end is missing');
    for (const table of IDENTITIES) {
      await queries.query(
        `select setval(pg_get_serial_sequence('${table}', 'id'), (select coalesce(max(id), 0) + 1 from ${table}), false)`,
      );
    }
    return rows;
  });
}

/** Lines of a compressed file. Unlike readline, this throws an error if the file is truncated or unreadable. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const opened = createGunzip();
  source.on('error', (error) => opened.destroy(error));
  let rest = '';
  for await (const chunk of source.pipe(opened).setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function insertRows(queries: Queries, table: string, values: readonly unknown[]): Promise<number> {
  if (!TABLES.includes(table as (typeof TABLES)[number])) throw new SyntaxError(`there is no table ${table}`);
  const overriding = IDENTITIES.includes(table as (typeof IDENTITIES)[number]) ? 'overriding system value' : '';
  const { count } = await queries.query(
    `insert into ${table} ${overriding} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(values)],
  );
  return count;
}

async function refuseFull(queries: Queries): Promise<void> {
  const { rows } = await queries.query<{ full: boolean }>(
    'select exists (select from project) or exists (select from token) or exists (select from job) as full',
  );
  if (rows[0]!.full)
    throw new RpmDepsError('CONFLICT', 'the database is not empty', { hint: 'restore into a new directory or a new database' });
}

function notWhole(file: string, why: string): RpmDepsError {
  return new RpmDepsError('USAGE', `\`${file}\` cannot be restored: ${why}`, { hint: 'nothing was restored; use another file' });
}
