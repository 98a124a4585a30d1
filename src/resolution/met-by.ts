/** The packages of a result that meet a dependency: shown by `why` and `tree`, and used for requirements that `ignore` leaves unmet. */
import { type DepId, REL } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { ALWAYS, NEVER, type NormalForm, type RichNormalizer } from '../solver/rich-dependencies.ts';

export interface MetBy {
  readonly isMet: boolean;
  /** Packages that contribute, each once; none if the dependent package meets it itself, or if it is met because a package is absent. */
  readonly packages: readonly number[];
}

const UNMET: MetBy = { isMet: false, packages: [] };
const VOID: MetBy = { isMet: true, packages: [] };

export const REQUIRED: NormalForm = { disjunctive: false };
/** A conflict must be false, and `(a if b)` is false only with a `b`: so a conflict can require packages. */
export const FORBIDDEN: NormalForm = { disjunctive: true, invert: true };

/** Whether a dependency is not simply a list of alternative packages. */
export function isBoolean(pool: Pool, dep: DepId): boolean {
  if (dep >= 0) return false;
  const flags = pool.relations.flags(dep);
  return flags === REL.AND || flags === REL.OR || flags === REL.COND || flags === REL.UNLESS;
}

/**
 * Evaluates a boolean dependency clause by clause, as the solver does: each clause of `(a or b) and (a or not c)` may have installed
 * another package. `isThere`: 1 for packages that count, by solvable. `self` is the dependent package, or 0.
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

/** Packages that a dependency can name, independent of its conditions. */
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
