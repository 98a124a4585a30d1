import { ARCHITECTURES, canonicalArchitecture, nearestOf, outputSchema, RpmDepsError, resolveView } from 'rpm-deps';
import type { WebService } from '../../service.ts';
import type { ResolveQuery } from '../../solving/query.ts';
import { closed, type Route } from '../route.ts';

const SPECS = 2000;
const text = { type: 'string', minLength: 1, maxLength: 1000 };
const list = (most: number) => ({ type: 'array', items: text, maxItems: most });
interface ResolveBody {
  readonly architecture: string;
  readonly specs: readonly string[];
  readonly weak?: boolean;
  readonly best?: boolean;
  readonly exclude?: readonly string[];
  readonly repositories?: readonly string[];
  readonly base?: readonly string[];
  readonly reasons?: boolean;
}

export function queryRoutes({ solvers, settings }: WebService): Route[] {
  const most = settings.file.limits?.specs ?? SPECS;
  return [
    {
      method: 'POST',
      url: '/v1/resolve',
      summary:
        'Resolve packages: those that have to be installed together, or the explained refusal (409), as `rpm-deps resolve --json` prints them',
      scope: 'resolve',
      asksSources: true,
      schema: {
        body: closed(
          {
            architecture: { ...text, description: 'x86_64, aarch64, s390x, ... or amd64, arm64' },
            specs: { ...list(most), minItems: 1, description: 'package specs as in dnf' },
            weak: { type: 'boolean', description: 'with weak dependencies; default false' },
            best: { type: 'boolean', description: 'fail rather than take an older version; default false' },
            exclude: { ...list(most), description: 'globs on name or NEVRA: never considered' },
            repositories: { ...list(200), minItems: 1, description: 'only these sources, by id' },
            base: {
              ...list(10_000),
              description: 'installed packages, as NEVRAs of the sources: the response has the packages to install on top',
            },
            reasons: { type: 'boolean', description: 'with the reasons for each package' },
          },
          ['architecture', 'specs'],
        ),
        response: withReasons(outputSchema(resolveView)),
      },
      handle: async (request, reply) => {
        const body = request.body as ResolveBody;
        const query: ResolveQuery = {
          kind: 'resolve',
          architecture: knownArchitecture(body.architecture),
          specs: body.specs,
          weak: body.weak ?? false,
          best: body.best ?? false,
          exclude: body.exclude ?? [],
          repositories: body.repositories,
          base: body.base ?? [],
          reasons: body.reasons ?? false,
        };
        const answer = await solvers.ask(query);
        reply.header('etag', `"${answer.generation}"`).code(answer.status);
        return reply
          .type(answer.status === 200 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8')
          .send(answer.body);
      },
    },
  ];
}

/** RPM name of an architecture; throws USAGE, with the most similar name. */
export function knownArchitecture(name: string): string {
  const known = canonicalArchitecture(name);
  if (known !== undefined) return known;
  const near = nearestOf(name, ARCHITECTURES);
  throw new RpmDepsError('USAGE', `unknown architecture \`${name}\``, near === undefined ? {} : { hint: `did you mean \`${near}\`?` });
}

/** Adds the reasons of each package to a schema. */
function withReasons(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const by = { type: ['string', 'null'], description: 'NEVRA of a package, or null for the request' };
  const reason = closed({ by, kind: { type: 'string' }, relation: { type: 'string' } }, ['by', 'kind', 'relation']);
  const reasons = {
    type: 'array',
    items: { type: 'array', items: reason },
    description: 'the reasons for each package, in the order of the packages',
  };
  return { ...schema, properties: { ...(schema['properties'] as object), reasons } };
}
