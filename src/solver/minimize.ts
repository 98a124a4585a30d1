/**
 * Minimization: if another candidate of an earlier choice was installed anyway, the search backtracks to that choice and takes it
 * (libsolv, solver.c: minimizationsteps).
 */
import type { Branch, Branches } from './branches.ts';
import type { Recommendations } from './recommendations.ts';
import type { ConflictHandler, Decided, Search } from './search.ts';
import type { SolverState } from './solver-state.ts';

/** Returns the result of the retried decision; undefined if no choice is to be made again. */
export function minimize(
  state: SolverState,
  branches: Branches,
  recommendations: Recommendations,
  conflicts: ConflictHandler,
): Decided | undefined {
  if (branches.list.length === 0) return undefined;
  recommendations.update();
  const retry = findRetry(state, branches, (s) => recommendations.isRecommended(s) || recommendations.isSupplementing(s));
  if (retry === undefined) return undefined;
  const { search } = state;
  const { branch, index } = retry;
  const candidate = branch.candidates[index]!;
  branch.candidates[index] = -candidate;
  const rule = ruleOfDecisionAbove(search, branch.level);
  branches.retrying = branch;
  search.revert(branch.level);
  branches.retrying = undefined;
  return search.decide(branch.level, candidate, rule, conflicts);
}

/** The earliest choice of which another candidate was installed, or is recommended while the chosen one is not. */
function findRetry(
  { search, request, system }: SolverState,
  branches: Branches,
  isWanted: (s: number) => boolean,
): { readonly branch: Branch; readonly index: number } | undefined {
  const { levels } = search;
  let retry: { branch: Branch; index: number } | undefined;
  for (const branch of branches.list.toReversed()) {
    const { candidates, level } = branch;
    const installed = candidates.findIndex((s) => s > 0 && levels[s]! > level);
    if (installed >= 0) {
      retry = { branch, index: installed };
      continue;
    }
    const wanted = candidates.findIndex((s) => s > 0 && isWanted(s));
    if (wanted < 0) continue;
    const hasWorse = candidates.some((s) => {
      if (s >= 0 || levels[-s] !== level + 1) return false;
      const { favored } = request;
      if (favored !== undefined && favored[-s]! > favored[candidates[wanted]!]!) return false;
      if (system.isThere && system.replacesInstalled(-s)) return false;
      return !isWanted(-s);
    });
    if (hasWorse) retry = { branch, index: wanted };
  }
  return retry;
}

/** The rule of the first decision above a level. */
function ruleOfDecisionAbove({ trail, reasons, levels }: Search, level: number): number {
  let index = trail.length;
  while (index > 0 && Math.abs(levels[Math.abs(trail.items[index - 1]!)]!) > level) index--;
  return -reasons.items[index]!;
}
