import { originOf, RpmDepsError } from 'rpm-deps';
import { checkCloneUrl } from '../../jobs/clone.ts';
import { JOB_COLUMNS, type Job, type JobKind, MAX_ATTEMPTS } from '../../jobs/job.ts';
import { createJob } from '../../jobs/job-store.ts';
import { FORGES, findProject, type ProjectRow } from '../../jobs/project-store.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { nextRun } from '../../jobs/scheduler.ts';
import type { WebService } from '../../service.ts';
import { first, isUniqueViolation, type Queries } from '../../store/database.ts';
import { writeAudit } from '../../store/tokens.ts';
import { badge } from '../badge.ts';
import { once } from '../idempotency.ts';
import { type Asked, closed, type Route } from '../route.ts';
import { answerOf, listOf, refTo } from '../shapes.ts';

const text = { type: 'string', minLength: 1, maxLength: 500 };
const path = { type: 'string', pattern: '^(?!/)(?!.*(?:^|/)\\.\\.(?:/|$))[^\\\\\\u0000-\\u001f]{1,300}$' };
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' };
const schedule = closed(
  {
    kind: { enum: ['check', 'lock', 'update', 'bump', 'archive'] },
    cron: { type: 'string', minLength: 9, maxLength: 100 },
    time_zone: { type: 'string', minLength: 1, maxLength: 60 },
    enabled: { type: 'boolean' },
  },
  ['kind', 'cron'],
);
const fields = {
  clone_url: text,
  branch: { type: 'string', pattern: '^(?![-/.])(?!.*(?:\\.\\.|//|@\\{|\\.lock$|/$))[^\\s~^:?*\\[\\\\\\u0000-\\u001f]{1,200}$' },
  manifest: path,
  lockfiles: path,
  forge: { enum: FORGES },
  credentials: { type: ['string', 'null'], maxLength: 100 },
  settings: closed({
    api_url: {
      type: 'string',
      pattern: '^https?://',
      maxLength: 300,
      description: 'of the forge, where it is not that of the host of clone_url',
    },
    repository: { type: 'string', maxLength: 300, description: 'owner/name on the forge, where clone_url does not say it' },
  }),
  schedules: { type: 'array', items: schedule, maxItems: 10 },
  paused: { type: 'boolean' },
};
const idParam = closed({ id: text }, ['id']);

interface ProjectBody {
  readonly name?: string;
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

export function projectRoutes(service: WebService, queue: JobQueue): Route[] {
  const { database, settings } = service;
  const maxAttempts = settings.file.jobs?.attempts ?? MAX_ATTEMPTS;
  return [
    {
      method: 'GET',
      url: '/v1/projects',
      summary: 'All projects, with the state and age of their locks',
      scope: 'read',
      schema: { response: listOf('projects', 'Project') },
      handle: async (request) => {
        const { rows } = await database.query<ProjectRow>('select * from project where $1::uuid is null or id = $1 order by name', [
          request.actor.projectId ?? null,
        ]);
        return { schema: 1, projects: await Promise.all(rows.map((row) => shown(row))) };
      },
    },
    {
      method: 'POST',
      url: '/v1/projects',
      summary: 'Add a project',
      scope: 'operate',
      status: 201,
      isOnce: true,
      schema: { body: closed({ name, ...fields }, ['name', 'clone_url']), response: refTo('Project') },
      handle: async (request, reply) => {
        refuseForeign(request, undefined);
        const body = request.body as ProjectBody & { name: string; clone_url: string };
        checkBody(body);
        const done = await once(database, request, async (queries) => {
          const project = await insert(queries, body);
          await writeAudit(queries, request.actor.name, 'project.create', project.name, { clone_url: project.clone_url });
          await createJob(queries, queue, { kind: 'check', projectId: project.id, createdBy: request.actor.name, maxAttempts });
          return { status: 201, body: await shown(project, queries) };
        }).catch((error: unknown) => {
          if (!isUniqueViolation(error, 'project_name_key')) throw error;
          throw new RpmDepsError('CONFLICT', `there is a project \`${body.name}\` already`, {
            hint: 'choose another name, or PATCH that project',
          });
        });
        return reply.code(done.status).send(done.body);
      },
    },
    {
      method: 'GET',
      url: '/v1/projects/:id',
      summary: 'One project, by id or name',
      scope: 'read',
      schema: { params: idParam, response: refTo('Project') },
      handle: async (request) => shown(await projectOf(request)),
    },
    {
      method: 'PATCH',
      url: '/v1/projects/:id',
      summary: 'Change a project; schedules are replaced as a whole',
      scope: 'operate',
      schema: { params: idParam, body: closed(fields), response: refTo('Project') },
      handle: async (request) => {
        const project = await projectOf(request);
        const body = request.body as ProjectBody;
        checkBody(body);
        return database.transaction(async (queries) => {
          const changed = await update(queries, project, body);
          await writeAudit(queries, request.actor.name, 'project.change', project.name, { keys: Object.keys(body) });
          return shown(changed, queries);
        });
      },
    },
    {
      method: 'DELETE',
      url: '/v1/projects/:id',
      summary: 'Remove a project with its jobs and history; its repository stays as it is',
      scope: 'admin',
      status: 204,
      schema: { params: idParam },
      handle: async (request, reply) => {
        const project = await projectOf(request);
        await database.transaction(async (queries) => {
          await queries.query('delete from project where id = $1', [project.id]);
          await writeAudit(queries, request.actor.name, 'project.remove', project.name);
        });
        return reply.code(204).send();
      },
    },
    ...(['check', 'lock', 'update', 'bump', 'archive'] as const).map(
      (kind): Route => ({
        method: 'POST',
        url: `/v1/projects/:id/${kind}`,
        summary: `Start a job: ${kind}`,
        scope: 'operate',
        status: 202,
        isOnce: true,
        schema: {
          params: idParam,
          body: closed({ names: { type: 'array', items: text, maxItems: 500 } }),
          response: answerOf({ job: refTo('Job') }),
        },
        handle: async (request, reply) => {
          const project = await projectOf(request);
          const { names } = request.body as { names?: readonly string[] };
          const done = await once(database, request, async (queries) => {
            const job = await createJob(queries, queue, {
              kind,
              projectId: project.id,
              payload: names === undefined ? {} : { names },
              createdBy: request.actor.name,
              maxAttempts,
            });
            await writeAudit(queries, request.actor.name, `job.${kind}`, project.name, { job: job.id });
            return { status: 202, body: { schema: 1, job } };
          });
          return reply
            .code(done.status)
            .header('location', `/v1/jobs/${(done.body as { job: Job }).job.id}`)
            .send(done.body);
        },
      }),
    ),
    {
      method: 'GET',
      url: '/v1/projects/:id/jobs',
      summary: 'The jobs of a project, newest first',
      scope: 'read',
      schema: {
        params: idParam,
        querystring: closed({ limit: { type: 'integer', minimum: 1, maximum: 200 } }),
        response: listOf('jobs', 'Job'),
      },
      handle: async (request) => {
        const project = await projectOf(request);
        const { rows } = await database.query<Job>(
          `select ${JOB_COLUMNS} from job where project_id = $1 order by created_at desc, id limit $2`,
          [project.id, Number(request.query['limit'] ?? 50)],
        );
        return { schema: 1, jobs: rows };
      },
    },
    {
      method: 'GET',
      url: '/v1/projects/:id/locks',
      summary: 'The locks of a revision, with their packages; default the newest revision',
      scope: 'read',
      schema: {
        params: idParam,
        querystring: closed({ revision: text }),
        response: listOf('locks', 'Lockfile', { revision: { type: 'string' } }),
      },
      handle: async (request) => {
        const project = await projectOf(request);
        const revision = await revisionOf(project, request.query['revision']);
        const { rows } = await database.query<{ body: unknown; digest: string }>(
          'select b.body, l.digest from lock l join lock_body b on b.digest = l.digest where l.project_id = $1 and l.revision = $2 order by l.package_set, l.architecture',
          [project.id, revision],
        );
        return { schema: 1, revision, locks: rows.map(({ body }) => body) };
      },
    },
    {
      method: 'GET',
      url: '/v1/projects/:id/revisions',
      summary: 'Revisions whose locks are known, newest first',
      scope: 'read',
      schema: { params: idParam, response: listOf('revisions', 'Revision') },
      handle: async (request) => {
        const project = await projectOf(request);
        const { rows } = await database.query(
          'select revision, max(committed_at) as committed_at, min(seen_at) as seen_at, count(*)::int as locks from lock where project_id = $1 group by revision order by min(seen_at) desc limit 200',
          [project.id],
        );
        return { schema: 1, revisions: rows };
      },
    },
    {
      method: 'GET',
      url: '/v1/projects/:id/badge.svg',
      summary: 'State and age of the locks as a picture',
      scope: 'read',
      contentType: 'image/svg+xml',
      schema: { params: idParam },
      handle: async (request, reply) => {
        const project = await projectOf(request);
        const { committed_at: at } = await ageOf(project.id);
        reply.header('cache-control', 'max-age=60').type('image/svg+xml; charset=utf-8');
        return reply.send(badge(project.state, at === null ? undefined : service.now().getTime() - new Date(at).getTime()));
      },
    },
  ];

  async function projectOf(request: Asked): Promise<ProjectRow> {
    const project = await findProject(database, request.params['id']!);
    if (project === undefined) throw new RpmDepsError('NOT_FOUND', `there is no project \`${request.params['id']}\``);
    refuseForeign(request, project.id);
    return project;
  }

  async function revisionOf(project: ProjectRow, asked: string | undefined): Promise<string> {
    const revision = asked ?? project.revision;
    const known =
      revision === null
        ? undefined
        : await first<{ revision: string }>(database, 'select revision from lock where project_id = $1 and revision like $2 limit 1', [
            project.id,
            `${revision.replace(/[%_\\]/g, '')}%`,
          ]);
    if (known === undefined) {
      throw new RpmDepsError(
        'NOT_FOUND',
        asked === undefined ? 'the project was not checked yet' : `no locks are known of the revision \`${asked}\``,
      );
    }
    return known.revision;
  }

  async function ageOf(projectId: string, queries: Queries = database): Promise<{ committed_at: Date | null; locks: number }> {
    const row = await first<{ committed_at: Date | null; locks: number }>(
      queries,
      'select max(l.committed_at) as committed_at, count(*)::int as locks from lock l join project p on p.id = l.project_id and p.revision = l.revision where p.id = $1',
      [projectId],
    );
    return row!;
  }

  async function shown(project: ProjectRow, queries: Queries = database): Promise<Record<string, unknown>> {
    const { credentials_ref, paused_at, ...row } = project;
    const schedules = await queries.query(
      'select kind, cron, time_zone, enabled, next_run_at, last_job_id from schedule where project_id = $1 order by kind',
      [project.id],
    );
    const { committed_at, locks } = await ageOf(project.id, queries);
    return {
      schema: 1,
      ...row,
      credentials: credentials_ref,
      paused: paused_at !== null,
      locks,
      locked_at: committed_at,
      schedules: schedules.rows,
    };
  }

  function checkBody({ clone_url, credentials, schedules, settings: own }: ProjectBody): void {
    if (clone_url !== undefined) checkCloneUrl(clone_url, settings.file.git ?? []);
    // The token of the project goes there.
    if (own?.api_url !== undefined && !settings.network.origins.includes(originOf(own.api_url))) {
      throw new RpmDepsError('HOST_REFUSED', `the API ${own.api_url} is not on a configured server`, {
        hint: `the operator adds it to the configuration: network: {origins: ["${originOf(own.api_url)}"]}`,
      });
    }
    if (typeof credentials === 'string' && !Object.hasOwn(settings.file.credentials ?? {}, credentials)) {
      throw new RpmDepsError('USAGE', `the configuration has no credentials \`${credentials}\``, {
        hint: `names are: ${Object.keys(settings.file.credentials ?? {}).join(', ') || 'none'}`,
      });
    }
    for (const { cron, time_zone = 'UTC' } of schedules ?? []) {
      if (nextRun(cron, time_zone, service.now()) === null) {
        throw new RpmDepsError('USAGE', `the schedule \`${cron}\` never runs`, { hint: 'five fields as in cron, such as `0 5 * * 1`' });
      }
    }
  }

  async function insert(queries: Queries, body: ProjectBody & { name: string; clone_url: string }): Promise<ProjectRow> {
    const row = await first<ProjectRow>(
      queries,
      `insert into project (name, clone_url, branch, manifest, lockfiles, forge, credentials_ref, settings, paused_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, case when $9 then now() end) returning *`,
      [
        ...[body.name, body.clone_url, body.branch ?? 'main', body.manifest ?? 'rpm-packages.yaml', body.lockfiles ?? 'rpm-lockfiles'],
        ...[body.forge ?? 'none', body.credentials ?? null, body.settings ?? {}, body.paused ?? false],
      ],
    );
    await setSchedules(queries, row!.id, body.schedules ?? []);
    return row!;
  }

  async function update(queries: Queries, project: ProjectRow, body: ProjectBody): Promise<ProjectRow> {
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
    if (body.schedules !== undefined) await setSchedules(queries, project.id, body.schedules);
    return row!;
  }

  async function setSchedules(queries: Queries, projectId: string, schedules: NonNullable<ProjectBody['schedules']>): Promise<void> {
    await queries.query('delete from schedule where project_id = $1 and not (kind = any($2))', [
      projectId,
      schedules.map(({ kind }) => kind),
    ]);
    for (const { kind, cron, time_zone = 'UTC', enabled = true } of schedules) {
      await queries.query(
        `insert into schedule (project_id, kind, cron, time_zone, enabled, next_run_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (project_id, kind) do update set cron = excluded.cron, time_zone = excluded.time_zone, enabled = excluded.enabled, next_run_at = excluded.next_run_at`,
        [projectId, kind, cron, time_zone, enabled, nextRun(cron, time_zone, service.now())],
      );
    }
  }
}

/** A token that is for one project sees that one. */
function refuseForeign({ actor }: Asked, projectId: string | undefined): void {
  if (actor.projectId === undefined || actor.projectId === projectId) return;
  throw new RpmDepsError('FORBIDDEN', `the token \`${actor.name}\` is for another project`);
}
