import type { Database } from './database.ts';

/** Deletes rows that are no longer needed. Lockfiles, jobs and the audit log are kept. */
export async function forgetOld(database: Database): Promise<void> {
  await database.query("delete from idempotency where at < now() - interval '7 days'");
  await database.query("delete from delivery where at < now() - interval '30 days'");
  await database.query('delete from session where expires_at < now()');
  await database.query('delete from login where expires_at < now()');
  await database.query(
    "delete from event e using job j where j.id = e.job_id and e.kind = 'progress' and j.finished_at < now() - interval '7 days'",
  );
}
