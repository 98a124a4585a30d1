/** Problem documents (RFC 9457) with the codes of the library's errors. */

import type { ErrorObject } from 'ajv';
import type { FastifyError } from 'fastify';
import { ERROR_CODES, type ErrorCode, RpmDepsError } from 'rpm-deps';
import { mistakesOf } from '../config/json-schema.ts';

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: readonly string[];
  readonly request_id: string;
}

export const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: 'a page about the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(ERROR_CODES) },
    hint: { type: ['string', 'null'] },
    details: { type: 'array', items: { type: 'string' } },
    request_id: { type: 'string' },
  },
};

/** What clients are told of errors that are only logged, because they could contain files, addresses and users of the server. */
const LOGGED: Partial<Record<ErrorCode, { readonly detail: string; readonly hint: string | null }>> = {
  INTERNAL: { detail: 'the service failed; its log has the request id', hint: null },
  DATABASE: { detail: 'the database cannot be used now; the log of the service says why', hint: 'repeat the request later' },
};

export function problemOf(error: RpmDepsError, requestId: string, status: number = ERROR_CODES[error.code].status): ProblemDocument {
  const { code, message, hint = null, details } = error;
  return {
    type: `/errors#${code}`,
    title: ERROR_CODES[code].meaning,
    status,
    ...(LOGGED[code] === undefined ? { detail: message, hint, details } : { ...LOGGED[code], details: [] }),
    code,
    request_id: requestId,
  };
}

/** The status of fastify's own errors, if it differs from that of the code. */
export function statusOf(thrown: unknown): number | undefined {
  const { statusCode, code } = thrown as FastifyError;
  return code?.startsWith('FST_') === true && statusCode !== undefined && statusCode < 500 ? statusCode : undefined;
}

/** Converts any thrown value to an error with a code. */
export function asServiceError(thrown: unknown): RpmDepsError {
  if (thrown instanceof RpmDepsError) return thrown;
  const error = thrown as FastifyError & { validation?: readonly ErrorObject[]; validationContext?: string };
  if (error.validation !== undefined) {
    return new RpmDepsError('USAGE', `the request does not match /openapi.json`, {
      details: mistakesOf(error.validation, error.validationContext ?? ''),
      cause: thrown,
    });
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new RpmDepsError('TOO_LARGE', 'the body of the request is too large', {
      hint: 'the operator sets `limits.body_bytes`',
      cause: thrown,
    });
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new RpmDepsError('USAGE', 'the body must be JSON', {
      hint: 'send `Content-Type: application/json`, and do not compress the body',
      cause: thrown,
    });
  }
  const isOfClient = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  if (isOfClient) return new RpmDepsError('USAGE', error.message, { cause: thrown });
  if (DATABASE_CODES.test(String((thrown as NodeJS.ErrnoException)?.code ?? ''))) {
    return new RpmDepsError('DATABASE', `the database cannot be used now: ${(thrown as Error).message}`, { cause: thrown });
  }
  return new RpmDepsError('INTERNAL', (thrown as Error)?.message ?? String(thrown), { cause: thrown });
}

/** Lost connections (class 08), a stopping server (57P), missing resources (53), and socket errors of the system. */
const DATABASE_CODES = /^(?:08...|57P..|53...|58...|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;
