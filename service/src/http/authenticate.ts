import type { FastifyRequest } from 'fastify';
import { RpmDepsError } from 'rpm-deps';
import type { Service } from '../service.ts';
import { findActor } from '../store/tokens.ts';
import type { Actor } from './actor.ts';
import { sessionOf } from './viewer.ts';

/** Longer ones are no tokens. */
const MAX_TOKEN = 200;
/** A token is looked up again after this time: a revoked one works no longer than that. */
const REMEMBERED_MS = 2000;

const remembered = new WeakMap<object, Map<string, { readonly actor: Actor; readonly until: number }>>();

/** Who asks: by token, or nobody in particular. A wrong token is refused, also where none is needed. */
export async function authenticate(service: Service, request: FastifyRequest): Promise<Actor> {
  const header = request.headers.authorization;
  if (header === undefined) {
    // A cookie is sent by the browser whoever made the page: it reads, and changes nothing through the API.
    const session = request.method === 'GET' ? await sessionOf(service, request) : undefined;
    return session?.actor ?? anonymous(service);
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

/** Without a configuration, who can reach the loopback interface may read and ask; nobody may from elsewhere. */
export function anonymous({ settings }: Service): Actor {
  const isLocal = /^(?:127\.|::1$|localhost$)/.test(settings.host);
  const scopes = settings.file.anonymous ?? (isLocal ? (['read', 'resolve'] as const) : []);
  return { tokenId: undefined, name: 'anonymous', scopes, projectId: undefined };
}
