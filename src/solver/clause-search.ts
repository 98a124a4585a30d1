/**
 * Conflict-driven clause learning on a small set of clauses: finds out whether they contradict each other. It ignores the order of decisions of
 * a real solve. Input literals are solvable ids or their negations. Internally packages are numbered from 0, and a literal is
 * `2 * package + (negated ? 1 : 0)`.
 */
import { IntList } from '../pool/int-list.ts';
import type { StepBudget } from './step-budget.ts';

const UNDECIDED = 2;

export class ClauseSearch {
  readonly #clauses: readonly Int32Array[];
  readonly #variables: number;
  /** Per literal: 1 true, 0 false, 2 undecided. */
  readonly #value: Uint8Array;
  readonly #level: Int32Array;
  /** The clause that forced a variable; undefined for a decision. */
  readonly #reason: (Int32Array | undefined)[];
  readonly #trail: IntList;
  readonly #watches: Int32Array[][];
  readonly #activity: Float64Array;
  readonly #seen: Uint8Array;
  #propagated = 0;
  #levelStarts: number[] = [];
  #bump = 1;

  constructor(clauses: readonly (readonly number[])[]) {
    const places = new Map<number, number>();
    const place = (s: number): number => {
      const known = places.get(s);
      if (known !== undefined) return known;
      places.set(s, places.size);
      return places.size - 1;
    };
    this.#clauses = clauses.map((literals) =>
      Int32Array.from(new Set(literals), (literal) => 2 * place(Math.abs(literal)) + (literal < 0 ? 1 : 0)),
    );
    this.#variables = places.size;
    this.#value = new Uint8Array(2 * this.#variables).fill(UNDECIDED);
    this.#level = new Int32Array(this.#variables);
    this.#reason = new Array<Int32Array | undefined>(this.#variables);
    this.#trail = new IntList(this.#variables + 1);
    this.#watches = Array.from({ length: 2 * this.#variables }, () => []);
    this.#activity = new Float64Array(this.#variables);
    this.#seen = new Uint8Array(this.#variables);
  }

  variablesOf(clause: number): number[] {
    return [...this.#clauses[clause]!].map((literal) => literal >> 1);
  }

  /** `answer`: 1 for each variable that is true. */
  holds(clause: number, answer: Uint8Array): boolean {
    for (const literal of this.#clauses[clause]!) if (answer[literal >> 1] !== (literal & 1)) return true;
    return false;
  }

  /** By variable, the clauses of a subset that contain it. */
  occurrences(subset: readonly number[]): number[][] {
    const found: number[][] = Array.from({ length: this.#variables }, () => []);
    for (const clause of subset) for (const literal of this.#clauses[clause]!) found[literal >> 1]!.push(clause);
    return found;
  }

  /** A solution (1 for each variable that is true) of some of the clauses; `unknown` if the budget is spent. */
  solve(subset: readonly number[], budget: StepBudget): Uint8Array | 'contradiction' | 'unknown' {
    this.#reset();
    const units: Int32Array[] = [];
    for (const index of subset) {
      // Propagation swaps literals in place.
      const clause = this.#clauses[index]!.slice();
      if (clause.length === 0) return 'contradiction';
      if (clause.length === 1) units.push(clause);
      else this.#watch(clause);
      budget.steps -= clause.length;
    }
    for (const unit of units) {
      const value = this.#value[unit[0]!];
      if (value === 0) return 'contradiction';
      if (value === UNDECIDED) this.#assign(unit[0]!, unit);
    }
    for (let next = 0; ; ) {
      const conflict = this.#propagate(budget);
      if (budget.steps <= 0) return 'unknown';
      if (conflict !== undefined) {
        if (this.#levelStarts.length === 0) return 'contradiction';
        this.#learn(conflict);
        next = 0;
        continue;
      }
      next = this.#nextUndecided(next, budget);
      if (next < 0) return Uint8Array.from({ length: this.#variables }, (_, variable) => (this.#value[2 * variable] === 1 ? 1 : 0));
      this.#levelStarts.push(this.#trail.length);
      // Decide against installing: a solution then installs only what clauses require.
      this.#assign(2 * next + 1, undefined);
    }
  }

  #reset(): void {
    this.#value.fill(UNDECIDED);
    this.#reason.fill(undefined);
    this.#trail.length = 0;
    this.#propagated = 0;
    this.#levelStarts = [];
    this.#activity.fill(0);
    this.#bump = 1;
    for (const list of this.#watches) list.length = 0;
  }

  /** The most active undecided variable; if none is active, the first one from `from` on. */
  #nextUndecided(from: number, budget: StepBudget): number {
    if (this.#bump === 1) {
      for (let variable = from; variable < this.#variables; variable++) if (this.#value[2 * variable] === UNDECIDED) return variable;
      return -1;
    }
    let best = -1;
    for (let variable = 0; variable < this.#variables; variable++) {
      if (this.#value[2 * variable] === UNDECIDED && (best < 0 || this.#activity[variable]! > this.#activity[best]!)) best = variable;
    }
    budget.steps -= this.#variables >> 3;
    return best;
  }

  #watch(clause: Int32Array): void {
    this.#watches[clause[0]!]!.push(clause);
    this.#watches[clause[1]!]!.push(clause);
  }

  #assign(literal: number, reason: Int32Array | undefined): void {
    this.#value[literal] = 1;
    this.#value[literal ^ 1] = 0;
    this.#level[literal >> 1] = this.#levelStarts.length;
    this.#reason[literal >> 1] = reason;
    this.#trail.push(literal);
  }

  #propagate(budget: StepBudget): Int32Array | undefined {
    const value = this.#value;
    while (this.#propagated < this.#trail.length) {
      const falsified = this.#trail.items[this.#propagated++]! ^ 1;
      const list = this.#watches[falsified]!;
      budget.steps -= list.length + 1;
      let kept = 0;
      for (let i = 0; i < list.length; i++) {
        const clause = list[i]!;
        if (clause[0] === falsified) {
          clause[0] = clause[1]!;
          clause[1] = falsified;
        }
        if (value[clause[0]!] === 1 || !this.#moveWatch(clause)) {
          list[kept++] = clause;
          if (value[clause[0]!] === 1) continue;
          if (value[clause[0]!] === 0) {
            while (++i < list.length) list[kept++] = list[i]!;
            list.length = kept;
            return clause;
          }
          this.#assign(clause[0]!, clause);
        }
      }
      list.length = kept;
    }
    return undefined;
  }

  #moveWatch(clause: Int32Array): boolean {
    for (let k = 2; k < clause.length; k++) {
      const literal = clause[k]!;
      if (this.#value[literal] === 0) continue;
      clause[k] = clause[1]!;
      clause[1] = literal;
      this.#watches[literal]!.push(clause);
      return true;
    }
    return false;
  }

  /** Learns the clause of the first unique implication point, backs up to its level and asserts it there. */
  #learn(conflict: Int32Array): void {
    const level = this.#levelStarts.length;
    const learned: number[] = [0];
    const marked: number[] = [];
    let open = 0;
    let index = this.#trail.length;
    for (let clause = conflict; ; ) {
      for (const literal of clause) {
        const variable = literal >> 1;
        if (this.#seen[variable] === 1 || this.#value[literal] !== 0 || this.#level[variable] === 0) continue;
        this.#seen[variable] = 1;
        marked.push(variable);
        this.#activity[variable]! += this.#bump;
        if (this.#level[variable] === level) open++;
        else learned.push(literal);
      }
      let literal: number;
      do literal = this.#trail.items[--index]!;
      while (this.#seen[literal >> 1] === 0);
      this.#seen[literal >> 1] = 0;
      if (--open === 0) {
        learned[0] = literal ^ 1;
        break;
      }
      clause = this.#reason[literal >> 1]!;
    }
    for (const variable of marked) this.#seen[variable] = 0;
    this.#bump *= 1.05;
    if (this.#bump > 1e100) this.#rescale();
    let back = 0;
    for (let i = 1; i < learned.length; i++) {
      const at = this.#level[learned[i]! >> 1]!;
      if (at <= back && i > 1) continue;
      back = at;
      [learned[1], learned[i]] = [learned[i]!, learned[1]!];
    }
    this.#backUp(back);
    const clause = Int32Array.from(learned);
    if (clause.length > 1) this.#watch(clause);
    this.#assign(clause[0]!, clause);
  }

  #rescale(): void {
    for (let variable = 0; variable < this.#variables; variable++) this.#activity[variable]! *= 1e-100;
    this.#bump *= 1e-100;
  }

  #backUp(level: number): void {
    const start = this.#levelStarts[level]!;
    for (let i = start; i < this.#trail.length; i++) {
      const literal = this.#trail.items[i]!;
      this.#value[literal] = UNDECIDED;
      this.#value[literal ^ 1] = UNDECIDED;
    }
    this.#trail.length = start;
    this.#propagated = start;
    this.#levelStarts.length = level;
  }
}
