/** Routes of the locks of a project: those of a revision, the revisions, and a badge. */
import { RpmDepsError } from 'rpm-deps';
import { cutPage } from '../../jobs/job-store.ts';
import type { ProjectRow } from '../../jobs/project-store.ts';
import type { WebService } from '../../service.ts';
import { first } from '../../store/database.ts';
import { badge } from '../badge.ts';
import { closed, type Route } from '../route.ts';
import { listOf, nextPage, pageOf, pageQuery } from '../shapes.ts';
import { agesOf, idParam, projectOf } from './project-of.ts';

const revision = { type: 'string', pattern: '^[0-9a-f]{4,64}$', description: 'the name of a commit or its beginning, such as `1c9d6a2`' };

export function projectLockRoutes(service: WebService): Route[] {
  const { database } = service;
  return [
    {
      method: 'GET',
      url: '/v1/projects/:id/locks',
      summary: 'The locks of a revision, with their packages; default the newest revision',
      scope: 'read',
      schema: {
        params: idParam,
        querystring: closed({ revision }),
        response: listOf('locks', 'Lockfile', { revision: { type: 'string' } }),
      },
      handle: async (request) => {
        const project = await projectOf(database, request);
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
      summary: 'Revisions with stored locks, newest first',
      scope: 'read',
      schema: {
        params: idParam,
        querystring: pageQuery(revision),
        response: listOf('revisions', 'Revision', { next: nextPage }),
      },
      handle: async (request) => {
        const project = await projectOf(database, request);
        const { limit, after } = pageOf(request.query);
        const { rows } = await database.query<{ revision: string }>(
          `with known as (select revision, max(committed_at) as committed_at, min(seen_at) as seen_at, count(*)::int as locks
             from lock where project_id = $1 group by revision)
           select * from known where $2::text is null or (seen_at, revision) < (select seen_at, revision from known where revision = $2)
           order by seen_at desc, revision desc limit $3`,
          [project.id, after ?? null, limit + 1],
        );
        const { shown, next } = cutPage(rows, limit, (row) => row.revision);
        return { schema: 1, revisions: shown, next };
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
        const project = await projectOf(database, request);
        const at = (await agesOf(database, [project.id])).get(project.id)?.committed_at ?? null;
        reply.header('cache-control', 'max-age=60').type('image/svg+xml; charset=utf-8');
        return reply.send(badge(project.state, at === null ? undefined : service.now().getTime() - new Date(at).getTime()));
      },
    },
  ];

  async function revisionOf(project: ProjectRow, asked: string | undefined): Promise<string> {
    const begin = asked ?? project.revision;
    const known =
      begin === null
        ? undefined
        : await first<{ revision: string }>(
            database,
            'select revision from lock where project_id = $1 and starts_with(revision, $2) limit 1',
            [project.id, begin],
          );
    if (known === undefined) {
      throw new RpmDepsError(
        'NOT_FOUND',
        asked === undefined ? 'the project was not checked yet' : `no lockfiles are stored for the revision \`${asked}\``,
      );
    }
    return known.revision;
  }
}
