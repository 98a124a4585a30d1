/**
 * Reduces clauses that contradict each other to a minimal subset that still does: without any one of its clauses there is an answer.
 *
 * Clauses are left out on trial, in the order given, half of them at first, then ever smaller groups. A trial that finds an answer shows that what was
 * left out is needed, and often more than that: an answer that violates one clause alone proves that clause to be needed, and the answers next to it
 * (one package flipped) prove the same of its neighbours (recursive model rotation; Belov and Marques-Silva). So a chain of requirements takes one trial.
 * All trials share one budget; when it is spent, what is left is the result: it contradicts itself still, but may hold more than it needs to.
 */
import { ClauseSearch } from './clause-search.ts';
import type { StepBudget } from './step-budget.ts';

/** Looks at literals that explaining a whole refusal may take: below a tenth of a second. Requests on CentOS Stream take up to half a million. */
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
  /** The packages of clauses that are the only violated ones under `answer` with the flips on the path to them. */
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

/** The clause that does not hold, where exactly one of them does not; else -1. */
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
