/** Every operation of /openapi.json, asked with random requests that fit it and that do not. `RPM_DEPS_SEED` repeats a run. */
import { randomInt } from 'node:crypto';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { fixtureLocks, fixtureManifest } from '../helpers/fixture-locks.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { fittingRequest, type Json, type Operation, operationsOf, type RandomRequest, wrongRequest } from '../helpers/random-requests.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

const RUNS = Number(process.env['RPM_DEPS_SERVICE_RUNS'] ?? 12);
const seed = Number(process.env['RPM_DEPS_SEED'] ?? randomInt(1_000_000));

let git: GitProject;
let service: RunningService;
let api: Api;
let token: string;
let description: Json;
let operations: readonly Operation[];
let known: Readonly<Record<string, readonly unknown[]>>;
const validators = new Map<object, ValidateFunction>();

beforeAll(async () => {
  const locks = await fixtureLocks('mirror');
  git = gitProject({ 'rpm-packages.yaml': fixtureManifest(), ...locks });
  const made = await createTokenIn(['admin']);
  token = made.token;
  service = await startService({ data: made.data, config: { git: [git.directory], webhooks: { secret: 'x' } } });
  api = apiOf(service, token);
  const { body: project } = await api.send<{ id: string }>('POST', '/v1/projects', { name: 'known', clone_url: git.url });
  const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/known/check');
  await api.ended(body.job.id);
  const lockfiles = Object.values(locks).map((text) => JSON.parse(text) as Json);
  // What is there: random names would find nothing.
  known = {
    job: [body.job.id],
    project: ['known', project.id],
    revision: [git.head()],
    settings: [{}],
    repositories: [['baseos', 'appstream']],
    base: [[]],
    exclude: [['nothing-*']],
    older_than: ['2:1-1'],
    name: ['bash', 'glibc'],
    nevra: ['bash-5.1.8-9.el9.x86_64'],
    architecture: ['x86_64', 'aarch64', 'amd64'],
    specs: [['bash'], ['glibc', 'bash']],
    manifest: [fixtureManifest()],
    locks: [lockfiles, []],
    before: [lockfiles],
    after: [lockfiles],
    clone_url: [git.url],
    cron: ['0 5 * * 1'],
    time_zone: ['Europe/Prague', 'UTC'],
    credentials: [null],
  };
  description = (await api.get<Json>('/openapi.json')).body;
  operations = operationsOf(description);
});
afterAll(async () => {
  await service?.stop();
  git?.remove();
});

/** Of a schema of the description; its references are to `components`. */
function validatorOf(schema: object): ValidateFunction {
  const found = validators.get(schema);
  if (found !== undefined) return found;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const made = ajv.compile({ ...schema, components: description['components'] });
  validators.set(schema, made);
  return made;
}

async function ask({ method, path, headers, body }: RandomRequest): Promise<Response> {
  return fetch(`${service.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** The answer is one that the operation declares, in a type that it declares for it, and as its schema says. */
async function examine(operation: Operation, request: RandomRequest): Promise<number> {
  const response = await ask(request);
  const what = `${request.method} ${request.path} ${JSON.stringify(request.body)?.slice(0, 300)} -> ${response.status}`;
  const declared = operation.responses[String(response.status)];
  const text = await response.text();
  expect(declared, `${what} is not declared: ${text.slice(0, 500)}`).toBeDefined();
  // 502 and 503 are of sources that are not there.
  if (response.status >= 500) expect(JSON.parse(text), what).toMatchObject({ code: expect.stringMatching(/^(?:NETWORK|LIMIT)$/) });
  if (declared!.content === undefined) {
    expect(text).toBe('');
    return response.status;
  }
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!;
  const content = declared!.content[type];
  expect(content, `${what} has the type ${type}`).toBeDefined();
  if (!type.endsWith('json')) return response.status;
  const validate = validatorOf(content!.schema);
  expect(validate(JSON.parse(text)) || validate.errors, `${what}: ${text.slice(0, 500)}`).toBe(true);
  if (response.status >= 400) {
    expect(type).toBe('application/problem+json');
    expect(JSON.parse(text), what).toMatchObject({ status: response.status });
  }
  return response.status;
}

const isLast = ({ method }: Operation): boolean => method === 'DELETE';
const isUnsigned = ({ path }: Operation): boolean => path.startsWith('/webhooks/');

test('every reference leads from the top of the description to a schema that it has: generators of clients know no other', () => {
  const schemas = (description['components'] as { schemas: Json }).schemas;
  const text = JSON.stringify(description);
  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference!);
  expect(references).toContain('#/components/schemas/resolve.output');
  expect(references.filter((reference) => !Object.keys(schemas).some((name) => reference === `#/components/schemas/${name}`))).toEqual([]);
  expect(text).not.toMatch(/"\$(?:id|defs)"/);
});

test(`requests that fit the description get what it declares, seed ${seed}`, { timeout: 400_000 }, async () => {
  for (const [i, operation] of [...operations].sort((a, b) => Number(isLast(a)) - Number(isLast(b))).entries()) {
    const arbitrary = fittingRequest(operation, known);
    let isGood = isUnsigned(operation) || isLast(operation);
    await fc.assert(
      fc.asyncProperty(arbitrary, async (request) => {
        if ((await examine(operation, request)) < 300) isGood = true;
      }),
      { numRuns: RUNS, seed: seed + i, endOnFailure: true },
    );
    // Where everything is refused, no answer is looked at.
    for (const request of fc.sample(arbitrary, { numRuns: 60, seed: seed - i })) {
      if (isGood) break;
      isGood = (await examine(operation, request)) < 300;
    }
    expect({ id: operation.id, isGood }).toEqual({ id: operation.id, isGood: true });
  }
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
});

test(`requests that do not fit the description are refused as it declares, seed ${seed}`, { timeout: 400_000 }, async () => {
  for (const operation of operations) {
    const arbitrary = wrongRequest(operation, known);
    if (arbitrary === undefined) continue;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (request) => {
        expect(await examine(operation, request), JSON.stringify(request)).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: RUNS, seed, endOnFailure: true },
    );
  }
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
});

test('no operation lacks a schema for what it answers, and the description is whole', () => {
  for (const { id, responses } of operations) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      for (const [type, { schema }] of Object.entries(content)) {
        expect({ id, status, type, keys: Object.keys(schema).length > 0 }).toEqual({ id, status, type, keys: true });
        expect(validatorOf(schema)).toBeTypeOf('function');
      }
    }
  }
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
});
