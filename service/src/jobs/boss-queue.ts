/** The queue on pg-boss, with the two engines behind its own seam. */
import { PgBoss } from 'pg-boss';
import type { Log } from '../service.ts';
import type { Database, Queries } from '../store/database.ts';
import type { Delivery, JobQueue } from './queue.ts';

/** What pg-boss wants of a database. */
interface BossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Of the start of the queue; that of the migrations is another. */
const LOCK = 1_919_970_661;

const QUEUE = 'jobs';
const DEAD = 'dead-jobs';
/** A worker that does not beat for this long is gone (10 is the least that pg-boss takes); who works beats every third of it. */
const HEARTBEAT_SECONDS = 10;
const BEAT_SECONDS = 3;
/** Deliveries to workers that died; how often a job itself may fail is counted in `job`. */
const REDELIVERIES = 100;

export interface BossOptions {
  readonly database: Database;
  readonly log: Log;
  /** How long a delivery may take. */
  readonly expireSeconds: number;
  /** Whether this process looks after lost deliveries; several may. */
  readonly supervise: boolean;
}

export function createBossQueue({ database, log, expireSeconds, supervise }: BossOptions): JobQueue {
  const boss = new PgBoss({
    db: bossDatabase(database),
    backend: database.engine,
    schema: 'pgboss',
    supervise,
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: 60,
  });
  boss.on('error', (error) => log('warn', `the queue failed and goes on: ${error.message}`));
  const begin = async (): Promise<void> => {
    await boss.start();
    await boss.createQueue(DEAD, { policy: 'standard' });
    await boss.createQueue(QUEUE, {
      policy: 'singleton',
      retryLimit: REDELIVERIES,
      retryDelay: 1,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: expireSeconds,
      retentionSeconds: 30 * 86_400,
      deleteAfterSeconds: 3600,
      deadLetter: DEAD,
    });
  };
  return {
    start: async () => {
      if (database.engine === 'pglite') return begin();
      // Processes that start at once would make the queue's tables at once: one does, the others wait.
      await database.transaction(async (queries) => {
        await queries.query('select pg_advisory_xact_lock($1)', [LOCK]);
        await begin();
      });
    },
    send: async (queries, { jobId, key, delaySeconds = 0, priority = 0 }) => {
      await boss.send(QUEUE, { jobId }, { singletonKey: key, startAfter: delaySeconds, priority, db: bossQueries(queries) });
    },
    work: async (handler, { concurrency }) => {
      await boss.work<{ jobId: string }>(
        QUEUE,
        { pollingIntervalSeconds: 0.5, localConcurrency: concurrency, batchSize: 1, heartbeatRefreshSeconds: BEAT_SECONDS },
        async (jobs) => {
          for (const { data, signal } of jobs) await handler({ jobId: data.jobId, signal } satisfies Delivery);
        },
      );
    },
    pause: async () => {
      await boss.offWork(QUEUE, { wait: false });
    },
    stop: () => boss.stop({ graceful: true, timeout: 5000, close: false }),
  };
}

function bossDatabase(database: Database): BossDatabase {
  return {
    executeSql: async (text, values) => {
      if (values === undefined || values.length === 0) return { rows: [...(await database.execute(text))] };
      return { rows: [...(await database.query(text, values)).rows] };
    },
  };
}

function bossQueries(queries: Queries): BossDatabase {
  return { executeSql: async (text, values) => ({ rows: [...(await queries.query(text, values)).rows] }) };
}
