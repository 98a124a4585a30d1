/**
 * Conflict-driven clause learning: decide, propagate, analyse, back up (the algorithm of MiniSat, with libsolv's order).
 *
 * `trail` holds the literals in the order they became true; `levels[s]` is the level at which solvable `s` was decided,
 * negative for "do not install", 0 while undecided; `reasons[i]` is the rule that forced `trail[i]`, or 0 or the negated
 * rule for a free decision. Literals of level 1 hold without any decision. Every rule that is not an assertion is in the
 * two lists of its watched literals; a rule is examined only when a watched literal becomes false. The loop in
 * `propagate` allocates nothing.
 */

import type { Turns } from '../base/turns.ts';
import { IntList } from '../pool/int-list.ts';
import type { Budget } from './budget.ts';
import { KIND } from './rule-kinds.ts';
import type { RuleStore } from './rule-store.ts';

/**
 * The outcome of a decision. `level`: decisions up to this level remain; it is below the level of the decision if the search backtracked.
 * `restart`: rules were disabled, and all decisions are undone. `refused`: there is no solution, whichever rules are disabled.
 */
export type Decided = { readonly kind: 'level'; readonly level: number } | { readonly kind: 'restart' } | { readonly kind: 'refused' };

export const RESTART: Decided = { kind: 'restart' };
export const REFUSED: Decided = { kind: 'refused' };

/** Handles a conflict at the base level. Only the implementation depends on the kinds of rules. */
export interface ConflictHandler {
  /** `restart` if rules were disabled, else `refused`. */
  unsolvable(rule: number): Decided;
}

/** The level of literals that hold without any decision. */
export const BASE_LEVEL = 1;

export class Search {
  readonly rules: RuleStore;
  readonly levels: Int32Array;
  readonly trail = new IntList(1024);
  readonly reasons = new IntList(1024);
  /** First learnt rule; package, job and policy rules are below. */
  learntStart = 0;
  /** The rules that each learnt rule was derived from: `learntPool` contains runs closed by 0, `learntWhy` their starts. */
  readonly learntPool = new IntList(256);
  readonly learntWhy = new IntList(64);
  /** Rules of one literal, ascending. */
  readonly assertions = new IntList(256);
  /** Called after a backtrack to `level`. */
  onRevert: (level: number) => void = () => {};
  propagations = 0;
  conflicts = 0;
  decisions = 0;
  #propagated = 0;
  /** Head of the list of rules watching a literal, at `literal + offset`. */
  readonly #watches: Int32Array;
  readonly #offset: number;
  readonly #seen: Uint8Array;
  readonly #budget: Budget;

  constructor(rules: RuleStore, solvableEnd: number, budget: Budget) {
    this.rules = rules;
    this.#budget = budget;
    this.levels = new Int32Array(solvableEnd);
    this.#watches = new Int32Array(2 * solvableEnd);
    this.#offset = solvableEnd;
    this.#seen = new Uint8Array(solvableEnd);
  }

  /** Call it when all rules but the learnt ones were added. Later rules are examined first, as in libsolv. */
  *start(): Turns<void> {
    this.learntStart = this.rules.count;
    yield;
    for (let r = this.rules.count - 1; r > 0; r--) if (this.rules.watchB[r] !== 0) this.#watch(r);
    yield;
    for (let r = 1; r < this.rules.count; r++) if (this.rules.isAssertion(r)) this.assertions.push(r);
  }

  isTrue(literal: number): boolean {
    return literal > 0 ? this.levels[literal]! > 0 : this.levels[-literal]! < 0;
  }

  isFalse(literal: number): boolean {
    return literal > 0 ? this.levels[literal]! < 0 : this.levels[-literal]! > 0;
  }

  /** Makes a literal true without propagating it. */
  assign(literal: number, level: number, reason: number): void {
    this.levels[literal > 0 ? literal : -literal] = literal > 0 ? level : -level;
    this.trail.push(literal);
    this.reasons.push(reason);
  }

  /** Undoes all decisions. */
  reset(): void {
    for (let i = 0; i < this.trail.length; i++) this.levels[Math.abs(this.trail.items[i]!)] = 0;
    this.trail.length = 0;
    this.reasons.length = 0;
    this.#propagated = 0;
    this.onRevert(0);
  }

  /** Undoes everything above `level`. */
  revert(level: number): void {
    while (this.trail.length > 0) {
      const s = Math.abs(this.trail.items[this.trail.length - 1]!);
      if (this.levels[s]! <= level && this.levels[s]! >= -level) break;
      this.levels[s] = 0;
      this.trail.length--;
      this.reasons.length--;
    }
    this.#propagated = Math.min(this.#propagated, this.trail.length);
    this.onRevert(level);
  }

  /** Decides `literal` at the next level and propagates; learns and backs up as long as there are conflicts. */
  decide(level: number, literal: number, rule: number, handler: ConflictHandler): Decided {
    level++;
    this.decisions++;
    this.assign(literal, level, -rule);
    for (;;) {
      const conflict = this.propagate(level);
      this.#budget.isTurnOver();
      if (conflict === 0) return { kind: 'level', level };
      this.conflicts++;
      if (level === BASE_LEVEL) return handler.unsolvable(conflict);
      level = this.#learn(level, conflict);
    }
  }

  /** Unit propagation; returns a violated rule, or 0. */
  propagate(level: number): number {
    const { first, tail, watchA, watchB, nextA, nextB, arena } = this.rules;
    const literals = arena.items;
    const levels = this.levels;
    const watches = this.#watches;
    const offset = this.#offset;
    let looks = 0;
    while (this.#propagated < this.trail.length) {
      const falsified = -this.trail.items[this.#propagated++]!;
      this.propagations++;
      // The link to the current rule: 0 is the list head, otherwise the previous rule and which of its links.
      let previous = 0;
      let previousIsA = false;
      let r = watches[falsified + offset]!;
      while (r !== 0) {
        looks++;
        const isA = watchA[r] === falsified;
        const next = isA ? nextA[r]! : nextB[r]!;
        const run = tail[r]!;
        const other = isA ? watchB[r]! : watchA[r]!;
        const otherLevel = other > 0 ? levels[other]! : -levels[-other]!;
        if (run < 0 || otherLevel > 0) {
          previous = r;
          previousIsA = isA;
          r = next;
          continue;
        }
        if (run > 0) {
          let candidate = first[r]!;
          if (candidate === other || (candidate > 0 ? levels[candidate]! < 0 : levels[-candidate]! > 0)) {
            let i = run;
            for (candidate = literals[i]!; candidate !== 0; candidate = literals[++i]!) {
              if (candidate !== other && !(candidate > 0 ? levels[candidate]! < 0 : levels[-candidate]! > 0)) break;
            }
          }
          if (candidate !== 0) {
            if (previous === 0) watches[falsified + offset] = next;
            else if (previousIsA) nextA[previous] = next;
            else nextB[previous] = next;
            if (isA) {
              watchA[r] = candidate;
              nextA[r] = watches[candidate + offset]!;
            } else {
              watchB[r] = candidate;
              nextB[r] = watches[candidate + offset]!;
            }
            watches[candidate + offset] = r;
            r = next;
            continue;
          }
        }
        if (otherLevel < 0) {
          this.#budget.steps += looks;
          return r;
        }
        this.assign(other, level, r);
        previous = r;
        previousIsA = isA;
        r = next;
      }
    }
    this.#budget.steps += looks;
    return 0;
  }

  /** Finds the first unique implication point, adds the rule that would have prevented the conflict, and backs up. */
  #learn(level: number, conflict: number): number {
    const seen = this.#seen;
    const learned: number[] = [];
    const whyStart = this.learntPool.length;
    let backLevel = BASE_LEVEL;
    let open = 0;
    let openAtBase = 0;
    let asserting = 0;
    let index = this.trail.length;
    let rule = conflict;
    const marked: number[] = [];
    search: for (;;) {
      this.learntPool.push(rule);
      for (const literal of this.rules.literals(rule)) {
        if (this.isTrue(literal)) continue;
        const s = Math.abs(literal);
        if (seen[s] === 1) continue;
        seen[s] = 1;
        marked.push(s);
        const at = Math.abs(this.levels[s]!);
        if (at === BASE_LEVEL) openAtBase++;
        else if (at === level) open++;
        else {
          learned.push(literal);
          if (at > backLevel) backLevel = at;
        }
      }
      for (;;) {
        if (open === 0 && --openAtBase <= 0) break search;
        let literal: number;
        do literal = this.trail.items[--index]!;
        while (seen[Math.abs(literal)] === 0);
        seen[Math.abs(literal)] = 0;
        if (open > 0 && --open === 0) {
          asserting = -literal;
          if (openAtBase === 0) break search;
          // The remaining literals are of level 1: they only show which rules the learnt rule was derived from.
          for (const other of learned) seen[Math.abs(other)] = 0;
          openAtBase++;
          continue;
        }
        const why = this.reasons.items[index]!;
        if (why <= 0) continue;
        rule = why;
        break;
      }
    }
    for (const s of marked) seen[s] = 0;
    this.learntPool.push(0);
    this.revert(backLevel);
    const added = this.#addLearned(asserting, learned);
    this.learntWhy.push(whyStart);
    this.assign(asserting, backLevel, added);
    return backLevel;
  }

  #addLearned(asserting: number, others: readonly number[]): number {
    const rules = this.rules;
    if (others.length < 2) {
      const rule = rules.add(asserting, others[0] ?? 0, 0, KIND.learned);
      if (others.length === 1) this.#watch(rule);
      else this.assertions.push(rule);
      return rule;
    }
    const rule = rules.add(asserting, 0, rules.addLiterals(others), KIND.learned);
    // The second watch is the literal that was decided last, so that it is the first to become undecided on the next backtrack.
    let highest = 0;
    for (const literal of others) {
      const at = Math.abs(this.levels[Math.abs(literal)]!);
      if (at > highest) {
        highest = at;
        rules.watchB[rule] = literal;
      }
    }
    this.#watch(rule);
    return rule;
  }

  #watch(rule: number): void {
    const { watchA, watchB, nextA, nextB } = this.rules;
    const a = watchA[rule]! + this.#offset;
    nextA[rule] = this.#watches[a]!;
    this.#watches[a] = rule;
    const b = watchB[rule]! + this.#offset;
    nextB[rule] = this.#watches[b]!;
    this.#watches[b] = rule;
  }
}
