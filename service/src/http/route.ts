import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../config/config-file.ts';
import type { Actor } from './actor.ts';

type Json = Record<string, unknown>;

/** One row of the API: what it is, who may ask, what a request looks like, and what is done. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for a part of the path. */
  readonly url: string;
  readonly summary: string;
  /** undefined: anybody. */
  readonly scope?: Scope;
  readonly schema?: { readonly params?: Json; readonly querystring?: Json; readonly body?: Json; readonly response?: Json };
  readonly contentType?: string;
  /** Types that the client may ask for instead. */
  readonly otherTypes?: readonly string[];
  /** 204 where nothing more comes. */
  readonly mayBeEmpty?: boolean;
  /** Takes the header Idempotency-Key. */
  readonly isOnce?: boolean;
  /** Needs the sources, which may be away or have no such package. */
  readonly asksSources?: boolean;
  readonly status?: number;
  /** Of the pages, not of the API. */
  readonly isPage?: boolean;
  /** Not counted by the limits: for probes and metrics. */
  readonly isFree?: boolean;
  /** The body as it came is kept beside what it means, for signatures. */
  readonly keepsRaw?: boolean;
  /** Other than `limits.body_bytes`. */
  readonly bodyBytes?: number;
  readonly handle: (request: Asked, reply: FastifyReply) => unknown;
}

export type Asked = FastifyRequest<{ Params: Record<string, string>; Querystring: Record<string, string | undefined>; Body: unknown }> & {
  actor: Actor;
};

/** Answers If-None-Match with 304. */
export const isConditional = ({ method, scope, isPage }: Route): boolean => method === 'GET' && scope !== undefined && isPage !== true;

/** A schema of an object that has these keys and no others. */
export function closed(properties: Json, required: readonly string[] = []): Json {
  return { type: 'object', properties, required: [...required], additionalProperties: false };
}
