/** Routes that start and list jobs of a project. */
import { type Job, MAX_ATTEMPTS, STARTED_KINDS } from '../../jobs/job.ts';
import { createJob, listJobs } from '../../jobs/job-store.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import type { WebService } from '../../service.ts';
import { writeAudit } from '../../store/tokens.ts';
import { once } from '../idempotency.ts';
import { closed, type Route } from '../route.ts';
import { answerOf, listOf, nextPage, pageOf, pageQuery, refTo, shortText } from '../shapes.ts';
import { idParam, projectOf } from './project-of.ts';

export function projectJobRoutes({ database, settings }: WebService, queue: JobQueue): Route[] {
  const maxAttempts = settings.file.jobs?.attempts ?? MAX_ATTEMPTS;
  return [
    ...STARTED_KINDS.map(
      (kind): Route => ({
        method: 'POST',
        url: `/v1/projects/:id/${kind}`,
        summary: `Start a job: ${kind}`,
        scope: 'operate',
        status: 202,
        isOnce: true,
        schema: {
          params: idParam,
          body: closed({ names: { type: 'array', items: shortText, maxItems: 500 } }),
          response: answerOf({ job: refTo('Job') }),
        },
        handle: async (request, reply) => {
          const project = await projectOf(database, request);
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
        querystring: pageQuery(),
        response: listOf('jobs', 'Job', { next: nextPage }),
      },
      handle: async (request) => {
        const project = await projectOf(database, request);
        return { schema: 1, ...(await listJobs(database, { projectId: project.id }, pageOf(request.query))) };
      },
    },
  ];
}
