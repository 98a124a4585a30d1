import { checkView, diffView, outputSchema } from 'rpm-deps';
import type { WebService } from '../../service.ts';
import type { Query } from '../../solving/query.ts';
import { closed, type Route } from '../route.ts';
import { refTo } from '../shapes.ts';

const text = { type: 'string', minLength: 1, maxLength: 1000 };
const manifest = {
  type: 'string',
  minLength: 1,
  maxLength: 1 << 20,
  description:
    'text of a manifest, YAML or JSON; its repositories must be on configured servers. It cannot include other files, and `base` of a set must be a list of packages: other bases are refused',
};
const locks = { type: 'array', items: { type: 'object' }, maxItems: 500, description: 'lockfiles' };
const lockList = { type: 'array', items: refTo('Lockfile') };
/** Enough for two states of a project with many sets and architectures. */
const BODY_BYTES = 32 << 20;

interface LockBody {
  readonly manifest: string;
  readonly locks?: readonly object[];
  readonly mode?: 'lock' | 'update';
  readonly names?: readonly string[];
}

/** Queries about lockfiles in the request: nothing is stored. */
export function lockRoutes({ solvers, now }: WebService): Route[] {
  const today = (): string => now().toISOString().slice(0, 10);
  const route = (
    url: string,
    summary: string,
    body: Record<string, unknown>,
    response: Record<string, unknown>,
    queryOf: (body: never) => Query,
  ): Route => ({
    method: 'POST',
    url,
    summary,
    scope: 'resolve',
    asksSources: true,
    bodyBytes: BODY_BYTES,
    schema: { body, response },
    handle: async (request, reply) => {
      const answer = await solvers.ask(queryOf(request.body as never));
      const type = answer.status === 200 ? 'application/json' : 'application/problem+json';
      return reply.code(answer.status).type(`${type}; charset=utf-8`).send(answer.body);
    },
  });
  return [
    route(
      '/v1/lock',
      'Lockfiles for a manifest, and what changes: with `mode: lock` (default) locked versions that still fit are kept, with `update` the newest are selected. Nothing is stored',
      closed({ manifest, locks, mode: { enum: ['lock', 'update'] }, names: { type: 'array', items: text, maxItems: 500 } }, ['manifest']),
      {
        type: 'object',
        required: ['locks', 'diff'],
        properties: { locks: lockList, diff: { type: 'object' }, failures: { type: 'array' }, warnings: { type: 'array' } },
      },
      (body: LockBody) => ({
        kind: 'plan',
        manifest: body.manifest,
        locks: body.locks ?? [],
        mode: body.mode ?? 'lock',
        names: body.names,
        today: today(),
      }),
    ),
    route(
      '/v1/check',
      'Whether lockfiles are up to date with a manifest',
      closed({ manifest, locks }, ['manifest', 'locks']),
      outputSchema(checkView),
      (body: Required<LockBody>) => ({ kind: 'check', manifest: body.manifest, locks: body.locks, today: today() }),
    ),
    route(
      '/v1/diff',
      'What changed between two states of lockfiles',
      closed({ before: locks, after: locks }, ['before', 'after']),
      outputSchema(diffView),
      (body: { before: readonly object[]; after: readonly object[] }) => ({ kind: 'diff', before: body.before, after: body.after }),
    ),
  ];
}
