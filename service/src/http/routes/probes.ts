import { RpmDepsError } from 'rpm-deps';
import type { WebService } from '../../service.ts';
import { closed, type Route } from '../route.ts';

/** Time limit for a response of the database. */
const DATABASE_MS = 2000;

export function probeRoutes(service: WebService): Route[] {
  const { database, drain } = service;
  return [
    {
      method: 'GET',
      url: '/healthz',
      summary: 'Whether the process is alive',
      isFree: true,
      schema: { response: closed({ status: { const: 'ok' } }, ['status']) },
      handle: async () => ({ status: 'ok' }),
    },
    {
      method: 'GET',
      url: '/readyz',
      summary: 'Whether this process accepts requests: not during shutdown or without a database',
      isFree: true,
      schema: { response: closed({ status: { const: 'ready' } }, ['status']) },
      handle: async () => {
        if (drain.isDraining) throw new RpmDepsError('LIMIT', 'the service is shutting down');
        await within(database.query('select 1'), DATABASE_MS);
        return { status: 'ready' };
      },
    },
    {
      method: 'GET',
      url: '/metrics',
      summary: 'Metrics for Prometheus',
      isFree: true,
      contentType: 'text/plain',
      handle: async (_request, reply) => {
        const { registry } = service.metrics;
        await collect(service);
        return reply.type(registry.contentType).send(await registry.metrics());
      },
    },
  ];
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RpmDepsError('DATABASE', 'the database does not respond')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Values that are computed on request. If the database does not respond, its values are omitted. */
async function collect({ database, metrics, solvers, drain }: WebService): Promise<void> {
  metrics.poolBytes.set(solvers.memory);
  metrics.cachedBytes.set(solvers.cache.bytes);
  metrics.waitingQueries.set(solvers.waiting);
  metrics.streams.set(drain.streams);
  try {
    const { rows } = await within(
      database.query<{ state: string; jobs: number; oldest: number }>(
        "select state, count(*)::int as jobs, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest from job where state in ('queued', 'running') or finished_at > now() - interval '1 day' group by state",
      ),
      DATABASE_MS,
    );
    metrics.jobs.reset();
    metrics.oldestJobSeconds.reset();
    for (const { state, jobs, oldest } of rows) {
      metrics.jobs.set({ state }, jobs);
      if (state === 'queued' || state === 'running') metrics.oldestJobSeconds.set({ state }, oldest);
    }
    const ages = await within(
      database.query<{ name: string; age: number }>(
        'select p.name, extract(epoch from now() - max(l.committed_at))::float8 as age from project p join lock l on l.project_id = p.id and l.revision = p.revision group by p.name having max(l.committed_at) is not null',
      ),
      DATABASE_MS,
    );
    metrics.lockAgeSeconds.reset();
    for (const { name, age } of ages.rows) metrics.lockAgeSeconds.set({ project: name }, age);
  } catch {
    metrics.jobs.reset();
  }
}
