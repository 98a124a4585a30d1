import type { Route } from './http/route.ts';
import { jobRoutes } from './http/routes/jobs.ts';
import { lockRoutes } from './http/routes/locks.ts';
import { probeRoutes } from './http/routes/probes.ts';
import { projectRoutes } from './http/routes/projects.ts';
import { queryRoutes } from './http/routes/queries.ts';
import { searchRoutes } from './http/routes/search.ts';
import { webhookRoutes } from './http/routes/webhooks.ts';
import { EventStreams } from './http/sse.ts';
import type { JobQueue } from './jobs/queue.ts';
import { pageRoutes } from './pages/page-routes.ts';
import type { WebService } from './service.ts';

export function allRoutes(service: WebService, queue: JobQueue): Route[] {
  const streams = new EventStreams(service);
  return [
    ...probeRoutes(service),
    ...queryRoutes(service),
    ...lockRoutes(service),
    ...projectRoutes(service, queue),
    ...jobRoutes(service, streams),
    ...searchRoutes(service),
    ...webhookRoutes(service, queue),
    ...pageRoutes(service, queue),
  ];
}
