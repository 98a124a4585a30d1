/** Of all that contradicts itself about the packages of a contradiction, what is nearest to the request. */
import { minimalCore } from './minimal-core.ts';
import type { FailedSolve } from './solve.ts';

/**
 * Rules that contradict each other, of which none can be left out. The search found its proof in the order in which it happened to decide; a package in it
 * may well have a simpler reason. So all rules about these packages take part, and those farthest from the request are left out first.
 */
export function shortestProof(failure: FailedSolve, proof: readonly number[]): number[] {
  const { state, ranges } = failure;
  const { rules } = state;
  const packages = new Set(proof.flatMap((rule) => rules.literals(rule).map(Math.abs)));
  const isAbout = (rule: number): boolean =>
    packages.has(Math.abs(rules.first[rule]!)) && rules.literals(rule).every((literal) => packages.has(Math.abs(literal)));
  const more: number[] = [];
  for (let rule = 1; rule < ranges.packageEnd; rule++) if (isAbout(rule)) more.push(rule);
  const clauses = new Map([...new Set([...proof, ...more])].map((rule) => [rule, rules.literals(rule)]));
  const distance = distances(
    clauses,
    proof.filter((rule) => rule >= ranges.packageEnd),
  );
  const far = (rule: number): number =>
    Math.max(...clauses.get(rule)!.map((literal) => distance.get(Math.abs(literal)) ?? Number.POSITIVE_INFINITY));
  const isWish = (rule: number): boolean => rule >= ranges.packageEnd;
  const order = [...clauses.keys()].sort((a, b) => Number(isWish(a)) - Number(isWish(b)) || compare(far(b), far(a)) || b - a);
  return minimalCore(order.map((rule) => clauses.get(rule)!))
    .map((index) => order[index]!)
    .sort((a, b) => a - b);
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many requirements lie between a request and a package. */
function distances(clauses: ReadonlyMap<number, readonly number[]>, wishes: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  const needs = new Map<number, number[]>();
  for (const literals of clauses.values())
    for (const from of literals)
      if (from < 0) needs.set(-from, [...(needs.get(-from) ?? []), ...literals.filter((literal) => literal > 0)]);
  let next = [...new Set(wishes.flatMap((rule) => clauses.get(rule)!.filter((literal) => literal > 0)))];
  for (let steps = 0; next.length > 0; steps++) {
    for (const s of next) found.set(s, steps);
    next = [...new Set(next.flatMap((s) => needs.get(s) ?? []))].filter((s) => !found.has(s));
  }
  return found;
}
