import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../config/config-file.ts';
import type { Actor } from './actor.ts';

type Json = Record<string, unknown>;

/** One row of the API: its URL, required scope, schema of the request, and handler. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for a variable part of the path. */
  readonly url: string;
  readonly summary: string;
  /** undefined: no scope is required. */
  readonly scope?: Scope;
  readonly schema?: { readonly params?: Json; readonly querystring?: Json; readonly body?: Json; readonly response?: Json };
  readonly contentType?: string;
  /** Other content types that the client may request. */
  readonly otherTypes?: readonly string[];
  /** The response is 204 if there are no more events. */
  readonly mayBeEmpty?: boolean;
  /** Accepts the header Idempotency-Key. */
  readonly isOnce?: boolean;
  /** Needs the sources, which may be unavailable or lack the package. */
  readonly asksSources?: boolean;
  readonly status?: number;
  /** Belongs to the pages, not to the API. */
  readonly isPage?: boolean;
  /** Exempt from the rate limits: for probes and metrics. */
  readonly isFree?: boolean;
  /** Keeps the raw body besides the parsed one, for signatures. */
  readonly keepsRaw?: boolean;
  /** Limit of the body, if it differs from `limits.body_bytes`. */
  readonly bodyBytes?: number;
  readonly handle: (request: Asked, reply: FastifyReply) => unknown;
}

export type Asked = FastifyRequest<{ Params: Record<string, string>; Querystring: Record<string, string | undefined>; Body: unknown }> & {
  actor: Actor;
};

/** Supports If-None-Match with 304. */
export const isConditional = ({ method, scope, isPage }: Route): boolean => method === 'GET' && scope !== undefined && isPage !== true;

/** A schema of an object with exactly these keys. */
export function closed(properties: Json, required: readonly string[] = []): Json {
  return { type: 'object', properties, required: [...required], additionalProperties: false };
}
