import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import { ajv } from '../config/json-schema.ts';

/** fastify's own would drop unknown keys and make numbers of texts: here what does not fit is refused. */
export function validatorCompiler(): FastifySchemaCompiler<object> {
  const coercing = new Ajv2020({ strict: true, strictTypes: false, coerceTypes: true });
  // Everything in a path or a query is text.
  return ({ schema, httpPart }) => (httpPart === 'body' ? ajv() : coercing).compile(schema);
}

export const serializerCompiler: FastifySerializerCompiler<object> = () => (data) => JSON.stringify(data);
