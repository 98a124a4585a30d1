import type { FastifyReply } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import type { Asked } from '../http/route.ts';
import type { Viewer } from '../http/viewer.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { WebService } from '../service.ts';
import type { Page } from './layout.ts';

/** Input of a page; below, its result: the page, or a redirect. */
export interface PageRequest {
  readonly service: WebService;
  readonly queue: JobQueue;
  readonly viewer: Viewer;
  readonly request: Asked;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly reply: FastifyReply;
}
export type Shown = Omit<Page, 'viewer'> | { readonly goTo: string };

/** Throws NOT_FOUND if the viewer's token is for another project. */
export function requireProject({ actor }: Viewer, projectId: string): void {
  if (actor.projectId !== undefined && actor.projectId !== projectId) throw new RpmDepsError('NOT_FOUND', 'there is no such project');
}
