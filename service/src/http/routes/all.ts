import type { JobQueue } from '../../jobs/queue.ts';
import type { WebService } from '../../service.ts';
import type { Route } from '../route.ts';
import { EventStreams } from '../sse.ts';
import { jobRoutes } from './jobs.ts';
import { probeRoutes } from './probes.ts';
import { projectRoutes } from './projects.ts';
import { questionRoutes } from './questions.ts';
import { searchRoutes } from './search.ts';

export function allRoutes(service: WebService, queue: JobQueue): Route[] {
  const streams = new EventStreams(service);
  return [
    ...probeRoutes(service),
    ...questionRoutes(service),
    ...projectRoutes(service, queue),
    ...jobRoutes(service, streams),
    ...searchRoutes(service),
  ];
}
