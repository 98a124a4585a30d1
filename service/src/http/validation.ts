import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import { ajv } from '../config/json-schema.ts';
import { storable } from '../store/database.ts';

/** fastify's own compiler would drop unknown keys and convert strings to numbers. This one refuses invalid values. */
export function validatorCompiler(): FastifySchemaCompiler<object> {
  const coercing = new Ajv2020({ strict: true, strictTypes: false, coerceTypes: true });
  // All values in a path or a query are strings.
  return ({ schema, httpPart }) => (httpPart === 'body' ? ajv() : coercing).compile(schema);
}

export const serializerCompiler: FastifySerializerCompiler<object> = () => (data) => JSON.stringify(data);

/** Deeper than any manifest or lockfile, but well below the limit for messages to threads. */
const DEPTH = 100;

/** Throws USAGE if a text or key in a body contains a null byte or a lone surrogate: the database cannot store it. */
export function requireStorable(body: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && storable(value) !== value)
      throw new RpmDepsError('USAGE', 'the body has a null byte or half of a character in a text');
    if (typeof value !== 'object' || value === null) continue;
    if (depth === DEPTH) throw new RpmDepsError('USAGE', `the body is nested more than ${DEPTH} deep`);
    for (const [key, own] of Object.entries(value)) open.push({ value: key, depth }, { value: own, depth: depth + 1 });
  }
}
