/** The OpenAPI document, generated from the schemas that validate requests. */
import { VERSION } from 'rpm-deps';
import { isConditional, type Route } from './route.ts';
import { SHAPES } from './shapes.ts';

type Json = Record<string, unknown>;

export function describeApi(routes: readonly Route[], publicUrl: string | undefined): Json {
  const paths: Record<string, Json> = {};
  const schemas: Json = { ...SHAPES };
  for (const route of routes.filter(({ isPage }) => isPage !== true)) {
    const path = route.url.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route, partsApart(route.schema?.response, schemas)) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'rpm-deps',
      version: VERSION,
      description: 'RPM lockfile resolver and updater as a service',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

/** The schema of a command's output, with its `$defs` among the schemas of all: generators of clients do not know parts within a part. */
function partsApart(schema: Json | undefined, schemas: Json): Json | undefined {
  if (schema?.['$defs'] === undefined) return schema;
  const { $schema: _, $id, $defs, ...own } = schema;
  const prefix = String($id).replace('schema.json', '');
  const moved = (part: unknown): Json => JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', `"#/components/schemas/${prefix}`));
  for (const [name, part] of Object.entries($defs as Json)) schemas[`${prefix}${name}`] = moved(part);
  return moved(own);
}

function describe(route: Route, response: Json | undefined): Json {
  const { summary, scope, schema, method, url, isOnce } = route;
  const id = `${method.toLowerCase()}${url.replace(/[^a-z0-9]+(\w?)/gi, (_, letter: string) => letter.toUpperCase())}`;
  const parameters = [
    ...parametersOf(schema?.params, 'path'),
    ...parametersOf(schema?.querystring, 'query'),
    ...(isOnce === true ? [IDEMPOTENCY_KEY] : []),
    ...(isConditional(route) ? [IF_NONE_MATCH] : []),
  ];
  return {
    operationId: id,
    summary,
    ...(scope === undefined ? {} : { security: [{ token: [scope] }], description: `Needs the scope \`${scope}\`.` }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schema?.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schema.body } } } }),
    responses: { ...successes(route, response), ...Object.fromEntries(problemsOf(route).map((status) => [status, PROBLEM])) },
  };
}

const header = (name: string, description: string, pattern: string): Json => ({
  ...{ name, in: 'header', required: false, description },
  schema: { type: 'string', pattern },
});

const IDEMPOTENCY_KEY = header('Idempotency-Key', 'the same request with the same key is done once', '^[\\x21-\\x7e]{1,200}$');
const IF_NONE_MATCH = header(
  'If-None-Match',
  'ETag of an earlier response: without changes the response is 304',
  '^[\\x20-\\x7e]{1,1000}$',
);

const PROBLEM = {
  description: 'a problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function successes(route: Route, response: Json | undefined): Json {
  const { contentType = 'application/json', otherTypes = [], status = 200, isOnce, mayBeEmpty } = route;
  const types = [contentType, ...otherTypes];
  const content = Object.fromEntries(types.map((type) => [type, { schema: contentSchema(type, response) }]));
  const done = status === 204 ? { description: 'done' } : { description: 'done', content };
  return {
    [status]: done,
    ...(isConditional(route) ? { 304: { description: 'not changed' } } : {}),
    ...(mayBeEmpty === true ? { 204: { description: 'no more events' } } : {}),
    ...(isOnce === true ? { 200: { ...done, description: 'response to an earlier request with the same Idempotency-Key' } } : {}),
  };
}

const contentSchema = (type: string, schema: Json | undefined): Json => (type.endsWith('json') ? (schema ?? {}) : { type: 'string' });

/** Possible problems of a route: the request, authentication, the object, the sources, the limits, the database. */
function problemsOf({ scope, schema, isFree, isOnce, asksSources, keepsRaw, url }: Route): readonly number[] {
  if (isFree === true) return url === '/readyz' ? [400, 500, 503] : [400, 500];
  return [
    ...[400, 401, 429, 500, 503],
    ...(scope === undefined ? [] : [403]),
    ...(schema?.params === undefined ? [] : [404]),
    ...(schema?.body === undefined ? [] : [408, 413, 415]),
    ...(isOnce === true || asksSources === true || url === '/v1/projects' ? [409] : []),
    ...(asksSources === true ? [404, 502, 504] : []),
    ...(keepsRaw === true ? [404] : []),
  ].sort();
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
