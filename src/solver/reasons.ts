/** What a rule says, found again from the rule itself: rules carry no reasons, because only refusals need them. */
import type { DepId, SolvableId } from '../pool/ids.ts';
import type { IdLists } from '../pool/pool.ts';
import { matchesName } from './match-name.ts';
import { ALWAYS_PROVIDED } from './provider-lists.ts';
import { isRich, NEVER } from './rich-dependencies.ts';
import type { FailedSolve } from './solve.ts';
import type { SolverState } from './solver-state.ts';

export type Reason =
  /** `condition`: packages of which one makes it a wish; none where it is one in any case. */
  | { readonly kind: 'job' | 'best'; readonly job: number; readonly candidates: readonly number[]; readonly condition: readonly number[] }
  | { readonly kind: 'requires'; readonly package: number; readonly dep: DepId; readonly providers: readonly number[] }
  /** All that it requires and nothing provides. */
  | { readonly kind: 'nothing-provides'; readonly package: number; readonly deps: readonly DepId[] }
  | { readonly kind: 'conflicts' | 'obsoletes'; readonly package: number; readonly other: number; readonly dep: DepId }
  | { readonly kind: 'same-name'; readonly package: number; readonly other: number }
  | { readonly kind: 'not-installable' | 'inferior-architecture'; readonly package: number }
  /** A rich dependency that rules out the packages together, unless one of `providers` is there. */
  | {
      readonly kind: 'rich';
      readonly package: number;
      readonly dep: DepId;
      readonly others: readonly number[];
      readonly providers: readonly number[];
      /** It is a conflict, not a requirement. */
      readonly isConflict: boolean;
    };

export function reasonOf(failure: FailedSolve, rule: number): Reason {
  const { state, ranges, jobOfRule } = failure;
  const literals = state.rules.literals(rule);
  const job = jobOfRule.get(rule);
  const negative = literals.filter((literal) => literal < 0).map((literal) => -literal);
  const positive = literals.filter((literal) => literal > 0);
  if (job !== undefined) return { kind: rule < ranges.jobEnd ? 'job' : 'best', job, candidates: positive, condition: negative };
  if (rule >= ranges.jobEnd) return { kind: 'inferior-architecture', package: -literals[0]! };
  if (literals.length === 1) return reasonAgainst(state, negative[0]!);
  if (positive.length === 0 && negative.length === 2) return reasonBetween(state, negative[0]!, negative[1]!);
  if (negative.length === 1) {
    const dep = findDep(state, state.pool.requires, negative[0]!, (candidate) => hasProviders(state, candidate, positive));
    if (dep !== undefined) return { kind: 'requires', package: negative[0]!, dep, providers: positive };
  }
  return richReason(state, negative, positive);
}

function reasonAgainst(state: SolverState, s: number): Reason {
  const { pool, request } = state;
  if (pool.archRank[s] === 0 || request.excluded?.[s] === 1) return { kind: 'not-installable', package: s };
  const missing = findDeps(state, pool.requires, s, (dep) =>
    dep < 0 && isRich(pool, dep)
      ? state.normalizer.normalize(dep, { disjunctive: false }) === NEVER
      : state.lists.offsetOf(dep) !== ALWAYS_PROVIDED && pool.providersOf(dep).length === 0,
  );
  if (missing.length > 0) return { kind: 'nothing-provides', package: s, deps: [...new Set(missing)] };
  const ruledOut = findDep(state, pool.conflicts, s, (dep) => !(dep < 0 && isRich(pool, dep)) && pool.providersOf(dep).length > 0);
  return ruledOut === undefined
    ? { kind: 'not-installable', package: s }
    : { kind: 'rich', package: s, dep: ruledOut, others: [], providers: [], isConflict: true };
}

function reasonBetween(state: SolverState, a: number, b: number): Reason {
  const { pool } = state;
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const conflict = findDep(state, pool.conflicts, from, (dep) => !(dep < 0 && isRich(pool, dep)) && pool.providersOf(dep).includes(to));
    if (conflict !== undefined) return { kind: 'conflicts', package: from, other: to, dep: conflict };
    const obsolete = findDep(state, pool.obsoletes, from, (dep) => matchesName(pool, to as SolvableId, dep));
    if (obsolete !== undefined) return { kind: 'obsoletes', package: from, other: to, dep: obsolete };
  }
  if (pool.name[a] === pool.name[b]) return { kind: 'same-name', package: a, other: b };
  return richReason(state, [a, b], []);
}

function richReason(state: SolverState, negative: readonly number[], positive: readonly number[]): Reason {
  const { pool } = state;
  for (const s of negative) {
    const others = negative.filter((other) => other !== s);
    for (const lists of [pool.requires, pool.conflicts]) {
      const isConflict = lists === pool.conflicts;
      const dep = findDep(state, lists, s, (candidate) => {
        if (candidate >= 0 || !isRich(pool, candidate)) return false;
        return hasBlock(state, candidate, isConflict, new Set([...others.map((other) => -other), ...positive]), -s);
      });
      if (dep !== undefined) return { kind: 'rich', package: s, dep, others, providers: positive, isConflict };
    }
  }
  return { kind: 'not-installable', package: negative[0] ?? 0 };
}

function hasBlock(state: SolverState, dep: DepId, isConflict: boolean, wanted: ReadonlySet<number>, own: number): boolean {
  const form = isConflict ? { disjunctive: true, invert: true } : { disjunctive: false };
  if (state.normalizer.normalize(dep, form) >= 0) return false;
  const { items, length } = state.normalizer.out;
  for (let i = 0; i < length; i++) {
    let matched = 0;
    let isSame = true;
    for (; items[i] !== 0; i++) {
      if (items[i] === own) continue;
      if (wanted.has(items[i]!)) matched++;
      else isSame = false;
    }
    if (isSame && matched === wanted.size) return true;
  }
  return false;
}

function hasProviders(state: SolverState, dep: DepId, providers: readonly number[]): boolean {
  if (dep < 0 && isRich(state.pool, dep)) return false;
  const found = state.pool.providersOf(dep);
  return found.length === providers.length && found.every((s, i) => s === providers[i]);
}

function findDep(state: SolverState, lists: IdLists, s: number, isWanted: (dep: DepId) => boolean): DepId | undefined {
  return findDeps(state, lists, s, isWanted)[0];
}

function findDeps(state: SolverState, lists: IdLists, s: number, isWanted: (dep: DepId) => boolean): DepId[] {
  if (state.request.ignored?.[s] === 1) return [];
  return [...(lists.ids.subarray(lists.start[s]!, lists.start[s + 1]!) as Iterable<number> as Iterable<DepId>)].filter(isWanted);
}
