import type { Database } from './database.ts';

/** Deletes the lockfiles that no revision has any more, such as those of removed projects. */
export async function forgetLockBodies(database: Database): Promise<void> {
  await database.transaction(async (queries) => {
    // Waits for jobs that are writing lockfiles: one of them could use a body that is deleted here.
    await queries.query('lock table lock_body in exclusive mode');
    await queries.query('delete from lock_body b where not exists (select from lock l where l.digest = b.digest)');
  });
}

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
