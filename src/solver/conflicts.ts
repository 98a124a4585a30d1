/**
 * Handles a conflict at decision level 1: disables a weak rule that takes part in it; otherwise records the rules as
 * a problem, disables them and continues, so that independent problems are all found.
 */
import { IntList } from '../pool/int-list.ts';
import { BASE_LEVEL, type ConflictHandler, type Decided, REFUSED, RESTART, type Search } from './search.ts';

/**
 * Rule ranges: [1, packageEnd) packages, [packageEnd, jobStart) installed packages, [jobStart, jobEnd) jobs, [jobEnd, inferiorEnd) inferior
 * architectures; after them distro-sync, best versions, splits and choices.
 */
export interface RuleRanges {
  packageEnd: number;
  jobStart: number;
  jobEnd: number;
  inferiorEnd: number;
}

/** One contradiction: the rules that were disabled, and all rules that it follows from. */
export interface Contradiction {
  readonly disabled: readonly number[];
  readonly proof: readonly number[];
}

export interface RuleGroups {
  /** Rules that are disabled together with `rule`: all rules of a job, or all inferior-architecture rules of a name. */
  groupOf(rule: number): readonly number[];
  /** One of the contradicting rules that keeps an installed package which may be removed; 0 if there is none. */
  erasable(rules: readonly number[]): number;
}

export class Conflicts implements ConflictHandler {
  readonly contradictions: Contradiction[] = [];
  readonly weakRules = new Set<number>();
  readonly #search: Search;
  readonly #ranges: RuleRanges;
  readonly #groups: RuleGroups;

  constructor(search: Search, ranges: RuleRanges, groups: RuleGroups) {
    this.#search = search;
    this.#ranges = ranges;
    this.#groups = groups;
  }

  /** Puts everything that holds without a decision on the trail. Returns its level. */
  assertRules(): number {
    while (!this.#tryAssertions()) this.#search.reset();
    return BASE_LEVEL;
  }

  /** False if the trail must be rebuilt because rules were disabled. */
  #tryAssertions(): boolean {
    const { rules, assertions } = this.#search;
    /** The assertion that decided each package. */
    const assertedBy = new Map<number, number>();
    for (const weakPass of [false, true]) {
      if (weakPass && this.weakRules.size === 0) break;
      for (let i = 0; i < assertions.length; i++) {
        const rule = assertions.items[i]!;
        if (rules.isDisabled(rule) || (rule < this.#search.learntStart && this.weakRules.has(rule)) !== weakPass) continue;
        if (weakPass && rule >= this.#search.learntStart) continue;
        const literal = rules.first[rule]!;
        if (this.#search.isTrue(literal)) continue;
        if (!this.#search.isFalse(literal)) {
          this.#search.assign(literal, BASE_LEVEL, rule);
          assertedBy.set(Math.abs(literal), rule);
          continue;
        }
        if (rule >= this.#search.learntStart) {
          rules.disable(rule);
          continue;
        }
        if (weakPass) this.#disable([rule]);
        else if (this.#recordAssertionConflict(rule, assertedBy.get(Math.abs(literal))!)) continue;
        return false;
      }
    }
    return true;
  }

  /** Returns whether no literal on the trail came from the disabled rules. */
  #recordAssertionConflict(rule: number, opposite: number): boolean {
    const { rules } = this.#search;
    const isAboutPackage = opposite >= this.#ranges.packageEnd;
    let involved = [rule];
    if (isAboutPackage) {
      involved = [];
      for (let r = this.#ranges.packageEnd; r < this.#search.learntStart; r++) {
        if (rules.isDisabled(r) || rules.watchB[r] !== 0 || this.weakRules.has(r)) continue;
        if (Math.abs(rules.first[r]!) === Math.abs(rules.first[rule]!)) involved.push(r);
      }
    }
    const erasable = this.#groups.erasable(involved);
    if (erasable !== 0) {
      this.#disable([erasable]);
      return false;
    }
    this.contradictions.push({ disabled: involved, proof: [...new Set([rule, opposite, ...involved])] });
    this.#disable(involved);
    return !isAboutPackage && this.#groups.groupOf(rule).length === 1 && rules.count === this.#search.learntStart;
  }

  unsolvable(conflict: number): Decided {
    const { rules, trail, reasons, levels } = this.#search;
    const involved = new Uint8Array(levels.length);
    const proof = new Set<number>();
    const collected = new Set<number>();
    const note = (rule: number): void => {
      this.#collect(rule, proof, collected);
      for (const literal of rules.literals(rule)) involved[Math.abs(literal)] = 1;
    };
    note(conflict);
    for (let i = trail.length - 1; i >= 0; i--) {
      if (involved[Math.abs(trail.items[i]!)] === 1 && reasons.items[i]! > 0) note(reasons.items[i]!);
    }
    const weak = [...proof].filter((rule) => this.weakRules.has(rule));
    if (weak.length > 0) {
      this.#disable([weak.reduce((a, b) => Math.max(a, b))]);
      this.#search.reset();
      return RESTART;
    }
    const policy = [...proof].filter((rule) => rule >= this.#ranges.packageEnd);
    const erasable = this.#groups.erasable(policy);
    if (erasable !== 0) {
      this.#disable([erasable]);
      this.#search.reset();
      return RESTART;
    }
    this.contradictions.push({ disabled: policy, proof: [...proof] });
    if (policy.length === 0) return REFUSED;
    this.#disable(policy);
    this.#search.reset();
    return RESTART;
  }

  /** Adds a rule to a proof; a learnt rule is replaced by the rules that it was derived from. */
  #collect(rule: number, proof: Set<number>, seen: Set<number>): void {
    const { learntStart, learntPool, learntWhy } = this.#search;
    const stack = new IntList(16);
    stack.push(rule);
    while (stack.length > 0) {
      const current = stack.items[--stack.length]!;
      if (current < learntStart) {
        proof.add(current);
        continue;
      }
      if (seen.has(current)) continue;
      seen.add(current);
      for (let i = learntWhy.items[current - learntStart]!; learntPool.items[i] !== 0; i++) stack.push(learntPool.items[i]!);
    }
  }

  /** Disables rules that turned out to be unneeded. The caller must restart the search. */
  giveUp(rules: readonly number[]): void {
    this.#disable(rules);
    this.#search.reset();
  }

  /** Disables rules and their groups; learnt rules follow the rules that they were derived from. */
  #disable(involved: readonly number[]): void {
    const { rules, learntStart, learntPool, learntWhy } = this.#search;
    for (const rule of involved) for (const member of this.#groups.groupOf(rule)) rules.disable(member);
    for (let rule = learntStart; rule < rules.count; rule++) {
      let isFounded = true;
      for (let i = learntWhy.items[rule - learntStart]!; learntPool.items[i] !== 0; i++) {
        if (rules.isDisabled(learntPool.items[i]!)) {
          isFounded = false;
          break;
        }
      }
      if (isFounded) rules.enable(rule);
      else rules.disable(rule);
    }
  }
}
