/** Finds the next rule that needs a decision. The loop does not allocate until it finds an open rule. */
import type { Policy } from './policy.ts';
import type { SolverState } from './solver-state.ts';

/** A round through the rules that looks for the next decision. */
interface Round {
  rule: number;
  /** Number of rules examined since the last decision. */
  looked: number;
  /** The first rule that was postponed because it has a real choice; 0 if there is none yet, NOW when choices are due. */
  postponed: number;
}

const NOW = -1;

type Open =
  | { readonly kind: 'open'; readonly rule: number; readonly candidates: readonly number[] }
  /** The caller may yield; the round then continues at the same rule. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'none' };

const PAUSE: Open = { kind: 'pause' };
const NONE: Open = { kind: 'none' };
/** Candidates that are examined before a round pauses. */
const MAX_LOOKS = 100_000;

export class OpenRules {
  readonly #state: SolverState;
  readonly #policy: Policy;

  constructor(state: SolverState, policy: Policy) {
    this.#state = state;
    this.#policy = policy;
  }

  startRound(): Round {
    return { rule: 1, looked: 1, postponed: 0 };
  }

  next(round: Round): Open {
    const { rules, search, budget } = this.#state;
    const { levels } = search;
    let { rule, looked, postponed } = round;
    const open: number[] = [];
    let looks = 0;
    for (; ; rule++, looked++) {
      if (looked >= rules.count) {
        if (postponed <= 0) return NONE;
        rule = postponed;
        postponed = NOW;
        looked = 1;
      }
      if (rule === rules.count) rule = 1;
      looks++;
      const run = rules.tail[rule]!;
      if (run < 0) continue;
      const first = rules.first[rule]!;
      if (first < 0 && (run === 0 || levels[-first]! <= 0)) continue;
      open.length = 0;
      if (run === 0) {
        const second = rules.watchB[rule]!;
        if (second <= 0 || levels[first] !== 0 || levels[second] !== 0) continue;
        open.push(first, second);
      } else if (!this.#collectOpen(first, run, open)) continue;
      let candidates = open;
      if (postponed >= 0) {
        looks += open.length;
        candidates = this.#policy.select(open, 'prune');
        if (candidates.length > 1) {
          if (postponed === 0) postponed = rule;
          if (looks < MAX_LOOKS) continue;
          budget.steps += looks;
          Object.assign(round, { rule: rule + 1, looked: looked + 1, postponed });
          return PAUSE;
        }
      }
      budget.steps += looks;
      round.postponed = postponed;
      return { kind: 'open', rule, candidates };
    }
  }

  /** Collects the undecided positive literals of a rule; false if the rule already holds. */
  #collectOpen(first: number, run: number, open: number[]): boolean {
    const { levels } = this.#state.search;
    const literals = this.#state.rules.arena.items;
    if (first > 0) {
      if (levels[first]! > 0) return false;
      if (levels[first] === 0) open.push(first);
    }
    for (let i = run; literals[i] !== 0; i++) {
      const literal = literals[i]!;
      if (literal < 0) {
        if (levels[-literal]! <= 0) return false;
      } else {
        if (levels[literal]! > 0) return false;
        if (levels[literal] === 0) open.push(literal);
      }
    }
    return true;
  }
}
