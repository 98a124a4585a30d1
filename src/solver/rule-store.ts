import { RpmDepsError } from '../base/errors.ts';
import type { Turns } from '../base/turns.ts';
import type { IntList } from '../pool/int-list.ts';
import type { RuleKind } from './rule-kinds.ts';

/** Rules of whole distributions are below a million; this many take 800 MB. */
const MAX_RULES = 2 ** 25;
/** Number of rules processed in about 0.1 seconds. */
const RULES_BETWEEN_TURNS = 1 << 20;
/** Longer groups of rules are sorted with `Array.sort`. */
const MAX_INSERTION_SORT = 24;
/** Maps the tail of an enabled rule to that of the disabled rule, which is negative, and back. */
const marked = (tail: number): number => -tail - 1;
const NO_COLUMN = new Int32Array(0);
const PACKAGE_COLUMNS = ['first', 'tail', 'watchB'] as const;
const ALL_COLUMNS = [...PACKAGE_COLUMNS, 'watchA', 'nextA', 'nextB'] as const;

/**
 * All clauses in parallel columns, and the arena of their literals.
 *
 * A literal is a solvable id (install) or its negation (do not install). Rule `r` means
 *   second[r] === 0, tail[r] === 0     (first)                       an assertion
 *   tail[r] === 0                      (first | second)              a binary rule
 *   tail[r] > 0                        (first | arena[tail..0])      anything longer; the run in the arena ends with 0
 * A disabled rule has its tail stored as `marked(tail)`. Rule 0 is unused.
 * `watchA` and `watchB` are the watched literals, `nextA` and `nextB` link the rules that watch the same literal; `unify` fills `watchA` and the
 * links. Provider lists are put into the arena once and shared by all rules that need them.
 */
export class RuleStore {
  first: Int32Array;
  tail: Int32Array;
  watchA = NO_COLUMN;
  watchB: Int32Array;
  nextA = NO_COLUMN;
  nextB = NO_COLUMN;
  kind: Uint8Array;
  count = 1;
  /** While package rules are added, repetitions of the last rule are dropped immediately. */
  packageRulesOpen = true;
  readonly arena: IntList;
  #lastPackageRule = 0;

  readonly #maxRules: number;

  /** `capacity`: approximate number of rules, if known. */
  constructor(arena: IntList, { maxRules = MAX_RULES, capacity = 0 }: { readonly maxRules?: number; readonly capacity?: number } = {}) {
    this.arena = arena;
    const length = Math.min(Math.max(4096, capacity + (capacity >> 2)), maxRules);
    this.first = new Int32Array(length);
    this.tail = new Int32Array(length);
    this.watchB = new Int32Array(length);
    this.kind = new Uint8Array(length);
    this.#maxRules = maxRules;
  }

  /**
   * Adds (p | second) or (p | arena run at tail); returns the rule, or 0 if it is a tautology.
   * `second` or `tail` is 0.
   */
  add(p: number, second: number, tail: number, kind: RuleKind): number {
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
        if (this.first[last] === p && this.#sameRun(this.tail[last]!, tail)) return this.#again(last, kind);
        for (let i = tail; arena[i] !== 0; i++) if (arena[i] === -p) return 0;
      } else {
        if (second !== 0 && p > second) [p, second] = [second, p];
        if (this.first[last] === p && this.tail[last] === 0 && this.watchB[last] === second) return this.#again(last, kind);
        if (p === -second) return 0;
      }
      this.#lastPackageRule = this.count;
    }
    if (this.count === this.first.length) this.#grow();
    const rule = this.count++;
    this.first[rule] = p;
    this.tail[rule] = tail;
    this.watchB[rule] = tail !== 0 ? arena[tail]! : second;
    this.kind[rule] = kind;
    if (this.packageRulesOpen) return rule;
    this.watchA[rule] = p;
    this.nextA[rule] = 0;
    this.nextB[rule] = 0;
    return rule;
  }

  #again(rule: number, kind: RuleKind): number {
    if (kind < this.kind[rule]!) this.kind[rule] = kind;
    return rule;
  }

  kindOf(rule: number): RuleKind {
    return this.kind[rule] as RuleKind;
  }

  /** The first package rule (they are sorted) whose first literal is `literal` or greater; `end` if there is none. */
  firstWith(literal: number, end: number): number {
    let low = 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first[middle]! < literal) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts literals into the arena, closed by 0; returns the offset. */
  addLiterals(literals: ArrayLike<number>, start = 0): number {
    const offset = this.arena.length;
    for (let i = start; i < literals.length; i++) this.arena.push(literals[i]!);
    this.arena.push(0);
    return offset;
  }

  /** Adds a rule of any number of literals. */
  addClause(literals: readonly number[], kind: RuleKind): number {
    const [first = 0, second = 0] = literals;
    return literals.length < 3 ? this.add(first, second, 0, kind) : this.add(first, 0, this.addLiterals(literals, 1), kind);
  }

  isDisabled(rule: number): boolean {
    return this.tail[rule]! < 0;
  }

  disable(rule: number): void {
    if (this.tail[rule]! >= 0) this.tail[rule] = marked(this.tail[rule]!);
  }

  enable(rule: number): void {
    if (this.tail[rule]! < 0) this.tail[rule] = marked(this.tail[rule]!);
  }

  isAssertion(rule: number): boolean {
    return this.first[rule] !== 0 && this.watchB[rule] === 0 && this.runOf(rule) === 0;
  }

  /** Offset of the run, whether or not the rule is disabled. */
  runOf(rule: number): number {
    const tail = this.tail[rule]!;
    return tail < 0 ? marked(tail) : tail;
  }

  /** All literals of a rule; for explanations and analysis, not for the hot loop. */
  literals(rule: number): number[] {
    const result = [this.first[rule]!];
    const run = this.runOf(rule);
    if (run === 0) {
      // The watches of a binary rule never move, because it has no other literals.
      if (this.watchB[rule] !== 0) result.push(this.watchB[rule]!);
    } else for (let i = run; this.arena.items[i] !== 0; i++) result.push(this.arena.items[i]!);
    return result;
  }

  /**
   * Sorts the package rules and drops repetitions. The order (first literal, then the others) influences the result:
   * the search looks for undecided rules in this order, as libsolv does.
   */
  *unify(maxLiteral: number): Turns<void> {
    const count = this.count;
    const order = this.#orderByFirst(maxLiteral);
    yield;
    const kept = new Int32Array(count);
    let keptCount = 0;
    let turn = RULES_BETWEEN_TURNS;
    for (let i = 0; i < order.length; ) {
      let end = i + 1;
      const first = this.first[order[i]!]!;
      while (end < order.length && this.first[order[end]!] === first) end++;
      keptCount = this.#keepOnce(order.subarray(i, end), kept, keptCount);
      i = end;
      if (i > turn) {
        turn += RULES_BETWEEN_TURNS;
        yield;
      }
    }
    this.#permute(kept.subarray(0, keptCount));
    this.packageRulesOpen = false;
  }

  /** Sorts rules with the same first literal and drops duplicates. */
  #keepOnce(group: Int32Array, kept: Int32Array, keptCount: number): number {
    if (group.length > 1) this.#sort(group);
    kept[keptCount++] = group[0]!;
    for (let k = 1; k < group.length; k++) {
      const last = kept[keptCount - 1]!;
      if (this.#compareRest(group[k]!, last) !== 0) kept[keptCount++] = group[k]!;
      else this.#again(last, this.kindOf(group[k]!));
    }
    return keptCount;
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
    const length = Math.max(this.first.length, order.length + 1);
    for (const column of ['first', 'tail', 'watchB'] as const) {
      const source = this[column];
      const target = new Int32Array(length);
      for (let i = 0; i < order.length; i++) target[i + 1] = source[order[i]!]!;
      this[column] = target;
    }
    const kinds = new Uint8Array(length);
    for (let i = 0; i < order.length; i++) kinds[i + 1] = this.kind[order[i]!]!;
    this.kind = kinds;
    this.count = order.length + 1;
    this.watchA = this.first.slice();
    this.nextA = new Int32Array(length);
    this.nextB = new Int32Array(length);
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
      const message = `the reachable packages have more than the limit of ${this.#maxRules} rules`;
      const hint = 'check the repository: real ones do not have so many builds of one package; hide packages with `exclude`';
      throw new RpmDepsError('METADATA_INVALID', message, { hint });
    }
    const columns = this.packageRulesOpen ? PACKAGE_COLUMNS : ALL_COLUMNS;
    for (const column of columns) {
      const grown = new Int32Array(length);
      grown.set(this[column]);
      this[column] = grown;
    }
    const kinds = new Uint8Array(length);
    kinds.set(this.kind);
    this.kind = kinds;
  }

  /** Sorts by the other literals. Stable, and without allocation for the usual short group. */
  #sort(group: Int32Array): void {
    if (group.length > MAX_INSERTION_SORT) {
      // The builds of one package exclude each other: their rules are added in ascending or in descending order.
      const direction = this.#compareRest(group[0]!, group[1]!) <= 0 ? 1 : -1;
      if (this.#isSorted(group, direction)) {
        if (direction < 0) group.reverse();
        return;
      }
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

  /** `direction`: 1 for ascending, -1 for strictly descending, because equal rules keep their order. */
  #isSorted(group: Int32Array, direction: 1 | -1): boolean {
    for (let i = 1; i < group.length; i++) {
      const order = this.#compareRest(group[i - 1]!, group[i]!) * direction;
      if (order > 0 || (order === 0 && direction === -1)) return false;
    }
    return true;
  }
}
