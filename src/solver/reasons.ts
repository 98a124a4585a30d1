/** Explains a rule from its kind and its literals. Rules store no reasons, because only refusals need them. */
import type { DepId, SolvableId } from '../pool/ids.ts';
import type { IdLists } from '../pool/pool.ts';
import { matchesName } from './match-name.ts';
import { ALWAYS_PROVIDED } from './provider-lists.ts';
import { isRich, NEVER } from './rich-dependencies.ts';
import { KIND, unknownKind } from './rule-kinds.ts';
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
  | { readonly kind: 'not-installable' | 'inferior-architecture' | 'erase' | 'not-in-repositories'; readonly package: number }
  /** An installed package stays, or becomes one of the candidates. */
  | {
      readonly kind: 'keep' | 'best-update';
      readonly package: number;
      readonly candidates: readonly number[];
      readonly condition: readonly number[];
    }
  /** Packages that came of one come together. */
  | { readonly kind: 'split'; readonly package: number; readonly providers: readonly number[] }
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
  const { state, jobOfRule } = failure;
  const literals = state.rules.literals(rule);
  const negative = literals.filter((literal) => literal < 0).map((literal) => -literal);
  const positive = literals.filter((literal) => literal > 0);
  const [s = 0, other = s] = negative;
  const kind = state.rules.kindOf(rule);
  switch (kind) {
    case KIND.notInstallable:
      return { kind: 'not-installable', package: s };
    case KIND.nothingProvides:
      return { kind: 'nothing-provides', package: s, deps: missingDeps(state, s) };
    case KIND.conflicts:
      // It conflicts with what rpm itself provides.
      if (other === s) return { kind: 'not-installable', package: s };
      return reasonBetween('conflicts', s, other, (a, b) => conflictBetween(state, a, b));
    case KIND.obsoletes:
      return reasonBetween('obsoletes', s, other, (a, b) =>
        findDep(state, state.pool.dependencies.obsoletes, a, (dep) => matchesName(state.pool, b as SolvableId, dep)),
      );
    case KIND.sameName:
      return { kind: 'same-name', package: s, other };
    case KIND.requires:
      return { kind: 'requires', package: s, dep: requirementFor(state, s, positive), providers: positive };
    case KIND.richRequires:
    case KIND.richConflicts:
      return richReason(state, negative, positive);
    case KIND.job:
    case KIND.best:
      return { kind: kind === KIND.job ? 'job' : 'best', job: jobOfRule.get(rule)!, candidates: positive, condition: negative };
    case KIND.inferiorArchitecture:
      return { kind: 'inferior-architecture', package: s };
    case KIND.keep:
    case KIND.keepAtAll:
    case KIND.bestUpdate:
      return {
        kind: kind === KIND.bestUpdate ? 'best-update' : 'keep',
        package: kind === KIND.bestUpdate ? (failure.packageOfBest.get(rule) ?? 0) : literals[0]!,
        candidates: positive,
        condition: negative,
      };
    case KIND.erase:
      return { kind: 'erase', package: s };
    case KIND.distroSync:
      return positive.length > 0 ? { kind: 'split', package: s, providers: positive } : { kind: 'not-in-repositories', package: s };
    case KIND.split:
      return { kind: 'split', package: s, providers: positive };
    case KIND.choice:
    case KIND.learned:
      throw new Error('a rule that is weak or learned takes no part in a refusal');
    default:
      return unknownKind(kind);
  }
}

function missingDeps(state: SolverState, s: number): DepId[] {
  const { pool } = state;
  const missing = findDeps(state, pool.dependencies.requires, s, (dep) =>
    dep < 0 && isRich(pool, dep)
      ? state.normalizer.normalize(dep, { disjunctive: false }) === NEVER
      : state.lists.offsetOf(dep) !== ALWAYS_PROVIDED && pool.providersOf(dep).length === 0,
  );
  return [...new Set(missing)];
}

function conflictBetween(state: SolverState, a: number, b: number): DepId | undefined {
  const { pool } = state;
  return findDep(state, pool.dependencies.conflicts, a, (dep) => !(dep < 0 && isRich(pool, dep)) && pool.providersOf(dep).includes(b));
}

/** `find`: the dependency by which the first excludes the second. */
function reasonBetween(
  kind: 'conflicts' | 'obsoletes',
  a: number,
  b: number,
  find: (from: number, to: number) => DepId | undefined,
): Reason {
  const dep = find(a, b);
  return dep === undefined ? { kind, package: b, other: a, dep: find(b, a)! } : { kind, package: a, other: b, dep };
}

function requirementFor(state: SolverState, s: number, providers: readonly number[]): DepId {
  return findDep(state, state.pool.dependencies.requires, s, (dep) => hasProviders(state, dep, providers))!;
}

function richReason(state: SolverState, negative: readonly number[], positive: readonly number[]): Reason {
  const { pool } = state;
  for (const s of negative) {
    const others = negative.filter((other) => other !== s);
    for (const lists of [pool.dependencies.requires, pool.dependencies.conflicts]) {
      const isConflict = lists === pool.dependencies.conflicts;
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
