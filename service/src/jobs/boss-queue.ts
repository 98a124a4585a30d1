/** The queue on pg-boss, which accesses both database engines through its adapter. */
import { PgBoss } from 'pg-boss';
import type { Log } from '../service.ts';
import type { Database, Queries } from '../store/database.ts';
import type { Delivery, JobQueue } from './queue.ts';

/** Database interface of pg-boss. */
interface BossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Lock for the start of the queue; migrations use another one. */
const LOCK = 1_919_970_661;

const QUEUE = 'jobs';
const DEAD = 'dead-jobs';
/** A worker without a heartbeat for this time is lost (10 is the minimum of pg-boss); workers send one every third of it. */
const HEARTBEAT_SECONDS = 10;
const BEAT_SECONDS = 3;
/** Maximum deliveries to workers that died; failures of a job itself are counted in `job`. */
const REDELIVERIES = 100;

export interface BossOptions {
  readonly database: Database;
  readonly log: Log;
  /** Time limit of a delivery. */
  readonly expireSeconds: number;
  /** Whether this process redelivers lost deliveries; several processes may. */
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
  // pg-boss adds which of its pollers it was.
  boss.on('error', ({ message }) => log('warn', `the queue failed and goes on: ${message.replace(/ \(Queue: .*\)$/s, '')}`));
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
      // Several processes may start at the same time: one creates the queue's tables, the others wait.
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
