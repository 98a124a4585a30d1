import type { DepId, StringId } from '../pool/ids.ts';
import { REL } from '../pool/ids.ts';
import { IntList } from '../pool/int-list.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import type { SolverPool } from '../pool/solver-pool.ts';

/** Highest value of `#base`; above it the columns are cleared and counting starts again. */
const MAX_BASE = 1 << 30;

/**
 * Candidates that provide an older version of the same capability are ordered behind those that provide a newer one (libsolv,
 * sort_by_common_dep). Kernels and language packs provide thousands of versions each, so no objects are allocated per version.
 */
class CommonProvides {
  readonly #pool: SolverPool;
  /** For each name the first and last entry of the current list; values below `#base` are of an earlier list. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  #base = 0;
  /** Entries: index of the candidate, provided version, a flag of `REL`, and the next entry of the name. */
  readonly #index = new IntList(256);
  readonly #evr = new IntList(256);
  readonly #flags = new IntList(256);
  readonly #next = new IntList(256);
  /** Names that several candidates provide. */
  readonly #shared = new IntList(256);
  #lastA = 0;
  #lastB = 0;
  #lastOrder = 0;

  constructor(pool: SolverPool) {
    this.#pool = pool;
    this.#first = new Int32Array(pool.strings.count);
    this.#last = new Int32Array(pool.strings.count);
  }

  order(list: number[]): number[] {
    this.#collect(list);
    const shared = this.#shared;
    if (shared.length === 0) return list;
    const older = new Array<number>(list.length).fill(0);
    for (let i = 0; i < shared.length; i++) this.#weigh(shared.items[i]!, older);
    const order = list.map((_, index) => index).sort((a, b) => older[a]! - older[b]!);
    return order.map((index) => list[index]!);
  }

  /** Provides of the form `name = evr`, `name <= evr` and `name < evr`, chained by name. */
  #collect(list: readonly number[]): void {
    const { relations } = this.#pool;
    const { provides } = this.#pool.dependencies;
    this.#base += this.#index.length + 1;
    if (this.#base > MAX_BASE) {
      this.#first.fill(0);
      this.#base = 1;
    }
    for (const column of [this.#index, this.#evr, this.#flags, this.#next, this.#shared]) column.length = 0;
    for (let index = 0; index < list.length; index++) {
      const s = list[index]!;
      for (let i = provides.start[s]!, end = provides.start[s + 1]!; i < end; i++) {
        const dep = provides.ids[i] as DepId;
        if (dep >= 0) continue;
        const flags = relations.flags(dep);
        if (flags !== REL.EQ && flags !== REL.LE && flags !== REL.LT) continue;
        const name = relations.name(dep);
        if (name > 0) this.#add(name, index, relations.evr(dep), flags);
      }
    }
  }

  #add(name: number, index: number, evr: number, flags: number): void {
    const entry = this.#index.length;
    const place = this.#base + entry;
    if (this.#first[name]! < this.#base) this.#first[name] = place;
    else {
      const last = this.#last[name]! - this.#base;
      this.#next.items[last] = entry;
      // Entries are ordered by index: a name becomes shared when the index changes for the first time.
      const first = this.#index.items[this.#first[name]! - this.#base]!;
      if (index !== first && this.#index.items[last] === first) this.#shared.push(name);
    }
    this.#last[name] = place;
    this.#index.push(index);
    this.#evr.push(evr);
    this.#flags.push(flags);
    this.#next.push(-1);
  }

  #weigh(name: number, older: number[]): void {
    const first = this.#first[name]! - this.#base;
    const second = this.#next.items[first]!;
    if (this.#next.items[second]! < 0 && this.#flags.items[first] === REL.EQ && this.#flags.items[second] === REL.EQ) {
      this.#weighTwo(first, second, older);
      return;
    }
    const entries: number[] = [];
    for (let entry = first; entry >= 0; entry = this.#next.items[entry]!) {
      if (this.#flags.items[entry] !== REL.EQ || !this.#pool.versions.isHash(this.#evr.items[entry] as StringId)) entries.push(entry);
    }
    if (entries.length > 1) entries.sort((a, b) => this.#compare(a, b));
    let bad = 0;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      const index = this.#index.items[entry]!;
      if (i > 0 && this.#index.items[entries[i - 1]!] !== index && this.#compare(entries[i - 1]!, entry) === -1) bad++;
      older[index]! += bad;
    }
  }

  /** The same for the usual case of two exact versions. Two kernels share 16,000 names. */
  #weighTwo(first: number, second: number, older: number[]): void {
    const evrA = this.#evr.items[first] as StringId;
    const evrB = this.#evr.items[second] as StringId;
    if (evrA === evrB || this.#pool.versions.isHash(evrA) || this.#pool.versions.isHash(evrB)) return;
    const order = this.#compareEvrs(evrA, evrB);
    if (order === 1) older[this.#index.items[second]!]!++;
    else if (order === -1) older[this.#index.items[first]!]!++;
  }

  /** Sorts newer versions first. */
  #compare(a: number, b: number): number {
    const evrA = this.#evr.items[a]!;
    const evrB = this.#evr.items[b]!;
    const isBelowA = this.#flags.items[a] === REL.LT;
    const isBelowB = this.#flags.items[b] === REL.LT;
    if (evrA === evrB && isBelowA === isBelowB) return 0;
    const order = this.#compareEvrs(evrB, evrA);
    if (order !== 0 || isBelowA === isBelowB) return order;
    return isBelowA ? 1 : -1;
  }

  /** Most names that a candidate provides have its own version, so the same two versions are compared repeatedly. */
  #compareEvrs(a: number, b: number): number {
    if (this.#lastA !== a || this.#lastB !== b) {
      this.#lastOrder = this.#pool.versions.compareMatchingRelease(a as StringId, b as StringId);
      this.#lastA = a;
      this.#lastB = b;
    }
    return this.#lastOrder;
  }
}

const COMMON = memoryKey<CommonProvides>('common provides');

/** Shared by all solves on a pool, because its columns have one entry per string of the pool. */
export const commonProvidesOf = (pool: SolverPool): CommonProvides => pool.memory.keep(COMMON, () => new CommonProvides(pool));
