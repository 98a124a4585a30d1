/**
 * Rules of installed packages that are updated with `best` (rules.c: solver_addbestrules):
 *   best update       (B)              only the best update is accepted
 */
import type { KeepRules } from './keep-rules.ts';
import type { Policy } from './policy.ts';
import { KIND } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';

/** Returns the installed package that each rule is for. */
export function addBestUpdateRules(state: SolverState, kept: KeepRules, policy: Policy): Map<number, number> {
  const { system, rules } = state;
  const packageOfBest = new Map<number, number>();
  for (let p = 1; p < system.end; p++) {
    if (system.wantsUpdate[p] === 0 || system.wantsBest[p] === 0) continue;
    const keep = kept.keep[p]!;
    const special = kept.special.get(p);
    const narrow = keep === 0 ? [] : rules.literals(keep).filter((s) => s > 0);
    const candidates = special === undefined ? narrow : [...(narrow[0] === p ? [p] : []), ...special];
    const best = bestOf(p, candidates);
    if (best.length === 0) continue;
    const wide = kept.keepAtAll[p]!;
    if (wide !== 0) for (const s of bestOf(p, rules.literals(wide))) if (!best.includes(s)) best.push(s);
    if (!system.request.allowErasing) {
      packageOfBest.set(rules.addClause(best, KIND.bestUpdate), p);
      continue;
    }
    for (const s of rules.literals(wide || keep)) {
      if (!best.includes(s)) packageOfBest.set(rules.addClause([-s, ...best], KIND.bestUpdate), p);
    }
  }
  return packageOfBest;

  function bestOf(p: number, candidates: readonly number[]): number[] {
    const targets = system.targets.get(p);
    let left = targets === undefined ? [...candidates] : candidates.filter((s) => targets.has(s));
    if (!system.syncAll && system.syncInvolved[p] === 1) left = left.filter((s) => system.syncGood[s] === 1);
    return left.length > 1 ? policy.select(left, 'recommend') : left;
  }
}
