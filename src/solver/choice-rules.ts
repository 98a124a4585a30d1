/**
 * Weak rules that prefer updates of installed packages (rules.c: solver_addchoicerules):
 *   choice            (-A | I)         of several providers, one that is installed or updates an installed one
 */
import type { KeepRules } from './keep-rules.ts';
import type { Policy } from './policy.ts';
import { KIND } from './rule-kinds.ts';
import { isSameList } from './same-list.ts';
import type { SolverState } from './solver-state.ts';

/** The updates of the installed package that was checked last; `isFiltered` once only the best remain. */
interface Checked {
  package: number;
  isFiltered: boolean;
  updates: readonly number[];
}

export class ChoiceRules {
  /** By choice rule: the requirement that it narrows. */
  readonly #requirements = new Map<number, number>();
  readonly #state: SolverState;
  readonly #kept: KeepRules;
  readonly #policy: Policy;

  constructor(state: SolverState, kept: KeepRules, policy: Policy) {
    this.#state = state;
    this.#kept = kept;
    this.#policy = policy;
  }

  /** Returns the rules, which are weak. */
  add(packageEnd: number, policyRules: { readonly start: number; readonly end: number }): number[] {
    const { rules } = this.#state;
    const ruledOut = new Set<number>();
    for (let rule = policyRules.start; rule < policyRules.end; rule++)
      if (rules.isAssertion(rule) && rules.first[rule]! < 0) ruledOut.add(-rules.first[rule]!);
    const checked: Checked = { package: 0, isFiltered: false, updates: [] };
    const added: number[] = [];
    let lastFirst = 0;
    let last: readonly number[] = [];
    for (let rule = 1; rule < packageEnd; rule++) {
      if (rules.first[rule]! >= 0) continue;
      const run = rules.runOf(rule);
      // With fewer than two candidates there is no choice.
      if (run === 0 || !this.#hasTwoPositive(run)) continue;
      const literals = rules.literals(rule);
      const choice = this.#choiceFor(literals, ruledOut, checked);
      if (choice === undefined) continue;
      const negative = literals.filter((literal) => literal < 0 && literal !== literals[0]);
      const rest = literals.filter((literal) => literal < 0).length > 1 ? [...negative, ...choice] : choice;
      if (lastFirst === literals[0] && isSameList(rest, last)) continue;
      lastFirst = literals[0]!;
      last = rest;
      const made = rules.add(literals[0]!, 0, rules.addLiterals(rest), KIND.choice);
      this.#requirements.set(made, rule);
      added.push(made);
    }
    return added;
  }

  #hasTwoPositive(run: number): boolean {
    const arena = this.#state.rules.arena.items;
    let positive = 0;
    for (let i = run; arena[i] !== 0; i++) if (arena[i]! > 0 && ++positive === 2) return true;
    return false;
  }

  #choiceFor(literals: readonly number[], ruledOut: ReadonlySet<number>, checked: Checked): number[] | undefined {
    const { system, rules } = this.#state;
    const pairs: { installed: number; becomes: number }[] = [];
    let hasChoice = false;
    let isFromInstalled = false;
    for (const literal of literals) {
      if (literal < 0) {
        if (system.isInstalled(-literal) && system.wantsUpdate[-literal] === 0) isFromInstalled = true;
        continue;
      }
      const p = system.becomes(literal);
      if (p === literal) pairs.push({ installed: p, becomes: p });
      else if (p === 0) hasChoice = true;
      else if (!ruledOut.has(literal) && this.#mayReplace(p, literal)) pairs.push({ installed: p, becomes: literal });
    }
    if (!hasChoice || pairs.length === 0) return undefined;
    const inRule = new Set(literals);
    const kept = isFromInstalled
      ? pairs
      : pairs.filter(({ installed }) => system.wantsUpdate[installed] === 0 || !this.#leadsElsewhere(installed, inRule, checked));
    if (kept.length === 0) return undefined;
    // No rule is needed if the requirement contains every possible update of the installed packages.
    const isSafe = kept.every(({ installed }) => {
      const rule = this.#kept.ruleOf(installed);
      return rule === 0 || rules.literals(rule).every((s) => inRule.has(s));
    });
    return isSafe ? undefined : kept.map(({ becomes }) => becomes);
  }

  /** policy.c: policy_is_illegal. */
  #mayReplace(p: number, s: number): boolean {
    const { system, pool } = this.#state;
    const isSync = system.isSyncInvolved(p);
    if (pool.name[p] !== pool.name[s]) return true;
    return isSync || system.request.allowDowngrade || pool.versions.compare(pool.evr[p] as never, pool.evr[s] as never) <= 0;
  }

  /** rules.c: solver_choicerulecheck. True if no update of an installed package is in a requirement. */
  #leadsElsewhere(p: number, inRule: ReadonlySet<number>, checked: Checked): boolean {
    const { rules } = this.#state;
    if (checked.package !== p) {
      const rule = this.#kept.ruleOf(p);
      if (rule === 0) return false;
      checked.package = p;
      checked.isFiltered = false;
      checked.updates = rules.literals(rule).filter((s) => s > 0);
    }
    if (checked.updates.length === 0) return true;
    if (checked.updates.length === 1) return !inRule.has(checked.updates[0]!);
    if (!checked.isFiltered) {
      if (checked.updates.every((s) => inRule.has(s))) return false;
      checked.updates = this.#policy.select(checked.updates, 'choose');
      checked.isFiltered = true;
    }
    return !checked.updates.some((s) => inRule.has(s));
  }

  /** A choice rule and those that exclude the same packages (rules.c: solver_disablechoicerules). */
  like(rule: number): number[] {
    const { rules } = this.#state;
    const own = new Set(rules.literals(rule));
    const keptOut = new Set(rules.literals(this.#requirements.get(rule)!).filter((s) => s > 0 && !own.has(s)));
    const found = [rule];
    for (const [other, requirement] of this.#requirements) {
      if (other !== rule && !rules.isDisabled(other) && rules.literals(requirement).some((s) => keptOut.has(s))) found.push(other);
    }
    return found;
  }

  /** Choice rules that packages of the solution violate. */
  unneeded(): number[] {
    const { rules, search } = this.#state;
    const found: number[] = [];
    for (const [rule, requirement] of this.#requirements) {
      if (rules.isDisabled(rule)) continue;
      const own = new Set(rules.literals(rule));
      if (rules.literals(requirement).some((s) => s > 0 && search.levels[s]! > 0 && !own.has(s))) found.push(rule);
    }
    return found;
  }
}
