/** Explains a rule from its kind and its literals. Rules store no reasons, because only refusals need them. */
import type { DepId, SolvableId } from '../pool/ids.ts';
import type { IdLists } from '../pool/pool.ts';
import { matchesName } from './match-name.ts';
import { ALWAYS_PROVIDED } from './provider-lists.ts';
import { BLOCKS, isRich, NEVER } from './rich-dependencies.ts';
import { KIND, unknownKind } from './rule-kinds.ts';
import type { FailedSolve } from './solve.ts';
import type { SolverState } from './solver-state.ts';

export type Reason =
  /** `condition`: packages of which one must be installed for the job to count; empty for an unconditional job. */
  | { readonly kind: 'job' | 'best'; readonly job: number; readonly candidates: readonly number[]; readonly condition: readonly number[] }
  | { readonly kind: 'requires'; readonly package: number; readonly dep: DepId; readonly providers: readonly number[] }
  /** All requirements of the package that nothing provides. */
  | { readonly kind: 'nothing-provides'; readonly package: number; readonly deps: readonly DepId[] }
  | { readonly kind: 'conflicts' | 'obsoletes'; readonly package: number; readonly other: number; readonly dep: DepId }
  | { readonly kind: 'same-name'; readonly package: number; readonly other: number }
  | { readonly kind: 'not-installable' | 'inferior-architecture' | 'erase' | 'not-in-repositories'; readonly package: number }
  /** An installed package stays, or is replaced by one of the candidates. */
  | {
      readonly kind: 'keep' | 'best-update';
      readonly package: number;
      readonly candidates: readonly number[];
      readonly condition: readonly number[];
    }
  /** Packages that a package was split into are installed together. */
  | { readonly kind: 'split'; readonly package: number; readonly providers: readonly number[] }
  /** A rich dependency that excludes the packages together, unless one of `providers` is installed. */
  | {
      readonly kind: 'rich';
      readonly package: number;
      readonly dep: DepId;
      readonly others: readonly number[];
      readonly providers: readonly number[];
      /** The rich dependency is a conflict, not a requirement. */
      readonly isConflict: boolean;
    };

type RuledBy = 'requires' | 'conflicts' | 'obsoletes' | 'richRequires' | 'richConflicts';

export class Reasons {
  readonly #failure: FailedSolve;
  /** Reasons by rule: contradictions often share rules. */
  readonly #reasons = new Map<number, Reason>();
  /** The dependency of each rule, by package and kind: a refusal may contain 100,000 rules of one package. */
  readonly #dependencies = new Map<string, ReadonlyMap<number, DepId>>();

  constructor(failure: FailedSolve) {
    this.#failure = failure;
  }

  of(rule: number): Reason {
    const known = this.#reasons.get(rule);
    if (known !== undefined) return known;
    const reason = this.#find(rule);
    this.#reasons.set(rule, reason);
    return reason;
  }

  #find(rule: number): Reason {
    const { state, jobOfRule, packageOfBest } = this.#failure;
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
        return this.#reasonBetween('conflicts', s, other);
      case KIND.obsoletes:
        return this.#reasonBetween('obsoletes', s, other);
      case KIND.sameName:
        return { kind: 'same-name', package: s, other };
      case KIND.requires:
        return { kind: 'requires', package: s, dep: this.#dependenciesOf(s, 'requires').get(setKey(positive))!, providers: positive };
      case KIND.richRequires:
      case KIND.richConflicts:
        return this.#richReason(negative, positive);
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
          package: kind === KIND.bestUpdate ? (packageOfBest.get(rule) ?? 0) : literals[0]!,
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

  /** The dependency by which one of them excludes the other. */
  #reasonBetween(kind: 'conflicts' | 'obsoletes', a: number, b: number): Reason {
    const dep = this.#dependenciesOf(a, kind).get(b);
    if (dep === undefined) return { kind, package: b, other: a, dep: this.#dependenciesOf(b, kind).get(a)! };
    return { kind, package: a, other: b, dep };
  }

  #richReason(negative: readonly number[], positive: readonly number[]): Reason {
    for (const s of negative) {
      const others = negative.filter((other) => other !== s);
      const key = setKey([...others.map((other) => -other), ...positive]);
      for (const kind of ['richRequires', 'richConflicts'] as const) {
        const dep = this.#dependenciesOf(s, kind).get(key);
        if (dep !== undefined) return { kind: 'rich', package: s, dep, others, providers: positive, isConflict: kind === 'richConflicts' };
      }
    }
    return { kind: 'not-installable', package: negative[0] ?? 0 };
  }

  #dependenciesOf(s: number, kind: RuledBy): ReadonlyMap<number, DepId> {
    const key = `${kind} ${s}`;
    const known = this.#dependencies.get(key);
    if (known !== undefined) return known;
    const found = dependenciesByRule(this.#failure.state, s, kind);
    this.#dependencies.set(key, found);
    return found;
  }
}

/** The first dependency by the package that it excludes; for requirements and rich dependencies by `setKey` of the other literals. */
function dependenciesByRule(state: SolverState, s: number, kind: RuledBy): Map<number, DepId> {
  const { pool } = state;
  const { requires, conflicts, obsoletes } = pool.dependencies;
  const found = new Map<number, DepId>();
  const add = (key: number, dep: DepId): void => {
    if (!found.has(key)) found.set(key, dep);
  };
  if (kind === 'richRequires' || kind === 'richConflicts') {
    const isConflict = kind === 'richConflicts';
    for (const dep of depsOf(state, isConflict ? conflicts : requires, s))
      if (dep < 0 && isRich(pool, dep)) addBlocks(state, dep, { isConflict, own: -s, add });
    return found;
  }
  for (const dep of depsOf(state, { requires, conflicts, obsoletes }[kind], s)) {
    if (kind !== 'obsoletes' && dep < 0 && isRich(pool, dep)) continue;
    const providers = pool.providersOf(dep);
    if (kind === 'requires') add(setKey(providers), dep);
    else for (const p of providers) if (kind === 'conflicts' || matchesName(pool, p as SolvableId, dep)) add(p, dep);
  }
  return found;
}

function addBlocks(
  { normalizer }: SolverState,
  dep: DepId,
  { isConflict, own, add }: { readonly isConflict: boolean; readonly own: number; readonly add: (key: number, dep: DepId) => void },
): void {
  if (normalizer.normalize(dep, isConflict ? { disjunctive: true, invert: true } : { disjunctive: false }) !== BLOCKS) return;
  const { items, length } = normalizer.out;
  for (let i = 0; i < length; i++) {
    const start = i;
    while (items[i] !== 0) i++;
    add(setKey(items.subarray(start, i).filter((literal) => literal !== own)), dep);
  }
}

/** Hash of a set of literals, independent of their order; 53 bits, to avoid collisions. */
function setKey(literals: ArrayLike<number>): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < literals.length; i++) {
    const mixed = mix(literals[i]!);
    low = (low + mixed) | 0;
    high = (high + mix(mixed)) | 0;
  }
  return (low >>> 0) * 2 ** 21 + (high >>> 11);
}

/** A permutation of the 32-bit integers that scatters neighbours (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let n = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  n = Math.imul(n ^ (n >>> 13), 0xc2b2ae35);
  return n ^ (n >>> 16);
}

function missingDeps(state: SolverState, s: number): DepId[] {
  const { pool } = state;
  const missing = new Set<DepId>();
  for (const dep of depsOf(state, pool.dependencies.requires, s)) {
    const isMissing =
      dep < 0 && isRich(pool, dep)
        ? state.normalizer.normalize(dep, { disjunctive: false }) === NEVER
        : state.lists.offsetOf(dep) !== ALWAYS_PROVIDED && pool.providersOf(dep).length === 0;
    if (isMissing) missing.add(dep);
  }
  return [...missing];
}

function depsOf({ request }: SolverState, lists: IdLists, s: number): Iterable<DepId> {
  if (request.ignored?.[s] === 1) return [];
  return lists.ids.subarray(lists.start[s]!, lists.start[s + 1]!) as Iterable<number> as Iterable<DepId>;
}
