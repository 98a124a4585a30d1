import { type DepId, REL } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { ALWAYS_PROVIDED, type ProviderLists } from './provider-lists.ts';

/** Whether some package in `reachable` could meet a dependency (conditions count as possible). */
export function isPossible(pool: Pool, lists: ProviderLists, dep: DepId, reachable: Uint8Array): boolean {
  const relations = pool.relations;
  if (dep < 0) {
    const flags = relations.flags(dep);
    if (flags === REL.COND || flags === REL.UNLESS) return true;
    if (flags === REL.AND) {
      return isPossible(pool, lists, relations.name(dep), reachable) && isPossible(pool, lists, relations.evr(dep), reachable);
    }
    if (flags === REL.OR) {
      return isPossible(pool, lists, relations.name(dep), reachable) || isPossible(pool, lists, relations.evr(dep), reachable);
    }
  }
  const offset = lists.offsetOf(dep);
  if (offset === ALWAYS_PROVIDED) return false;
  const arena = lists.arena.items;
  for (let i = offset; arena[i] !== 0; i++) if (reachable[arena[i]!] === 1) return true;
  return false;
}

/** Whether the packages decided for installation (levels above 0) meet a dependency now. */
export function isFulfilled(pool: Pool, lists: ProviderLists, dep: DepId, levels: Int32Array): boolean {
  const relations = pool.relations;
  if (dep < 0) {
    const flags = relations.flags(dep);
    const left = relations.name(dep);
    const right = relations.evr(dep);
    const met = (part: DepId): boolean => isFulfilled(pool, lists, part, levels);
    if (flags === REL.COND || flags === REL.UNLESS) {
      const wanted = flags === REL.COND;
      if (right < 0 && relations.flags(right) === REL.ELSE) {
        return met(relations.name(right)) === wanted ? met(left) : met(relations.evr(right));
      }
      return wanted ? met(left) || !met(right) : met(left) && !met(right);
    }
    if (flags === REL.AND) return met(left) && met(right);
    if (flags === REL.OR) return met(left) || met(right);
  }
  const offset = lists.offsetOf(dep);
  if (offset === ALWAYS_PROVIDED) return true;
  const arena = lists.arena.items;
  for (let i = offset; arena[i] !== 0; i++) if (levels[arena[i]!]! > 0) return true;
  return false;
}
