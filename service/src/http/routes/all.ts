import type { WebService } from '../../service.ts';
import type { Route } from '../route.ts';
import { probeRoutes } from './probes.ts';
import { questionRoutes } from './questions.ts';

export function allRoutes(service: WebService): Route[] {
  return [...probeRoutes(service), ...questionRoutes(service)];
}
