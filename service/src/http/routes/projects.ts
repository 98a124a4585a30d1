/** Routes that list, add, change and remove projects. */
import { RpmDepsError } from 'rpm-deps';
import { MAX_ATTEMPTS } from '../../jobs/job.ts';
import { createJob } from '../../jobs/job-store.ts';
import type { ProjectRow } from '../../jobs/project-store.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import { insertProject, type ProjectFields, updateProject } from '../../jobs/save-project.ts';
import type { WebService } from '../../service.ts';
import { isUniqueViolation, type Queries } from '../../store/database.ts';
import { forgetLockBodies } from '../../store/forget.ts';
import { writeAudit } from '../../store/tokens.ts';
import { once } from '../idempotency.ts';
import type { Route } from '../route.ts';
import { listOf, refTo } from '../shapes.ts';
import { ADDED_PROJECT, CHANGED_PROJECT, checkProject } from './project-body.ts';
import { projectJobRoutes } from './project-jobs.ts';
import { projectLockRoutes } from './project-locks.ts';
import { agesOf, idParam, projectOf, refuseForeign } from './project-of.ts';

export function projectRoutes(service: WebService, queue: JobQueue): Route[] {
  const { database, settings, log } = service;
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
        return { schema: 1, projects: await shownAll(rows) };
      },
    },
    {
      method: 'POST',
      url: '/v1/projects',
      summary: 'Add a project',
      scope: 'operate',
      status: 201,
      isOnce: true,
      schema: { body: ADDED_PROJECT, response: refTo('Project') },
      handle: async (request, reply) => {
        refuseForeign(request, undefined);
        const body = request.body as ProjectFields & { name: string; clone_url: string };
        checkProject(service, body);
        const done = await once(database, request, async (queries) => {
          const project = await insertProject(queries, body, service.now());
          await writeAudit(queries, request.actor.name, 'project.create', project.name, { clone_url: project.clone_url });
          await createJob(queries, queue, { kind: 'check', projectId: project.id, createdBy: request.actor.name, maxAttempts });
          return { status: 201, body: await shown(project, queries) };
        }).catch((error: unknown) => {
          if (!isUniqueViolation(error, 'project_name_key')) throw error;
          throw new RpmDepsError('CONFLICT', `there is a project \`${body.name}\` already`, {
            hint: 'choose another name, or PATCH that project',
          });
        });
        return reply
          .code(done.status)
          .header('location', `/v1/projects/${(done.body as { id: string }).id}`)
          .send(done.body);
      },
    },
    {
      method: 'GET',
      url: '/v1/projects/:id',
      summary: 'One project, by id or name',
      scope: 'read',
      schema: { params: idParam, response: refTo('Project') },
      handle: async (request) => shown(await projectOf(database, request)),
    },
    {
      method: 'PATCH',
      url: '/v1/projects/:id',
      summary: 'Change a project; schedules are replaced as a whole',
      scope: 'operate',
      schema: { params: idParam, body: CHANGED_PROJECT, response: refTo('Project') },
      handle: async (request) => {
        const project = await projectOf(database, request);
        const body = request.body as ProjectFields;
        checkProject(service, body);
        return database.transaction(async (queries) => {
          const changed = await updateProject(queries, project, body, service.now());
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
        const project = await projectOf(database, request);
        await database.transaction(async (queries) => {
          await queries.query('delete from project where id = $1', [project.id]);
          await writeAudit(queries, request.actor.name, 'project.remove', project.name);
        });
        // The project is removed even if this fails; the next removal does it too.
        await forgetLockBodies(database).catch((error: Error) => log('warn', `lockfiles of a removed project stay: ${error.message}`));
        return reply.code(204).send();
      },
    },
    ...projectJobRoutes(service, queue),
    ...projectLockRoutes(service),
  ];

  async function shown(project: ProjectRow, queries: Queries = database): Promise<Record<string, unknown>> {
    return (await shownAll([project], queries))[0]!;
  }

  async function shownAll(projects: readonly ProjectRow[], queries: Queries = database): Promise<Record<string, unknown>[]> {
    const ids = projects.map(({ id }) => id);
    const { rows } = await queries.query<{ project_id: string }>(
      'select project_id, kind, cron, time_zone, enabled, next_run_at, last_job_id from schedule where project_id = any($1::uuid[]) order by kind',
      [ids],
    );
    const ages = await agesOf(queries, ids);
    return projects.map(({ credentials_ref, paused_at, ...row }) => ({
      schema: 1,
      ...row,
      credentials: credentials_ref,
      paused: paused_at !== null,
      locks: ages.get(row.id)?.locks ?? 0,
      locked_at: ages.get(row.id)?.committed_at ?? null,
      schedules: rows.filter(({ project_id }) => project_id === row.id).map(({ project_id: _, ...schedule }) => schedule),
    }));
  }
}
