/** Schemas of the API's responses, by their names in the OpenAPI document. */
import { STARTED_KINDS } from '../jobs/job.ts';
import type { Page } from '../jobs/job-store.ts';
import { PROBLEM_SCHEMA } from './problem.ts';
import { closed } from './route.ts';

type Json = Record<string, unknown>;

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const orNull = (schema: Json): Json => ({ ...schema, type: [schema['type'], 'null'] });
const count = { type: 'integer', minimum: 0 };
const version = { const: 1 };
const states = { enum: ['queued', 'running', 'succeeded', 'failed', 'dead', 'cancelled'] };
const kinds = { enum: [...STARTED_KINDS, 'comment'] };
/** An object in which all keys are required and no others are allowed. */
const whole = (properties: Json): Json => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };
export const jobId = closed({ id: uuid }, ['id']);
/** Parameters of lists that may be long. */
export const pageQuery = (next: Json = uuid, more: Json = {}): Json =>
  closed({ ...more, limit: { type: 'integer', minimum: 1, maximum: 200 }, next });
export const pageOf = ({ limit = '50', next }: Readonly<Record<string, string | undefined>>): Page => ({
  limit: Number(limit),
  after: next,
});
export const nextPage = { type: ['string', 'null'], description: '`next` of the request for the following page; null on the last one' };

/** A text in a request that names something. */
export const shortText = { type: 'string', minLength: 1, maxLength: 500 };

export const refTo = (name: keyof typeof SHAPES): Json => ({ $ref: `#/components/schemas/${name}` });
/** `{schema: 1, NAME: [...]}` and more keys. */
export const listOf = (name: string, shape: keyof typeof SHAPES, more: Json = {}): Json =>
  whole({ schema: version, ...more, [name]: { type: 'array', items: refTo(shape) } });
export const answerOf = (properties: Json): Json => whole({ schema: version, ...properties });

export const SHAPES = {
  Problem: PROBLEM_SCHEMA,
  Schedule: whole({
    kind: { enum: STARTED_KINDS },
    cron: text,
    time_zone: text,
    enabled: { type: 'boolean' },
    next_run_at: orNull(time),
    last_job_id: orNull(text),
  }),
  Project: whole({
    schema: version,
    id: text,
    name: text,
    clone_url: text,
    branch: text,
    manifest: text,
    lockfiles: text,
    forge: { enum: ['none', 'branch', 'github', 'gitlab', 'gitea'] },
    credentials: orNull(text),
    settings: { type: 'object' },
    paused: { type: 'boolean' },
    created_at: time,
    state: { enum: ['new', 'ok', 'outdated', 'broken'] },
    state_text: text,
    checked_at: orNull(time),
    revision: { ...orNull(text), description: 'the commit that was checked last' },
    locks: count,
    locked_at: { ...orNull(time), description: 'time of the commit that changed the lockfiles last' },
    schedules: { type: 'array', items: { $ref: '#/components/schemas/Schedule' } },
  }),
  Job: whole({
    id: text,
    kind: kinds,
    project_id: orNull(text),
    payload: { type: 'object' },
    state: states,
    attempt: count,
    max_attempts: count,
    progress: { type: 'object' },
    result: { type: ['object', 'null'] },
    error: { type: ['object', 'null'], properties: { code: text, message: text }, required: ['code', 'message'] },
    created_by: text,
    created_at: time,
    started_at: orNull(time),
    finished_at: orNull(time),
    cancel_requested_at: orNull(time),
  }),
  Attempt: whole({
    attempt: count,
    worker: text,
    started_at: time,
    ended_at: orNull(time),
    outcome: { enum: ['succeeded', 'failed', 'lost', 'cancelled', 'given back', null] },
  }),
  Event: whole({ id: { type: 'string', pattern: '^\\d+$' }, attempt: count, at: time, kind: text, data: { type: 'object' } }),
  Revision: whole({ revision: text, committed_at: orNull(time), seen_at: time, locks: count }),
  Lockfile: {
    type: 'object',
    required: ['schema_version', 'architecture', 'package_set', 'packages'],
    properties: { schema_version: text, architecture: text, package_set: text, packages: { type: 'array', items: { type: 'object' } } },
  },
  Package: {
    type: 'object',
    required: ['name', 'epoch', 'version', 'release', 'arch', 'repository'],
    properties: { name: text, epoch: text, version: text, release: text, arch: text, repository: text },
  },
  Locked: whole({
    project: text,
    package_set: text,
    architecture: text,
    name: text,
    epoch: text,
    version: text,
    release: text,
    arch: text,
    source: orNull(text),
  }),
} as const satisfies Record<string, Json>;
