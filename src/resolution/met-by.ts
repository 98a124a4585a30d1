/** Which packages of an answer meet a dependency: what `why` and `tree` show, and what `ignore` leaves unmet. */
import { type DepId, REL } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { ALWAYS, NEVER, type NormalForm, type RichNormalizer } from '../solver/rich-dependencies.ts';

export interface MetBy {
  readonly isMet: boolean;
  /** Packages that have a part in it, each once; none where the package that has the dependency is enough by itself, or where only something must not be there. */
  readonly packages: readonly number[];
}

const UNMET: MetBy = { isMet: false, packages: [] };
const VOID: MetBy = { isMet: true, packages: [] };

export const REQUIRED: NormalForm = { disjunctive: false };
/** What a conflict forbids must not come true, and `(a if b)` is false only where there is a `b`: so a conflict can bring packages in. */
export const FORBIDDEN: NormalForm = { disjunctive: true, invert: true };

/** Whether a dependency is more than a list of packages of which each would do. */
export function isBoolean(pool: Pool, dep: DepId): boolean {
  if (dep >= 0) return false;
  const flags = pool.relations.flags(dep);
  return flags === REL.AND || flags === REL.OR || flags === REL.COND || flags === REL.UNLESS;
}

/**
 * Of a boolean dependency, by the clauses that the solver has it in, because it meets them one by one: of `(a or b) and (a or not c)` each may have
 * brought in another package. `isThere`: 1 for the packages that count, by solvable. `self` has the dependency, or is 0.
 */
export function metBy(normalizer: RichNormalizer, dep: DepId, form: NormalForm, isThere: Uint8Array, self: number): MetBy {
  const result = normalizer.normalize(dep, form);
  if (result === NEVER) return UNMET;
  if (result === ALWAYS) return VOID;
  const { items, length } = normalizer.out;
  const packages = new Set<number>();
  let isMet = true;
  for (let i = 0; i < length; i++) {
    const own: number[] = [];
    let isVoid = false;
    for (; items[i] !== 0; i++) {
      const literal = items[i]!;
      if (literal < 0 ? isThere[-literal] !== 1 : literal === self) isVoid = true;
      else if (literal > 0 && isThere[literal] === 1) own.push(literal);
    }
    if (isVoid) continue;
    if (own.length === 0) isMet = false;
    for (const p of own) packages.add(p);
  }
  return { isMet, packages: [...packages] };
}

/** Packages that a dependency can ask for, whatever its conditions say. */
export function askedFor(pool: Pool, dep: DepId, isThere: Uint8Array): readonly number[] {
  if (!isBoolean(pool, dep)) return [...pool.providersOf(dep)].filter((p) => isThere[p] === 1);
  const { relations } = pool;
  const flags = relations.flags(dep);
  const right = relations.evr(dep);
  const parts = [relations.name(dep)];
  if (flags === REL.AND || flags === REL.OR) parts.push(right);
  else if (right < 0 && relations.flags(right) === REL.ELSE) parts.push(relations.evr(right));
  return [...new Set(parts.flatMap((part) => [...askedFor(pool, part, isThere)]))];
}
