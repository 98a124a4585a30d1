import { RpmDepsError } from 'rpm-deps';
import { isFinal, JOB_COLUMNS, type Job } from '../../jobs/job.ts';
import { listJobs, requestCancel } from '../../jobs/job-store.ts';
import type { WebService } from '../../service.ts';
import { first } from '../../store/database.ts';
import { writeAudit } from '../../store/tokens.ts';
import { type Asked, closed, type Route } from '../route.ts';
import { answerOf, jobId, listOf, nextPage, pageOf, pageQuery, refTo } from '../shapes.ts';
import type { EventStreams } from '../sse.ts';

/** Maximum number of events in one response. */
const MOST = 500;

export function jobRoutes({ database }: WebService, streams: EventStreams): Route[] {
  return [
    {
      method: 'GET',
      url: '/v1/jobs',
      summary: 'Jobs of all projects, newest first',
      scope: 'read',
      schema: {
        querystring: pageQuery(undefined, { state: { enum: ['queued', 'running', 'succeeded', 'failed', 'dead', 'cancelled'] } }),
        response: listOf('jobs', 'Job', { next: nextPage }),
      },
      handle: async ({ query, actor }) => {
        const filter = { projectId: actor.projectId, state: query['state'] };
        return { schema: 1, ...(await listJobs(database, filter, pageOf(query))) };
      },
    },
    {
      method: 'GET',
      url: '/v1/jobs/:id',
      summary: 'A job with its attempts',
      scope: 'read',
      schema: { params: jobId, response: listOf('attempts', 'Attempt', { job: refTo('Job') }) },
      handle: async (request) => {
        const job = await jobOf(request);
        const attempts = await database.query(
          'select attempt, worker, started_at, ended_at, outcome from attempt where job_id = $1 order by attempt',
          [job.id],
        );
        return { schema: 1, job, attempts: attempts.rows };
      },
    },
    {
      method: 'GET',
      url: '/v1/jobs/:id/events',
      summary:
        'Progress as Server-Sent Events; the header Last-Event-ID continues an interrupted stream. With `?after=ID` and Accept: application/json the same as a list',
      scope: 'read',
      contentType: 'text/event-stream',
      otherTypes: ['application/json'],
      mayBeEmpty: true,
      schema: {
        params: jobId,
        querystring: closed({ after: { type: 'string', pattern: '^\\d{1,15}$' } }),
        response: listOf('events', 'Event', { over: { type: 'boolean', description: 'there will be no further events' } }),
      },
      handle: async (request, reply) => {
        const job = await jobOf(request);
        const after = request.query['after'] ?? (request.headers['last-event-id'] as string | undefined);
        if (request.headers.accept?.includes('application/json') === true) {
          const { rows } = await database.query(
            'select id::text as id, attempt, at, kind, data from event where job_id = $1 and id > $2 order by id limit $3',
            [job.id, /^\d{1,15}$/.test(after ?? '') ? after : '0', MOST],
          );
          return { schema: 1, over: isFinal(job.state) && rows.length < MOST, events: rows };
        }
        // A browser that reconnects after the last event must not reconnect again.
        if (isFinal(job.state) && (await hasSeenAll(job.id, after))) return reply.code(204).send();
        streams.open(job.id, after, reply);
        return reply;
      },
    },
    {
      method: 'POST',
      url: '/v1/jobs/:id/cancel',
      summary: 'Stop a job: a queued one immediately, a running one within seconds',
      scope: 'operate',
      status: 202,
      schema: { params: jobId, response: answerOf({ job: refTo('Job') }) },
      handle: async (request, reply) => {
        const { id } = await jobOf(request);
        const job = await requestCancel(database, id);
        await writeAudit(database, request.actor.name, 'job.cancel', id);
        return reply.code(202).send({ schema: 1, job });
      },
    },
  ];

  async function hasSeenAll(jobId: string, after: string | undefined): Promise<boolean> {
    if (!/^\d{1,15}$/.test(after ?? '')) return false;
    const row = await first<{ more: boolean }>(database, 'select exists (select from event where job_id = $1 and id > $2) as more', [
      jobId,
      after,
    ]);
    return row?.more === false;
  }

  async function jobOf(request: Asked): Promise<Job> {
    const job = await first<Job>(database, `select ${JOB_COLUMNS} from job where id = $1`, [request.params['id']]);
    const { projectId } = request.actor;
    if (job === undefined || (projectId !== undefined && job.project_id !== projectId)) {
      throw new RpmDepsError('NOT_FOUND', `there is no job \`${request.params['id']}\``);
    }
    return job;
  }
}
