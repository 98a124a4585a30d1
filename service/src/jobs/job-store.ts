/**
 * Jobs as rows. Every change of a running job names its attempt: the condition `attempt = $n and state = 'running'` prevents that the
 * late end of a lost attempt has any effect. Times are those of the database.
 */
import { RpmDepsError } from 'rpm-deps';
import { type Database, first, isUniqueViolation, type Queries } from '../store/database.ts';
import { type Attempt, JOB_COLUMNS, type Job, type JobKind, type JobState } from './job.ts';
import type { JobQueue } from './queue.ts';

export interface NewJob {
  readonly kind: JobKind;
  readonly projectId: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  /** If a queued job has the same key, it is returned instead of a new one. */
  readonly dedupeKey?: string;
  readonly maxAttempts: number;
}

/** Maximum priority step: further jobs of one project have the same, lowest priority. */
const MAX_TURNS = 1000;

/** Creates a job and its delivery in one transaction; returns the queued job if there is one with that key. */
export async function createJob(queries: Queries, queue: JobQueue, job: NewJob): Promise<Job> {
  const { kind, projectId, payload = {}, createdBy, dedupeKey, maxAttempts } = job;
  const made = await first<Job>(
    queries,
    `insert into job (kind, project_id, payload, created_by, dedupe_key, max_attempts) values ($1, $2, $3, $4, $5, $6)
     on conflict (dedupe_key) where state = 'queued' do nothing returning ${JOB_COLUMNS}`,
    [kind, projectId, payload, createdBy, dedupeKey ?? null, maxAttempts],
  );
  if (made === undefined) {
    const known = await first<Job>(queries, `select ${JOB_COLUMNS} from job where dedupe_key = $1 and state = 'queued'`, [dedupeKey]);
    if (known !== undefined) return known;
    throw new RpmDepsError('CONFLICT', 'the same job was started at the same moment', { hint: 'repeat the request' });
  }
  // Projects take turns: the second job of a project has a lower priority than the first jobs of the others.
  const waiting = await first<{ count: number }>(
    queries,
    "select count(*)::int as count from job where project_id = $1 and state = 'queued' and id <> $2",
    [projectId, made.id],
  );
  await queue.send(queries, { jobId: made.id, key: projectId, priority: -Math.min(waiting!.count, MAX_TURNS) });
  return made;
}

export interface Page {
  readonly limit: number;
  /** Last job of the previous page. */
  readonly after: string | undefined;
}

/** Newest first; `next` is the value of `after` for the next page, null on the last page. */
export async function listJobs(
  queries: Queries,
  { projectId, state }: { readonly projectId: string | undefined; readonly state?: string | undefined },
  { limit, after }: Page,
): Promise<{ readonly jobs: readonly Job[]; readonly next: string | null }> {
  const { rows } = await queries.query<Job>(
    `select ${JOB_COLUMNS} from job where ($1::uuid is null or project_id = $1) and ($2::text is null or state = $2)
     and ($3::uuid is null or (created_at, id) < (select created_at, id from job where id = $3)) order by created_at desc, id desc limit $4`,
    [projectId ?? null, state ?? null, after ?? null, limit + 1],
  );
  const { shown, next } = cutPage(rows, limit, ({ id }) => id);
  return { jobs: shown, next };
}

/** Splits one row more than the page size: returns the page, and the name of its last row if more rows follow. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  nameOf: (row: T) => string,
): { readonly shown: readonly T[]; readonly next: string | null } {
  const shown = rows.slice(0, limit);
  return { shown, next: rows.length > limit ? nameOf(shown.at(-1)!) : null };
}

export type Beginning =
  | { readonly kind: 'begun'; readonly job: Job }
  /** The job has ended or was cancelled. */
  | { readonly kind: 'over' }
  /** Another job of the project is still recorded as running. */
  | { readonly kind: 'busy' };

/** Starts an attempt: from now on only this attempt may write. */
export async function beginAttempt(database: Database, jobId: string, worker: string): Promise<Beginning> {
  try {
    return await database.transaction(async (queries) => {
      const job = await first<Job>(
        queries,
        `update job set state = 'running', attempt = attempt + 1, worker = $2, started_at = coalesce(started_at, now())
         where id = $1 and state in ('queued', 'running') and cancel_requested_at is null and attempt < max_attempts returning ${JOB_COLUMNS}`,
        [jobId, worker],
      );
      if (job === undefined) {
        await endUnstarted(queries, jobId);
        return { kind: 'over' } as const;
      }
      await queries.query("update attempt set outcome = 'lost', ended_at = now() where job_id = $1 and outcome is null", [jobId]);
      await queries.query('insert into attempt (job_id, attempt, worker) values ($1, $2, $3)', [jobId, job.attempt, worker]);
      await addEvent(queries, { jobId, attempt: job.attempt }, 'begin', { attempt: job.attempt });
      return { kind: 'begun', job } as const;
    });
  } catch (error) {
    if (isUniqueViolation(error, 'job_alone')) return { kind: 'busy' };
    throw error;
  }
}

/** Ends a job that was cancelled, or whose attempts are used up because workers died. */
async function endUnstarted(queries: Queries, jobId: string): Promise<void> {
  const row = await first<{ state: JobState; attempt: number }>(
    queries,
    `update job set finished_at = now(), state = case when cancel_requested_at is null then 'dead' else 'cancelled' end,
       error = case when cancel_requested_at is null then jsonb_build_object('code', 'LIMIT', 'message', 'every attempt was lost: the worker died') else error end
     where id = $1 and state in ('queued', 'running') and (cancel_requested_at is not null or attempt >= max_attempts) returning state, attempt`,
    [jobId],
  );
  if (row === undefined) return;
  await queries.query("update attempt set outcome = 'lost', ended_at = now() where job_id = $1 and outcome is null", [jobId]);
  await addEvent(queries, { jobId, attempt: row.attempt }, 'end', { state: row.state });
}

/** False if the attempt is not the current one any more, or if the job was cancelled. */
export async function recordProgress(database: Queries, { jobId, attempt }: Attempt, progress: object): Promise<boolean> {
  const { count } = await database.query(
    `with alive as (update job set progress = $3 where id = $1 and attempt = $2 and state = 'running' returning id)
     insert into event (job_id, attempt, kind, data) select id, $2, 'progress', $3 from alive`,
    [jobId, attempt, progress],
  );
  return count > 0;
}

/** The state that a running attempt polls. */
export async function isWanted(database: Queries, { jobId, attempt }: Attempt): Promise<'yes' | 'cancelled' | 'lost'> {
  const row = await first<{ attempt: number; state: JobState; cancelled: boolean }>(
    database,
    'select attempt, state, cancel_requested_at is not null as cancelled from job where id = $1',
    [jobId],
  );
  if (row === undefined || row.attempt !== attempt || row.state !== 'running') return 'lost';
  return row.cancelled ? 'cancelled' : 'yes';
}

export interface Ending {
  readonly state: Exclude<JobState, 'queued' | 'running'>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Writes the end and the changes of `more` in one transaction; returns false and writes nothing for a lost attempt. */
export async function endAttempt(
  database: Database,
  { jobId, attempt }: Attempt,
  { state, result, error }: Ending,
  more: (queries: Queries) => Promise<void> = async () => undefined,
): Promise<boolean> {
  return database.transaction(async (queries) => {
    const { count } = await queries.query(
      "update job set state = $3, result = $4, error = $5, finished_at = now() where id = $1 and attempt = $2 and state = 'running'",
      [jobId, attempt, state, result ?? null, error ?? null],
    );
    if (count === 0) return false;
    await more(queries);
    const outcome = state === 'dead' ? 'failed' : state;
    await queries.query('update attempt set outcome = $3, ended_at = now() where job_id = $1 and attempt = $2', [jobId, attempt, outcome]);
    await addEvent(queries, { jobId, attempt }, 'end', { state });
    return true;
  });
}

/** Queues a job again. If it is returned because the worker shuts down, this does not use up an attempt. */
export async function requeue(
  database: Database,
  queue: JobQueue,
  { jobId, attempt }: Attempt,
  { delaySeconds, error, isGivenBack }: { readonly delaySeconds: number; readonly error?: unknown; readonly isGivenBack: boolean },
): Promise<boolean> {
  return database.transaction(async (queries) => {
    const job = await first<{ project_id: string }>(
      queries,
      `update job set state = 'queued', dedupe_key = null, error = $3, max_attempts = max_attempts + $4
       where id = $1 and attempt = $2 and state = 'running' returning project_id`,
      [jobId, attempt, error ?? null, isGivenBack ? 1 : 0],
    );
    if (job === undefined) return false;
    const outcome = isGivenBack ? 'given back' : 'failed';
    await queries.query('update attempt set outcome = $3, ended_at = now() where job_id = $1 and attempt = $2', [jobId, attempt, outcome]);
    await addEvent(queries, { jobId, attempt }, 'again', { in_seconds: delaySeconds, error: error ?? null });
    await queue.send(queries, { jobId, key: job.project_id, delaySeconds });
    return true;
  });
}

/** A queued job ends immediately, a running one when its worker polls. Undefined if there is no such job. */
export async function requestCancel(database: Database, jobId: string): Promise<Job | undefined> {
  return database.transaction(async (queries) => {
    const ended = await first<Job>(
      queries,
      `update job set state = 'cancelled', cancel_requested_at = now(), finished_at = now() where id = $1 and state = 'queued' returning ${JOB_COLUMNS}`,
      [jobId],
    );
    if (ended !== undefined) await addEvent(queries, { jobId, attempt: ended.attempt }, 'end', { state: 'cancelled' });
    await queries.query("update job set cancel_requested_at = now() where id = $1 and state = 'running' and cancel_requested_at is null", [
      jobId,
    ]);
    return first<Job>(queries, `select ${JOB_COLUMNS} from job where id = $1`, [jobId]);
  });
}

async function addEvent(queries: Queries, { jobId, attempt }: Attempt, kind: string, data: object): Promise<void> {
  await queries.query('insert into event (job_id, attempt, kind, data) values ($1, $2, $3, $4)', [jobId, attempt, kind, data]);
}

/** Sends missing deliveries of unfinished jobs again, for example after a restore. */
export async function sendMissing(database: Database, queue: JobQueue): Promise<number> {
  return database.transaction(async (queries) => {
    const { rows } = await queries.query<{ id: string; project_id: string }>(
      `select id, project_id from job where state in ('queued', 'running') and created_at < now() - interval '1 minute'
       and not exists (select from pgboss.job b where b.name = 'jobs' and b.data->>'jobId' = job.id::text and b.state < 'completed')
       for update skip locked`,
    );
    for (const { id, project_id } of rows) await queue.send(queries, { jobId: id, key: project_id });
    return rows.length;
  });
}
