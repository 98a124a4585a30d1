import { type DepId, REL } from '../pool/ids.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import { ALWAYS_PROVIDED, type ProviderLists } from './provider-lists.ts';

/** Whether some package in `reachable` could meet a dependency (conditions count as possible). */
export function isPossible(pool: SolverPool, lists: ProviderLists, dep: DepId, reachable: Uint8Array): boolean {
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
export function isFulfilled(pool: SolverPool, lists: ProviderLists, dep: DepId, levels: Int32Array): boolean {
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

/** How a dependency is met: by a package that is being installed, or only because a package is absent or was installed before. */
export type Fulfilment = 'none' | 'absence' | 'package';

/**
 * How the packages decided for installation meet a dependency. `(a if b)` is met if b is absent, but then no package was installed that a
 * supplement could apply to (libsolv, solver_dep_fulfilled_alreadyinstalled; its handling of conditions is as irregular as here).
 */
export function fulfilmentOf(pool: SolverPool, lists: ProviderLists, dep: DepId, levels: Int32Array, installedEnd: number): Fulfilment {
  const relations = pool.relations;
  if (dep < 0) {
    const flags = relations.flags(dep);
    const left = relations.name(dep);
    const right = relations.evr(dep);
    const by = (part: DepId): Fulfilment => fulfilmentOf(pool, lists, part, levels, installedEnd);
    if (flags === REL.COND || flags === REL.UNLESS) {
      if (right < 0 && relations.flags(right) === REL.ELSE) {
        const condition = by(relations.name(right));
        if (condition === 'none') return by(flags === REL.COND ? relations.evr(right) : left);
        const met = by(flags === REL.COND ? left : relations.evr(right));
        return met !== 'none' && condition === 'package' ? 'package' : met;
      }
      const met = by(left);
      const isAbsent = by(right) === 'none';
      if (flags === REL.COND ? met === 'none' && !isAbsent : met === 'none' || !isAbsent) return 'none';
      return met === 'package' ? 'package' : 'absence';
    }
    if (flags === REL.AND || flags === REL.OR) {
      const met = [by(left), by(right)];
      if (flags === REL.AND ? met.includes('none') : met.every((part) => part === 'none')) return 'none';
      return met.includes('package') ? 'package' : 'absence';
    }
  }
  const offset = lists.offsetOf(dep);
  if (offset === ALWAYS_PROVIDED) return 'absence';
  const arena = lists.arena.items;
  let found: Fulfilment = 'none';
  for (let i = offset; arena[i] !== 0; i++) {
    if (levels[arena[i]!]! <= 0) continue;
    if (arena[i]! >= installedEnd) return 'package';
    found = 'absence';
  }
  return found;
}
