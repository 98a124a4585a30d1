/**
 * Of clauses that contradict each other, some that contradict each other only as a whole: without any one of them there is an answer.
 * Clauses are tried in the order given, so that what should rather not be told comes first. Sets are small (what one refusal follows
 * from), so that a plain search with unit propagation decides; where it takes too long a clause stays, which is never wrong.
 */
export function minimalCore(clauses: readonly (readonly number[])[]): number[] {
  let kept = clauses.map((_, index) => index);
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length; ) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (isContradictory(rest.map((index) => clauses[index]!))) kept = rest;
      else start += size;
    }
  }
  return kept;
}

const MAX_STEPS = 2000;

/** False also when it cannot be decided in reasonable time. */
function isContradictory(clauses: readonly (readonly number[])[]): boolean {
  const budget = { steps: MAX_STEPS };
  return clauses.length > 0 && search(clauses, new Map(), budget) === 'contradiction';
}

type Found = 'answer' | 'contradiction' | 'unknown';

function search(clauses: readonly (readonly number[])[], assigned: Map<number, boolean>, budget: { steps: number }): Found {
  const open = propagate(clauses, assigned, budget);
  if (open === undefined) return 'contradiction';
  if (budget.steps <= 0) return 'unknown';
  if (open === 0) return 'answer';
  for (const literal of [open, -open]) {
    const branch = new Map(assigned);
    branch.set(Math.abs(literal), literal > 0);
    const found = search(clauses, branch, budget);
    if (found !== 'contradiction') return found;
  }
  return 'contradiction';
}

/** Undefined for a contradiction, 0 when every clause holds, else a literal of a clause that is open. */
function propagate(clauses: readonly (readonly number[])[], assigned: Map<number, boolean>, budget: { steps: number }): number | undefined {
  for (;;) {
    if (budget.steps-- <= 0) return 0;
    let open = 0;
    let changed = false;
    for (const clause of clauses) {
      let holds = false;
      let free = 0;
      let last = 0;
      for (const literal of clause) {
        const value = assigned.get(Math.abs(literal));
        if (value === undefined) {
          free++;
          last = literal;
        } else if (value === literal > 0) {
          holds = true;
          break;
        }
      }
      if (holds) continue;
      if (free === 0) return undefined;
      if (free === 1) {
        assigned.set(Math.abs(last), last > 0);
        changed = true;
      } else open = last;
    }
    if (!changed) return open;
  }
}
