/** Which packages of an answer meet a dependency: what `why` and `tree` show, and what `ignore` leaves unmet. */
import { type DepId, REL } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';

export interface MetBy {
  readonly isMet: boolean;
  /** Packages that have a part in it, each once; none where the package that has the dependency is enough by itself, or where only something must not be there. */
  readonly packages: readonly number[];
}

const UNMET: MetBy = { isMet: false, packages: [] };
const VOID: MetBy = { isMet: true, packages: [] };

/** Whether a dependency is more than a list of packages of which each would do. */
export function isBoolean(pool: Pool, dep: DepId): boolean {
  if (dep >= 0) return false;
  const flags = pool.relations.flags(dep);
  return flags === REL.AND || flags === REL.OR || flags === REL.COND || flags === REL.UNLESS;
}

/** `isThere`: 1 for the packages that count, by solvable. `self` has the dependency, or is 0. */
export function metBy(pool: Pool, dep: DepId, isThere: Uint8Array, self: number, isNegated = false): MetBy {
  const { relations } = pool;
  if (!isBoolean(pool, dep)) {
    const met = metByProviders(pool, dep, isThere, self);
    if (!isNegated) return met;
    return met.isMet ? UNMET : VOID;
  }
  const flags = relations.flags(dep);
  const left = relations.name(dep);
  const right = relations.evr(dep);
  const by = (part: DepId): MetBy => metBy(pool, part, isThere, self, isNegated);
  const byNot = (part: DepId): MetBy => metBy(pool, part, isThere, self, !isNegated);
  if (flags === REL.AND) return isNegated ? either(by(left), by(right)) : both(by(left), by(right));
  if (flags === REL.OR) return isNegated ? both(by(left), by(right)) : either(by(left), by(right));
  if (right < 0 && relations.flags(right) === REL.ELSE) {
    const condition = metBy(pool, relations.name(right), isThere, self);
    const then = condition.isMet === (flags === REL.COND) ? by(left) : by(relations.evr(right));
    return condition.isMet ? both(condition, then) : then;
  }
  // `A if B` is A or not B, `A unless B` is A and not B.
  return (flags === REL.COND) === isNegated ? both(by(left), byNot(right)) : either(by(left), byNot(right));
}

/** Packages that a dependency can ask for, whatever its conditions say. */
export function askedFor(pool: Pool, dep: DepId, isThere: Uint8Array, self: number): readonly number[] {
  if (!isBoolean(pool, dep)) return metByProviders(pool, dep, isThere, self).packages;
  const { relations } = pool;
  const flags = relations.flags(dep);
  const right = relations.evr(dep);
  const parts = [relations.name(dep)];
  if (flags === REL.AND || flags === REL.OR) parts.push(right);
  else if (right < 0 && relations.flags(right) === REL.ELSE) parts.push(relations.evr(right));
  return [...new Set(parts.flatMap((part) => [...askedFor(pool, part, isThere, self)]))];
}

function both(a: MetBy, b: MetBy): MetBy {
  return { isMet: a.isMet && b.isMet, packages: [...new Set([...a.packages, ...b.packages])] };
}

/** Where one part needs nobody, nobody is needed; else whoever meets one of the parts has a part in it. */
function either(a: MetBy, b: MetBy): MetBy {
  if (!a.isMet || !b.isMet) return a.isMet ? a : b;
  return a.packages.length === 0 || b.packages.length === 0 ? VOID : both(a, b);
}

function metByProviders(pool: Pool, dep: DepId, isThere: Uint8Array, self: number): MetBy {
  const packages: number[] = [];
  const providers = pool.providersOf(dep);
  for (let i = 0; i < providers.length; i++) {
    const p = providers[i]!;
    if (isThere[p] !== 1) continue;
    if (p === self) return VOID;
    packages.push(p);
  }
  return { isMet: packages.length > 0, packages };
}
