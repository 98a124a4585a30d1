/** Among all rules about the packages of a conflict, selects contradicting rules close to the request. */
import { minimalCore } from './minimal-core.ts';
import type { FailedSolve } from './solve.ts';
import type { StepBudget } from './step-budget.ts';

/** If there are more rules about its packages, a contradiction is explained by the proof of the search. */
const MAX_RULES = 20_000;

/**
 * Contradicting rules, minimal as far as the budget allows. The proof of the search depends on the order of its decisions; a simpler reason
 * for the same conflict may exist. So all rules about the packages of the proof are considered, and those farthest from the request are
 * removed first.
 */
export function shortestProof(failure: FailedSolve, proof: readonly number[], budget: StepBudget): number[] {
  if (budget.steps <= 0) return [...proof].sort((a, b) => a - b);
  const { state, ranges } = failure;
  const { rules } = state;
  const all = new Set([...proof, ...rulesAbout(failure, proof)]);
  const clauses = new Map([...all].map((rule) => [rule, rules.literals(rule)]));
  const isWish = (rule: number): boolean => rule >= ranges.packageEnd;
  const distance = distances(clauses, proof.filter(isWish));
  const far = new Map<number, number>();
  for (const [rule, literals] of clauses) far.set(rule, farthest(literals, distance));
  const order = [...clauses.keys()].sort((a, b) => Number(isWish(a)) - Number(isWish(b)) || compare(far.get(b)!, far.get(a)!) || b - a);
  const core = minimalCore(
    order.map((rule) => clauses.get(rule)!),
    budget,
  ).map((index) => order[index]!);
  // If the budget ran out early, the result may be longer than the proof.
  const found = core.length > proof.length ? [...proof] : core;
  return found.sort((a, b) => a - b);
}

/** Package rules whose literals are all packages of a proof; none if there are too many. */
function rulesAbout({ state, ranges }: FailedSolve, proof: readonly number[]): number[] {
  const { rules } = state;
  const packages = new Set<number>();
  for (const rule of proof) for (const literal of rules.literals(rule)) packages.add(Math.abs(literal));
  const found: number[] = [];
  let looked = 0;
  for (const s of packages) {
    for (const first of [s, -s]) {
      for (let rule = rules.firstWith(first, ranges.packageEnd); rule < ranges.packageEnd && rules.first[rule] === first; rule++) {
        if (++looked > MAX_RULES) return [];
        if (rules.literals(rule).every((literal) => packages.has(Math.abs(literal)))) found.push(rule);
      }
    }
  }
  return found.sort((a, b) => a - b);
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function farthest(literals: readonly number[], distance: ReadonlyMap<number, number>): number {
  let most = 0;
  for (const literal of literals) most = Math.max(most, distance.get(Math.abs(literal)) ?? Number.POSITIVE_INFINITY);
  return most;
}

/** Number of requirements between a request and each package. */
function distances(clauses: ReadonlyMap<number, readonly number[]>, jobRules: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  /** The requirement clauses of each package. */
  const needs = new Map<number, (readonly number[])[]>();
  for (const literals of clauses.values()) {
    if (!literals.some((literal) => literal > 0)) continue;
    for (const from of literals) {
      if (from > 0) continue;
      const own = needs.get(-from);
      if (own === undefined) needs.set(-from, [literals]);
      else own.push(literals);
    }
  }
  const queue: number[] = [];
  const reach = (literals: readonly number[], steps: number): void => {
    for (const literal of literals) {
      if (literal < 0 || found.has(literal)) continue;
      found.set(literal, steps);
      queue.push(literal);
    }
  };
  for (const rule of jobRules) reach(clauses.get(rule)!, 0);
  for (const s of queue) for (const literals of needs.get(s) ?? []) reach(literals, found.get(s)! + 1);
  return found;
}
