import type { FastifyRequest } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import type { Service } from '../service.ts';
import { findActor } from '../store/tokens.ts';
import type { Actor } from './actor.ts';
import { sessionOf } from './viewer.ts';

/** Maximum length of a token. */
const MAX_TOKEN = 200;
/** Tokens are cached for this time: a revoked token works at most this long. */
const REMEMBERED_MS = 2000;

const remembered = new WeakMap<object, Map<string, { readonly actor: Actor; readonly until: number }>>();

/** The sender of a request: the owner of a token, or an anonymous client. An invalid token is refused even if no token is required. */
export async function authenticate(service: Service, request: FastifyRequest): Promise<Actor> {
  const header = request.headers.authorization;
  if (header === undefined) {
    // Browsers also send the cookie with requests of other sites, so it permits only reading the API.
    const session = request.method === 'GET' ? await sessionOf(service, request) : undefined;
    return session?.actor ?? anonymous(service, request.headers.host);
  }
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined || token.length > MAX_TOKEN) {
    throw new RpmDepsError('UNAUTHORIZED', 'the header Authorization is not `Bearer TOKEN`');
  }
  const known = remembered.get(service.database) ?? new Map();
  remembered.set(service.database, known);
  const now = performance.now();
  const found = known.get(token);
  if (found !== undefined && found.until > now) return found.actor;
  known.delete(token);
  const actor = await findActor(service.database, token);
  if (known.size > 1000) known.clear();
  known.set(token, { actor, until: now + REMEMBERED_MS });
  return actor;
}

const LOCAL_URL = /^(?:https?:\/\/)?(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d+)?\/*$/i;

/**
 * Without a configuration, only programs of this machine may read and query: neither clients behind a proxy for a public URL, nor pages of
 * other sites whose name resolves to this machine (DNS rebinding).
 */
export function anonymous({ settings: { file, host } }: Service, askedHost: string | undefined): Actor {
  const isLocal =
    /^(?:127\.|::1$|localhost$)/.test(host) &&
    LOCAL_URL.test(askedHost ?? '') &&
    (file.public_url === undefined || LOCAL_URL.test(file.public_url));
  const scopes = file.anonymous ?? (isLocal ? (['read', 'resolve'] as const) : []);
  return { tokenId: undefined, name: 'anonymous', scopes, projectId: undefined };
}
