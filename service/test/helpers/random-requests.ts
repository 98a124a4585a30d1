/** Random requests for the operations of an OpenAPI description: those that its schemas allow, and those that they do not. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';

const ajv = new Ajv2020({ strict: false });

export type Json = Record<string, unknown>;

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Json }[];
  readonly body: Json | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>>;
}

export interface RandomRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Values that mean something to the service, by the name of a parameter or of a key. */
type Known = Readonly<Record<string, readonly unknown[]>>;

export function operationsOf(description: Json): Operation[] {
  return Object.entries(description['paths'] as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation['operationId'] as string,
      method: method.toUpperCase(),
      path,
      parameters: (operation['parameters'] ?? []) as Operation['parameters'],
      body: (operation['requestBody'] as { content: Record<string, { schema: Json }> } | undefined)?.content['application/json']?.schema,
      responses: operation['responses'] as Operation['responses'],
    })),
  );
}

export function fittingRequest(operation: Operation, all: Known): fc.Arbitrary<RandomRequest> {
  const known = { ...all, id: all[operation.path.startsWith('/v1/jobs') ? 'job' : 'project'] ?? [] };
  const body = operation.body === undefined ? fc.constant(undefined) : arbitraryOf(operation.body, known, 'body');
  return fc.tuple(parametersOf(operation, known), body).map(([parameters, value]) => requestOf(operation, parameters, value));
}

/** One thing in it is wrong; undefined for an operation that takes anything. */
export function wrongRequest(operation: Operation, known: Known): fc.Arbitrary<RandomRequest> | undefined {
  const { parameters, body } = operation;
  const fitting = fittingRequest(operation, known);
  const ways: fc.Arbitrary<RandomRequest>[] = [];
  const queries = parameters.filter((parameter) => parameter.in === 'query');
  if (queries.length > 0) {
    const wrong = fc.constantFrom(
      'nonsense=1',
      ...queries.filter(({ schema }) => schema['enum'] ?? schema['type'] === 'integer').map(({ name }) => `${name}=%21`),
    );
    ways.push(
      fc
        .tuple(fitting, wrong)
        .map(([request, more]) => ({ ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${more}` })),
    );
  }
  if (body?.['additionalProperties'] === false) {
    const spoil = fc.oneof(
      fc.constant((value: Json): unknown => ({ ...value, nonsense: 1 })),
      fc.constant((value: Json): unknown => [value]),
      fc.constantFrom(null, 7, 'text').map((other) => () => other as unknown),
      fc.constantFrom(...Object.keys(body['properties'] as Json)).map((key) => (value: Json): unknown => ({
        ...value,
        [key]: { nonsense: [] },
      })),
    );
    ways.push(fc.tuple(fitting, spoil).map(([request, change]) => ({ ...request, body: change(request.body as Json) })));
  }
  return ways.length === 0 ? undefined : fc.oneof(...ways);
}

function parametersOf({ parameters }: Operation, known: Known): fc.Arbitrary<Json> {
  const keys = Object.fromEntries(parameters.map(({ name, schema }) => [name, arbitraryOf(schema, known, name)]));
  return fc.record(keys, { requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name) });
}

function requestOf({ method, path, parameters }: Operation, given: Json, body: unknown): RandomRequest {
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place && given[parameter.name] !== undefined);
  const filled = of('path').reduce((text, { name }) => text.replace(`{${name}}`, encodeURIComponent(String(given[name]))), path);
  const query = new URLSearchParams(of('query').map(({ name }): [string, string] => [name, String(given[name])]));
  const headers = Object.fromEntries(of('header').map(({ name }) => [name.toLowerCase(), String(given[name])]));
  return { method, path: `${filled}${query.size > 0 ? `?${query}` : ''}`, headers, body };
}

/** A value that a schema of ours allows; mostly one that means something, where such are known. */
function arbitraryOf(schema: Json, known: Known, name: string): fc.Arbitrary<unknown> {
  const random = randomOf(schema, known, name);
  const fits = ajv.compile(schema);
  const meant = (known[name] ?? []).filter((value) => fits(value));
  return meant.length === 0 ? random : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...meant) }, { weight: 1, arbitrary: random });
}

function randomOf(schema: Json, known: Known, name: string): fc.Arbitrary<unknown> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
  const types = [schema['type']].flat() as string[];
  if (types.length > 1) return fc.oneof(...types.map((type) => randomOf({ ...schema, type }, known, name)));
  switch (types[0]) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Number(schema['minimum'] ?? 0), max: Number(schema['maximum'] ?? 1000) });
    case 'array':
      return fc.array(arbitraryOf((schema['items'] ?? {}) as Json, known, `${name}[]`), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: Math.min(4, Number(schema['maxItems'] ?? 4)),
      });
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
      if (properties.length === 0) return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
      const keys = Object.fromEntries(properties.map(([key, value]) => [key, arbitraryOf(value, known, key)]));
      return fc.record(keys, { requiredKeys: (schema['required'] ?? []) as string[] });
    }
    default:
      return textOf(schema);
  }
}

/** Also texts with all that may hurt: null bytes, quotes, other scripts, half surrogates. */
function textOf(schema: Json): fc.Arbitrary<string> {
  const minLength = Number(schema['minLength'] ?? 0);
  const maxLength = Math.min(40, Number(schema['maxLength'] ?? 40));
  const pattern = schema['pattern'] === undefined ? undefined : new RegExp(schema['pattern'] as string, 'u');
  const hostile = fc.constantFrom(
    "' or 1=1 --",
    '../../etc/passwd',
    '\u0000',
    '%00',
    '<script>',
    '${x}',
    'a\nb',
    '\ud83d\ude00',
    '*'.repeat(30),
    '-rf',
  );
  const plain = fc.constantFrom(
    'main',
    'a',
    'rpm-packages.yaml',
    'https://git.test/a.git',
    '7',
    '/tmp',
    '00000000-0000-4000-8000-000000000000',
  );
  return fc
    .oneof(fc.string({ minLength, maxLength }), fc.string({ unit: 'binary', minLength, maxLength }), hostile, plain)
    .filter((text) => text.length >= minLength && text.length <= maxLength && pattern?.test(text) !== false);
}
