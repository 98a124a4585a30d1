import { RpmDepsError } from 'rpm-deps';
import type { Scope } from '../config/config-file.ts';

/** The sender of a request: the owner of a token, a logged-in user, or an anonymous client. */
export interface Actor {
  /** Id of the token; undefined for anonymous requests. */
  readonly tokenId: string | undefined;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The only allowed project, if the token is limited to one. */
  readonly projectId: string | undefined;
}

/** Each scope includes the lower ones. */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  resolve: ['resolve'],
  operate: ['read', 'resolve', 'operate'],
  admin: ['read', 'resolve', 'operate', 'admin'],
};

export const isAllowed = ({ scopes }: Actor, scope: Scope): boolean => scopes.some((own) => INCLUDED[own].includes(scope));

/** Throws UNAUTHORIZED for anonymous requests and FORBIDDEN for a token without the scope. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (isAllowed(actor, scope)) return;
  if (actor.tokenId === undefined) {
    throw new RpmDepsError('UNAUTHORIZED', `this needs a token with the scope \`${scope}\``, {
      hint: 'send `Authorization: Bearer TOKEN`; `rpm-deps serve token create` makes one',
    });
  }
  throw new RpmDepsError('FORBIDDEN', `the token \`${actor.name}\` does not have the scope \`${scope}\``, {
    hint: `create another one: rpm-deps serve token create --scope ${scope}`,
  });
}
