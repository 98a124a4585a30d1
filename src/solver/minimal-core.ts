/**
 * Reduces contradicting clauses to a minimal subset that still contradicts itself: without any one of its clauses it has a solution.
 *
 * Clauses are removed on trial, in the given order, half of them at first, then ever smaller groups. If a trial finds a solution, some removed
 * clause is needed. If the solution violates only one clause, that clause is needed; flipping one package of that solution often proves the same
 * for neighbouring clauses (recursive model rotation; Belov and Marques-Silva). So a chain of requirements takes one trial.
 * All trials share one budget. When it is spent, the remaining clauses are the result: they still contradict each other, but may not be minimal.
 */
import { ClauseSearch } from './clause-search.ts';
import type { StepBudget } from './step-budget.ts';

/** Literals examined to explain one refusal: takes less than 0.1 seconds. Requests on CentOS Stream take up to half a million. */
export const EXPLANATION_STEPS = 1_500_000;

/** Indices into `clauses`, ascending. */
export function minimalCore(clauses: readonly (readonly number[])[], budget: StepBudget): number[] {
  const search = new ClauseSearch(clauses);
  const isNeeded = new Uint8Array(clauses.length);
  let kept = clauses.map((_, index) => index);
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length && budget.steps > 0; ) {
      const end = Math.min(start + size, kept.length);
      if (hasNeeded(kept, start, end, isNeeded)) {
        start += size;
        continue;
      }
      const rest = [...kept.slice(0, start), ...kept.slice(end)];
      const answer = rest.length === 0 ? 'unknown' : search.solve(rest, budget);
      if (answer === 'contradiction') {
        kept = rest;
        continue;
      }
      if (answer !== 'unknown') markNeeded(search, kept, answer, isNeeded, budget);
      start += size;
    }
  }
  return kept;
}

function hasNeeded(kept: readonly number[], start: number, end: number, isNeeded: Uint8Array): boolean {
  for (let i = start; i < end; i++) if (isNeeded[kept[i]!] === 1) return true;
  return false;
}

/** `answer`: 1 for each package that is installed in it. It is changed and restored. */
function markNeeded(search: ClauseSearch, kept: readonly number[], answer: Uint8Array, isNeeded: Uint8Array, budget: StepBudget): void {
  const occurrences = search.occurrences(kept);
  const violated = kept.filter((clause) => !search.holds(clause, answer));
  budget.steps -= kept.length;
  if (violated.length !== 1 || isNeeded[violated[0]!] === 1) return;
  isNeeded[violated[0]!] = 1;
  /** Path of flipped packages. Each entry has the packages of the only clause that is violated after its flip. */
  const path: { readonly variables: readonly number[]; next: number; readonly flipped: number }[] = [
    { variables: search.variablesOf(violated[0]!), next: 0, flipped: -1 },
  ];
  while (path.length > 0) {
    const last = path.at(-1)!;
    if (last.next === last.variables.length || budget.steps <= 0) {
      path.pop();
      if (last.flipped >= 0) answer[last.flipped]! ^= 1;
      continue;
    }
    const variable = last.variables[last.next++]!;
    answer[variable]! ^= 1;
    const only = onlyViolated(search, occurrences[variable]!, answer, budget);
    if (only >= 0 && isNeeded[only] === 0) {
      isNeeded[only] = 1;
      path.push({ variables: search.variablesOf(only), next: 0, flipped: variable });
    } else answer[variable]! ^= 1;
  }
}

/** The violated clause if there is exactly one; else -1. */
function onlyViolated(search: ClauseSearch, clauses: readonly number[], answer: Uint8Array, budget: StepBudget): number {
  let found = -1;
  for (const clause of clauses) {
    budget.steps--;
    if (search.holds(clause, answer)) continue;
    if (found >= 0) return -1;
    found = clause;
  }
  return found;
}
