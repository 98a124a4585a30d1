/** The description of the API, made of the schemas that requests are checked with. */
import { VERSION } from 'rpm-deps';
import { PROBLEM_SCHEMA } from './problem.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

export function describeApi(routes: readonly Route[], publicUrl: string | undefined): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes.filter(({ isPage }) => isPage !== true)) {
    const path = route.url.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'rpm-deps',
      version: VERSION,
      description: 'RPM lockfile resolver and updater as a service',
      license: { name: 'Apache-2.0' },
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function describe({ summary, scope, schema, contentType = 'application/json', status = 200, method, url }: Route): Json {
  const id = `${method.toLowerCase()}${url.replace(/[^a-z0-9]+(\w?)/gi, (_, letter: string) => letter.toUpperCase())}`;
  const parameters = [...parametersOf(schema?.params, 'path'), ...parametersOf(schema?.querystring, 'query')];
  return {
    operationId: id,
    summary,
    ...(scope === undefined ? {} : { security: [{ token: [scope] }], description: `Needs the scope \`${scope}\`.` }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schema?.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schema.body } } } }),
    responses: {
      [status]: { description: 'done', content: { [contentType]: { schema: schema?.response ?? {} } } },
      default: { description: 'a problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

function parametersOf(schema: Json | undefined, place: 'path' | 'query'): Json[] {
  const properties = (schema?.['properties'] ?? {}) as Record<string, Json>;
  const required = (schema?.['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, value]) => ({
    name: name === '*' ? 'path' : name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: value,
  }));
}
