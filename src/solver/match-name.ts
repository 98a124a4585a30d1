import { type DepId, isOperator, REL, type SolvableId, type StringId } from '../pool/ids.ts';
import type { SolverPool } from '../pool/solver-pool.ts';

/**
 * Whether the name and version of a package, and not its provides, match a dependency: how rpm matches
 * obsoletes (libsolv, pool_match_nevr).
 */
export function matchesName(pool: SolverPool, s: SolvableId, dep: DepId): boolean {
  if (dep >= 0) return pool.name[s] === dep;
  const relations = pool.relations;
  const flags = relations.flags(dep);
  const left = relations.name(dep);
  const right = relations.evr(dep);
  if (isOperator(flags)) {
    if (flags === REL.OR) return matchesName(pool, s, left) || matchesName(pool, s, right);
    if (flags === REL.AND || flags === REL.WITH) return matchesName(pool, s, left) && matchesName(pool, s, right);
    if (flags === REL.WITHOUT) return matchesName(pool, s, left) && !matchesName(pool, s, right);
    return false;
  }
  if (!matchesName(pool, s, left)) return false;
  return pool.versions.matches(pool.evr[s] as StringId, flags, right as StringId);
}
