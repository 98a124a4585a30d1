/** Finds the project of a request. */
import { RpmDepsError } from 'rpm-deps';
import { findProject, type ProjectRow } from '../../jobs/project-store.ts';
import type { Database, Queries } from '../../store/database.ts';
import { type Asked, closed } from '../route.ts';
import { shortText } from '../shapes.ts';

export const idParam = closed({ id: shortText }, ['id']);

export async function projectOf(database: Database, request: Asked): Promise<ProjectRow> {
  const project = await findProject(database, request.params['id']!);
  if (project === undefined) throw new RpmDepsError('NOT_FOUND', `there is no project \`${request.params['id']}\``);
  refuseForeign(request, project.id);
  return project;
}

export interface LockAge {
  readonly committed_at: Date | null;
  readonly locks: number;
}

/** Commit time of the newest locks of each project, and their number. */
export async function agesOf(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, LockAge>> {
  const { rows } = await queries.query<LockAge & { id: string }>(
    'select p.id, max(l.committed_at) as committed_at, count(*)::int as locks from lock l join project p on p.id = l.project_id and p.revision = l.revision where p.id = any($1::uuid[]) group by p.id',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A token for one project has access only to that project. */
export function refuseForeign({ actor }: Asked, projectId: string | undefined): void {
  if (actor.projectId === undefined || actor.projectId === projectId) return;
  throw new RpmDepsError('FORBIDDEN', `the token \`${actor.name}\` is for another project`);
}
