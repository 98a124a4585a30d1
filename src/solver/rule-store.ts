import { RpmDepsError } from '../base/errors.ts';
import type { IntList } from '../pool/int-list.ts';

/** Rules of whole distributions are below a million; this many take 800 MB. */
const MAX_RULES = 2 ** 25;

/**
 * All clauses in parallel columns, and the arena of their literals.
 *
 * A literal is a solvable id (install) or its negation (do not install). Rule `r` means
 *   second[r] === 0, tail[r] === 0     (first)                       an assertion
 *   tail[r] === 0                      (first | second)              a binary rule
 *   tail[r] > 0                        (first | arena[tail..0])      anything longer; the run in the arena ends with 0
 * A disabled rule has its tail stored as `-tail - 1`. Rule 0 is unused.
 * `watchA` and `watchB` are the watched literals, `nextA` and `nextB` link the rules that watch the same literal.
 * Provider lists are put into the arena once and shared by all rules that need them.
 */
export class RuleStore {
  first: Int32Array;
  tail: Int32Array;
  watchA: Int32Array;
  watchB: Int32Array;
  nextA: Int32Array;
  nextB: Int32Array;
  count = 1;
  /** While package rules are added, repetitions of the last rule are dropped at once. */
  packageRulesOpen = true;
  readonly arena: IntList;
  #lastPackageRule = 0;

  readonly #maxRules: number;

  /** `capacity`: about how many rules there will be, when that is known. */
  constructor(arena: IntList, { maxRules = MAX_RULES, capacity = 0 }: { readonly maxRules?: number; readonly capacity?: number } = {}) {
    this.arena = arena;
    const length = Math.min(Math.max(4096, capacity + (capacity >> 2)), maxRules);
    this.first = new Int32Array(length);
    this.tail = new Int32Array(length);
    this.watchA = new Int32Array(length);
    this.watchB = new Int32Array(length);
    this.nextA = new Int32Array(length);
    this.nextB = new Int32Array(length);
    this.#maxRules = maxRules;
  }

  /**
   * Adds (p | second) or (p | arena run at tail); returns the rule, or 0 when it is fulfilled by itself.
   * At most one of `second` and `tail` is not 0.
   */
  add(p: number, second: number, tail: number): number {
    const arena = this.arena.items;
    if (tail !== 0) {
      if (arena[tail] === 0) tail = 0;
      else if (arena[tail + 1] === 0) {
        second = arena[tail]!;
        tail = 0;
      }
    }
    if (this.packageRulesOpen) {
      const last = this.#lastPackageRule;
      if (tail !== 0) {
        if (this.first[last] === p && this.#sameRun(this.tail[last]!, tail)) return last;
        for (let i = tail; arena[i] !== 0; i++) if (arena[i] === -p) return 0;
      } else {
        if (second !== 0 && p > second) [p, second] = [second, p];
        if (this.first[last] === p && this.tail[last] === 0 && this.watchB[last] === second) return last;
        if (p === -second) return 0;
      }
      this.#lastPackageRule = this.count;
    }
    if (this.count === this.first.length) this.#grow();
    const rule = this.count++;
    this.first[rule] = p;
    this.tail[rule] = tail;
    this.watchA[rule] = p;
    this.watchB[rule] = tail !== 0 ? arena[tail]! : second;
    this.nextA[rule] = 0;
    this.nextB[rule] = 0;
    return rule;
  }

  /** Puts literals into the arena, closed by 0; returns the offset. */
  addLiterals(literals: Int32Array, start = 0, end = literals.length): number {
    const offset = this.arena.length;
    this.arena.append(literals, start, end);
    this.arena.push(0);
    return offset;
  }

  isDisabled(rule: number): boolean {
    return this.tail[rule]! < 0;
  }

  disable(rule: number): void {
    if (this.tail[rule]! >= 0) this.tail[rule] = -this.tail[rule]! - 1;
  }

  enable(rule: number): void {
    if (this.tail[rule]! < 0) this.tail[rule] = -this.tail[rule]! - 1;
  }

  isAssertion(rule: number): boolean {
    return this.first[rule] !== 0 && this.watchB[rule] === 0 && (this.tail[rule] === 0 || this.tail[rule] === -1);
  }

  /** Offset of the run, whether the rule is disabled or not. */
  runOf(rule: number): number {
    const tail = this.tail[rule]!;
    return tail < 0 ? -tail - 1 : tail;
  }

  /** All literals of a rule; for explanations and analysis, not for the hot loop. */
  literals(rule: number): number[] {
    const result = [this.first[rule]!];
    const run = this.runOf(rule);
    if (run === 0) {
      // The watches of a binary rule never move: there is nothing else to watch.
      if (this.watchB[rule] !== 0) result.push(this.watchB[rule]!);
    } else for (let i = run; this.arena.items[i] !== 0; i++) result.push(this.arena.items[i]!);
    return result;
  }

  /**
   * Sorts the package rules and drops repetitions. The order (first literal, then the others) is part of the answer:
   * the search looks for undecided rules in this order, as libsolv does.
   */
  unify(maxLiteral: number): void {
    const count = this.count;
    const order = this.#orderByFirst(maxLiteral);
    const kept = new Int32Array(count);
    let keptCount = 0;
    for (let i = 0; i < order.length; ) {
      let end = i + 1;
      const first = this.first[order[i]!]!;
      while (end < order.length && this.first[order[end]!] === first) end++;
      const group = order.subarray(i, end);
      if (group.length > 1) this.#sort(group);
      for (let k = 0; k < group.length; k++) {
        if (k > 0 && this.#compareRest(group[k]!, group[k - 1]!) === 0) continue;
        kept[keptCount++] = group[k]!;
      }
      i = end;
    }
    this.#permute(kept.subarray(0, keptCount));
    this.packageRulesOpen = false;
  }

  #orderByFirst(maxLiteral: number): Int32Array {
    const starts = new Int32Array(2 * maxLiteral + 2);
    let last = 0;
    for (let r = 1; r < this.count; r++) {
      const place = this.first[r]! + maxLiteral + 1;
      starts[place]!++;
      if (place > last) last = place;
    }
    for (let i = 1; i < last; i++) starts[i]! += starts[i - 1]!;
    const order = new Int32Array(this.count - 1);
    for (let r = 1; r < this.count; r++) order[starts[this.first[r]! + maxLiteral]!++] = r;
    return order;
  }

  #compareRest(a: number, b: number): number {
    const tailA = this.tail[a]!;
    const tailB = this.tail[b]!;
    if (tailA === 0 && tailB === 0) return this.watchB[a]! - this.watchB[b]!;
    const arena = this.arena.items;
    if (tailA === 0) return this.watchB[a]! - arena[tailB]! || -1;
    if (tailB === 0) return arena[tailA]! - this.watchB[b]! || 1;
    if (tailA === tailB) return 0;
    let i = tailA;
    let j = tailB;
    while (arena[j] !== 0) {
      const difference = arena[i++]! - arena[j++]!;
      if (difference !== 0) return difference;
    }
    return arena[i]!;
  }

  #permute(order: Int32Array): void {
    for (const column of ['first', 'tail', 'watchA', 'watchB'] as const) {
      const source = this[column];
      const target = new Int32Array(Math.max(source.length, order.length + 1));
      for (let i = 0; i < order.length; i++) target[i + 1] = source[order[i]!]!;
      this[column] = target;
    }
    this.count = order.length + 1;
    this.nextA.fill(0);
    this.nextB.fill(0);
  }

  #sameRun(a: number, b: number): boolean {
    if (a === b) return true;
    if (a <= 0) return false;
    const arena = this.arena.items;
    let i = a;
    let j = b;
    while (arena[j] !== 0) if (arena[i++] !== arena[j++]) return false;
    return arena[i] === 0;
  }

  #grow(): void {
    const length = this.first.length * 2;
    if (length > this.#maxRules) {
      const message = `what the packages in reach need and exclude is more than ${this.#maxRules} rules, which is too much to be solved`;
      const hint = 'no real repository has so many builds of one package: is it what it should be? `exclude` hides packages';
      throw new RpmDepsError('METADATA_INVALID', message, { hint });
    }
    for (const column of ['first', 'tail', 'watchA', 'watchB', 'nextA', 'nextB'] as const) {
      const grown = new Int32Array(length);
      grown.set(this[column]);
      this[column] = grown;
    }
  }

  /** By their other literals. Stable, and without allocation for the usual short group. */
  #sort(group: Int32Array): void {
    if (group.length > 24) {
      group.set(Int32Array.from(group).sort((a, b) => this.#compareRest(a, b)));
      return;
    }
    for (let i = 1; i < group.length; i++) {
      const rule = group[i]!;
      let j = i - 1;
      while (j >= 0 && this.#compareRest(group[j]!, rule) > 0) {
        group[j + 1] = group[j]!;
        j--;
      }
      group[j + 1] = rule;
    }
  }
}
