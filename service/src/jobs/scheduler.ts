/** Creates jobs from schedules. Several processes may do so: the transaction that creates a job also advances its schedule, so only one succeeds. */
import { Cron } from 'croner';
import { RpmDepsError } from 'rpm-deps';
import type { Database } from '../store/database.ts';
import type { JobKind } from './job.ts';
import { createJob } from './job-store.ts';
import type { JobQueue } from './queue.ts';

interface ScheduleRow {
  readonly id: string;
  readonly project_id: string;
  readonly kind: JobKind;
  readonly cron: string;
  readonly time_zone: string;
  readonly enabled: boolean;
  readonly next_run_at: Date | null;
  readonly last_job_id: string | null;
}

/** Next time of a schedule, in its own time zone; null if there is none. Throws USAGE if it is invalid. */
export function nextRun(cron: string, timeZone: string, after: Date): Date | null {
  if (!isTimeZone(timeZone))
    throw new RpmDepsError('USAGE', `\`${timeZone}\` is not a time zone`, { hint: 'such as `UTC` or `Europe/Prague`' });
  try {
    return new Cron(cron, { timezone: timeZone, mode: '5-part' }).nextRun(after);
  } catch (cause) {
    throw new RpmDepsError('USAGE', `\`${cron}\` is not a schedule: ${(cause as Error).message.replace(/^CronPattern: /, '')}`, {
      hint: 'five fields as in cron, such as `0 5 * * 1`',
      cause,
    });
  }
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Corrects schedules after a clock was far in the future: they wait for a time long after their next one. A step back of less than a period
 * changes nothing, because jobs would run twice. Returns the number of corrected schedules.
 */
export async function mendSchedules(database: Database, now: Date): Promise<number> {
  const { rows } = await database.query<ScheduleRow>('select * from schedule where enabled and next_run_at > $1', [now]);
  let mended = 0;
  for (const { id, cron, time_zone, next_run_at } of rows) {
    const next = nextRun(cron, time_zone, now);
    const second = next === null ? null : nextRun(cron, time_zone, next);
    if (next === null || second === null || next_run_at === null || next_run_at.getTime() <= second.getTime()) continue;
    const { count } = await database.query('update schedule set next_run_at = $2 where id = $1 and next_run_at = $3', [
      id,
      next,
      next_run_at,
    ]);
    mended += count;
  }
  return mended;
}

export interface Tick {
  readonly now: Date;
  readonly maxAttempts: number;
}

/** Creates one job for each schedule that is due, even if it was missed several times; returns their number. */
export async function runDueSchedules(database: Database, queue: JobQueue, { now, maxAttempts }: Tick): Promise<number> {
  const { rows } = await database.query<ScheduleRow>(
    `select s.* from schedule s join project p on p.id = s.project_id
     where s.enabled and p.paused_at is null and s.next_run_at <= $1 order by s.next_run_at limit 1000`,
    [now],
  );
  let made = 0;
  for (const schedule of rows) {
    const next = nextRun(schedule.cron, schedule.time_zone, now);
    await database.transaction(async (queries) => {
      const { count } = await queries.query('update schedule set next_run_at = $2 where id = $1 and next_run_at = $3', [
        schedule.id,
        next,
        schedule.next_run_at,
      ]);
      // Another process has created the job.
      if (count === 0) return;
      const { id } = await createJob(queries, queue, {
        kind: schedule.kind,
        projectId: schedule.project_id,
        createdBy: 'schedule',
        dedupeKey: `schedule:${schedule.id}`,
        maxAttempts,
      });
      await queries.query('update schedule set last_job_id = $2 where id = $1', [schedule.id, id]);
      made++;
    });
  }
  return made;
}
