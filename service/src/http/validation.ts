import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import { ajv } from '../config/json-schema.ts';

/** fastify's own would drop unknown keys and make numbers of texts: here what does not fit is refused. */
export function validatorCompiler(): FastifySchemaCompiler<object> {
  const coercing = new Ajv2020({ strict: true, strictTypes: false, coerceTypes: true });
  // Everything in a path or a query is text.
  return ({ schema, httpPart }) => (httpPart === 'body' ? ajv() : coercing).compile(schema);
}

export const serializerCompiler: FastifySerializerCompiler<object> = () => (data) => JSON.stringify(data);

const UNSTORABLE = /[\0\p{Cs}]/u;

/** Throws USAGE where a text of a body, a key among them, has a null byte or half of a surrogate pair: no database takes it, and no name has it. */
export function requireStorable(body: unknown): void {
  const open: unknown[] = [body];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && UNSTORABLE.test(value))
      throw new RpmDepsError('USAGE', 'the body has a null byte or half of a character in a text');
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, own] of Object.entries(value)) open.push(key, own);
  }
}
