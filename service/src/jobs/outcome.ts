/** The results of a job, written in the transaction that ends its attempt. */
import type { Lockfile } from 'rpm-deps';
import { sha256 } from '../sha256.ts';
import { type Queries, storable } from '../store/database.ts';
import type { JobOutcome, RevisionLocks } from './job-messages.ts';

/** Maximum number of rows per insert. */
const BATCH = 1000;

export async function saveOutcome(queries: Queries, projectId: string, { revision, state }: JobOutcome): Promise<void> {
  if (revision !== undefined) await saveRevision(queries, projectId, revision);
  if (state === undefined) return;
  await queries.query('update project set state = $2, state_text = $3, checked_at = now() where id = $1', [
    projectId,
    state.state,
    storable(state.text),
  ]);
}

async function saveRevision(queries: Queries, projectId: string, { revision, committedAt, manifest, locks }: RevisionLocks): Promise<void> {
  await queries.query(
    `insert into manifest_text (project_id, revision, body, included) values ($1, $2, $3, $4)
     on conflict (project_id, revision) do update set body = excluded.body, included = excluded.included`,
    [projectId, revision, manifest.text, JSON.stringify(manifest.included)],
  );
  // A project can be changed to another manifest or directory of the same revision.
  await queries.query(
    `delete from lock where project_id = $1 and revision = $2
     and (package_set, architecture) not in (select * from unnest($3::text[], $4::text[]))`,
    [projectId, revision, locks.map(({ package_set }) => package_set), locks.map(({ architecture }) => architecture)],
  );
  for (const lock of locks) {
    const digest = sha256(JSON.stringify(lock));
    await queries.query('insert into lock_body (digest, body) values ($1, $2) on conflict do nothing', [digest, lock]);
    await queries.query(
      `insert into lock (project_id, revision, package_set, architecture, digest, committed_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (project_id, revision, package_set, architecture) do update set digest = excluded.digest`,
      [projectId, revision, lock.package_set, lock.architecture, digest, committedAt ?? null],
    );
  }
  await queries.query('delete from locked_package where project_id = $1', [projectId]);
  for (const lock of locks) await savePackages(queries, projectId, lock);
  await queries.query('update project set revision = $2 where id = $1', [projectId, revision]);
}

/** The currently locked packages, for queries across projects. */
async function savePackages(queries: Queries, projectId: string, { package_set, architecture, packages }: Lockfile): Promise<void> {
  for (let start = 0; start < packages.length; start += BATCH) {
    const rows = packages
      .slice(start, start + BATCH)
      .map(({ name, epoch, version, release, arch, source }) => ({ name, epoch, version, release, arch, source: source ?? null }));
    await queries.query(
      `insert into locked_package (project_id, package_set, architecture, name, epoch, version, release, arch, source)
       select $1, $2, $3, r.name, r.epoch, r.version, r.release, r.arch, r.source
       from jsonb_to_recordset($4::jsonb) as r(name text, epoch text, version text, release text, arch text, source text)`,
      [projectId, package_set, architecture, JSON.stringify(rows)],
    );
  }
}
