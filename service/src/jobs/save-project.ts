/** Writes a project and its schedules to the database. */
import { first, type Queries } from '../store/database.ts';
import type { JobKind } from './job.ts';
import type { ProjectRow } from './project-store.ts';
import { nextRun } from './scheduler.ts';

/** Fields of a request; other fields keep their value or get the default. */
export interface ProjectFields {
  readonly clone_url?: string;
  readonly branch?: string;
  readonly manifest?: string;
  readonly lockfiles?: string;
  readonly forge?: string;
  readonly credentials?: string | null;
  readonly settings?: { readonly api_url?: string; readonly repository?: string };
  readonly schedules?: readonly {
    readonly kind: JobKind;
    readonly cron: string;
    readonly time_zone?: string;
    readonly enabled?: boolean;
  }[];
  readonly paused?: boolean;
}

export async function insertProject(
  queries: Queries,
  body: ProjectFields & { readonly name: string; readonly clone_url: string },
  now: Date,
): Promise<ProjectRow> {
  const row = await first<ProjectRow>(
    queries,
    `insert into project (name, clone_url, branch, manifest, lockfiles, forge, credentials_ref, settings, paused_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, case when $9 then now() end) returning *`,
    [
      ...[body.name, body.clone_url, body.branch ?? 'main', body.manifest ?? 'rpm-packages.yaml', body.lockfiles ?? 'rpm-lockfiles'],
      ...[body.forge ?? 'none', body.credentials ?? null, body.settings ?? {}, body.paused ?? false],
    ],
  );
  await setSchedules(queries, row!.id, body.schedules ?? [], now);
  return row!;
}

export async function updateProject(queries: Queries, project: ProjectRow, body: ProjectFields, now: Date): Promise<ProjectRow> {
  const row = await first<ProjectRow>(
    queries,
    `update project set clone_url = $2, branch = $3, manifest = $4, lockfiles = $5, forge = $6, credentials_ref = $7, settings = $8,
       paused_at = case when $9 then coalesce(paused_at, now()) end where id = $1 returning *`,
    [
      ...[project.id, body.clone_url ?? project.clone_url, body.branch ?? project.branch, body.manifest ?? project.manifest],
      ...[body.lockfiles ?? project.lockfiles, body.forge ?? project.forge],
      body.credentials === undefined ? project.credentials_ref : body.credentials,
      body.settings ?? project.settings,
      body.paused ?? project.paused_at !== null,
    ],
  );
  if (body.schedules !== undefined) await setSchedules(queries, project.id, body.schedules, now);
  return row!;
}

async function setSchedules(
  queries: Queries,
  projectId: string,
  schedules: NonNullable<ProjectFields['schedules']>,
  now: Date,
): Promise<void> {
  await queries.query('delete from schedule where project_id = $1 and not (kind = any($2))', [
    projectId,
    schedules.map(({ kind }) => kind),
  ]);
  for (const { kind, cron, time_zone = 'UTC', enabled = true } of schedules) {
    await queries.query(
      `insert into schedule (project_id, kind, cron, time_zone, enabled, next_run_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (project_id, kind) do update set cron = excluded.cron, time_zone = excluded.time_zone, enabled = excluded.enabled, next_run_at = excluded.next_run_at`,
      [projectId, kind, cron, time_zone, enabled, nextRun(cron, time_zone, now)],
    );
  }
}
