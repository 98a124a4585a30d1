/**
 * Rich (boolean) dependencies as clauses.
 *
 * `and`, `or`, `if`, `unless` become blocks of literals in conjunctive normal form (each block is a clause) or, for
 * conflicts, in disjunctive normal form (each block is a conjunction), by structural recursion: A if B is A or not B,
 * A if (B else C) is (A or not B) and (C or B), A unless B is A and not B. `with` and `without` select packages and are
 * plain provider lists. Order within a block is ascending and blocks are merged as libsolv merges them
 * (libsolv, cplxdeps.c), because rule order decides between equally good solutions.
 */
import { RpmDepsError } from '../base/errors.ts';
import { type DepId, REL } from '../pool/ids.ts';
import { IntList } from '../pool/int-list.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import { ALWAYS_PROVIDED, type ProviderLists } from './provider-lists.ts';

/** Results of `normalize` other than blocks. */
export const NEVER = 0;
export const ALWAYS = 1;
export const BLOCKS = -1;

export interface NormalForm {
  readonly disjunctive: boolean;
  readonly invert?: boolean;
}

/** Normal forms grow exponentially with nesting; metadata that needs more literals than this is hostile. */
const MAX_LITERALS = 2_000_000;

class TooLarge extends Error {}

/** Whether a dependency contains `and`, `if` or `unless` outside `with`, and so has to be normalized. */
export function isRich(pool: SolverPool, dep: DepId): boolean {
  const relations = pool.relations;
  for (;;) {
    if (dep >= 0) return false;
    const flags = relations.flags(dep);
    if (flags === REL.AND || flags === REL.COND || flags === REL.UNLESS) return true;
    if (flags !== REL.OR) return false;
    if (isRich(pool, relations.name(dep))) return true;
    dep = relations.evr(dep);
  }
}

export class RichNormalizer {
  readonly #pool: SolverPool;
  readonly #lists: ProviderLists;
  /** Blocks of literals, each closed by 0. */
  readonly out = new IntList(256);

  constructor(pool: SolverPool, lists: ProviderLists) {
    this.#pool = pool;
    this.#lists = lists;
  }

  /** Fills `out` with blocks and returns BLOCKS; or returns NEVER or ALWAYS. */
  normalize(dep: DepId, form: NormalForm): number {
    this.out.length = 0;
    try {
      const result = this.#normalize(dep, form.disjunctive);
      return form.invert === true ? this.#invert(0, result) : result;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      const text = this.#pool.describeDep(dep);
      throw new RpmDepsError(
        'METADATA_INVALID',
        `the dependency \`${text.slice(0, 100)}${text.length > 100 ? '...' : ''}\` is too large to be solved`,
        {
          hint: 'no real package has such a dependency: check the repository, or hide the package with `exclude`',
        },
      );
    }
  }

  #normalize(dep: DepId, dnf: boolean): number {
    if (this.out.length > MAX_LITERALS) throw new TooLarge();
    const relations = this.#pool.relations;
    if (isRich(this.#pool, dep)) {
      const flags = relations.flags(dep);
      const left = relations.name(dep);
      const right = relations.evr(dep);
      const hasElse = right < 0 && relations.flags(right) === REL.ELSE;
      if (flags === REL.COND) {
        if (hasElse) return this.#ifElse(left, relations.name(right), relations.evr(right), dnf);
        return this.#or(left, right, dnf, true);
      }
      if (flags === REL.UNLESS) {
        if (hasElse) return this.#unlessElse(left, relations.name(right), relations.evr(right), dnf);
        return this.#and(left, right, dnf, true);
      }
      if (flags === REL.OR) return this.#or(left, right, dnf, false);
      return this.#and(left, right, dnf, false);
    }
    const offset = this.#lists.offsetOf(dep);
    if (offset === ALWAYS_PROVIDED) return ALWAYS;
    const arena = this.#lists.arena;
    if (arena.items[offset] === 0) return NEVER;
    for (let i = offset; arena.items[i] !== 0; i++) {
      this.out.push(arena.items[i]!);
      if (dnf) this.out.push(0);
    }
    if (!dnf) this.out.push(0);
    return BLOCKS;
  }

  #or(left: DepId, right: DepId, dnf: boolean, invertRight: boolean): number {
    const start = this.out.length;
    const a = this.#normalize(left, dnf);
    if (a === ALWAYS) return ALWAYS;
    const middle = this.out.length;
    let b = this.#normalize(right, invertRight ? !dnf : dnf);
    if (invertRight) b = this.#invert(middle, b);
    if (b === ALWAYS) {
      this.out.length = start;
      return ALWAYS;
    }
    return this.#joinOr(a, b, start, middle, dnf);
  }

  #and(left: DepId, right: DepId, dnf: boolean, invertRight: boolean): number {
    const start = this.out.length;
    const a = this.#normalize(left, dnf);
    if (a === NEVER) return NEVER;
    const middle = this.out.length;
    let b = this.#normalize(right, invertRight ? !dnf : dnf);
    if (invertRight) b = this.#invert(middle, b);
    if (b === NEVER) {
      this.out.length = start;
      return NEVER;
    }
    return this.#joinAnd(a, b, start, middle, dnf);
  }

  #ifElse(then: DepId, condition: DepId, otherwise: DepId, dnf: boolean): number {
    const start = this.out.length;
    const a = this.#or(then, condition, dnf, true);
    if (a === NEVER) return NEVER;
    const middle = this.out.length;
    const b = this.#or(condition, otherwise, dnf, false);
    if (b === NEVER) {
      this.out.length = start;
      return NEVER;
    }
    return this.#joinAnd(a, b, start, middle, dnf);
  }

  #unlessElse(then: DepId, condition: DepId, otherwise: DepId, dnf: boolean): number {
    const start = this.out.length;
    const a = this.#and(then, condition, dnf, true);
    if (a === ALWAYS) return ALWAYS;
    const middle = this.out.length;
    const b = this.#and(condition, otherwise, dnf, false);
    if (b === ALWAYS) {
      this.out.length = start;
      return ALWAYS;
    }
    return this.#joinOr(a, b, start, middle, dnf);
  }

  #joinOr(a: number, b: number, start: number, middle: number, dnf: boolean): number {
    if (a === NEVER) return b;
    if (b === NEVER) return a;
    return dnf ? BLOCKS : this.#distribute(start, middle, dnf);
  }

  #joinAnd(a: number, b: number, start: number, middle: number, dnf: boolean): number {
    if (a === ALWAYS) return b;
    if (b === ALWAYS) return a;
    return dnf ? this.#distribute(start, middle, dnf) : BLOCKS;
  }

  /** De Morgan: negates every literal from `start` on, which also turns one normal form into the other. */
  #invert(start: number, result: number): number {
    if (result === NEVER) return ALWAYS;
    if (result === ALWAYS) return NEVER;
    const items = this.out.items;
    let blockStart = start;
    for (let i = start; i < this.out.length; i++) {
      if (items[i] !== 0) {
        items[i] = -items[i]!;
        continue;
      }
      items.subarray(blockStart, i).reverse();
      blockStart = i + 1;
    }
    return BLOCKS;
  }

  /** Joins every block of [start, middle) with every block of [middle, end); drops blocks that contain A and not A. */
  #distribute(start: number, middle: number, dnf: boolean): number {
    const out = this.out;
    const end = out.length;
    for (let i = start; i < middle; i++) {
      for (let j = middle; j < end; j++) {
        const blockStart = out.length;
        let k = i;
        while (out.items[k] !== 0 && out.items[j] !== 0) {
          if (out.items[k]! < out.items[j]!) out.push(out.items[k++]!);
          else {
            if (out.items[k] === out.items[j]) k++;
            out.push(out.items[j++]!);
          }
        }
        while (out.items[j] !== 0) out.push(out.items[j++]!);
        while (out.items[k] !== 0) out.push(out.items[k++]!);
        if (containsOpposites(out.items, blockStart, out.length - 1)) out.length = blockStart;
        else out.push(0);
        if (out.length > MAX_LITERALS) throw new TooLarge();
      }
      while (out.items[i] !== 0) i++;
    }
    out.remove(start, end - start);
    if (out.length === start) return dnf ? NEVER : ALWAYS;
    return BLOCKS;
  }
}

function containsOpposites(sorted: Int32Array, low: number, high: number): boolean {
  while (low < high) {
    const opposite = -sorted[low]!;
    if (opposite === sorted[high]) return true;
    if (opposite > sorted[high]!) low++;
    else high--;
  }
  return false;
}

/**
 * Visits the providers that a rich dependency can install (the literals that may become positive), as libsolv does for weak dependencies. The
 * condition of an `else` is one of them: `A if (B else C)` has the clause C or B. libsolv before 0.7.24 misses it, and may install B without
 * the requirements of B.
 */
export function addPositiveProviders(
  pool: SolverPool,
  lists: ProviderLists,
  dep: DepId,
  queue: IntList,
  seen: Uint8Array,
  negated = false,
): void {
  const relations = pool.relations;
  while (dep < 0) {
    const flags = relations.flags(dep);
    if (flags !== REL.AND && flags !== REL.OR && flags !== REL.COND && flags !== REL.UNLESS) break;
    addPositiveProviders(pool, lists, relations.name(dep), queue, seen, negated);
    dep = relations.evr(dep);
    if (flags === REL.COND || flags === REL.UNLESS) {
      negated = !negated;
      if (dep < 0 && relations.flags(dep) === REL.ELSE) {
        addPositiveProviders(pool, lists, relations.name(dep), queue, seen, !negated);
        addPositiveProviders(pool, lists, relations.evr(dep), queue, seen, !negated);
        dep = relations.name(dep);
      }
    }
  }
  if (negated) return;
  const offset = lists.offsetOf(dep);
  if (offset === ALWAYS_PROVIDED) return;
  for (let i = offset; lists.arena.items[i] !== 0; i++) if (seen[lists.arena.items[i]!] === 0) queue.push(lists.arena.items[i]!);
}
