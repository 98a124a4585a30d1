import type { DepId } from '../pool/ids.ts';
import type { IdLists } from '../pool/pool.ts';
import { fulfilmentOf, isFulfilled } from './fulfilment.ts';
import { ALWAYS_PROVIDED } from './provider-lists.ts';
import { BLOCKS, isRich } from './rich-dependencies.ts';
import type { SolverState } from './solver-state.ts';

/** A level above all others. */
const KEPT = 0x7fffffff;

/** Packages that the decided packages recommend or suggest; kept in sync with the trail of the search. */
export class Recommendations {
  readonly #state: SolverState;
  readonly #recommended: Uint8Array;
  readonly #suggested: Uint8Array;
  /** Length of the trail that is already counted; -1 after a backtrack below it: everything is counted again. */
  #seen = 0;
  /** Rich dependencies with an undecided condition. */
  #pending: { readonly dep: DepId; readonly target: Uint8Array }[] = [];

  constructor(state: SolverState) {
    this.#state = state;
    this.#recommended = new Uint8Array(state.pool.end);
    this.#suggested = new Uint8Array(state.pool.end);
  }

  /** Call it after the search backed up. */
  trailShortened(): void {
    if (this.#seen > this.#state.search.trail.length) this.#seen = -1;
  }

  isRecommended(s: number): boolean {
    return this.#recommended[s] === 1;
  }

  isSuggested(s: number): boolean {
    return this.#suggested[s] === 1;
  }

  isSupplementing(s: number): boolean {
    return this.#anyFulfilled(this.#state.pool.dependencies.supplements, s);
  }

  /** Like `isSupplementing`, but only through a package that is installed, not through an absent one. */
  isSupplementingPackage(s: number): boolean {
    const { pool, lists: providers, search, system } = this.#state;
    const { start, ids } = pool.dependencies.supplements;
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      if (fulfilmentOf(pool, providers, ids[i] as DepId, search.levels, system.end) === 'package') return true;
    }
    return false;
  }

  isEnhancing(s: number): boolean {
    return this.#anyFulfilled(this.#state.pool.dependencies.enhances, s);
  }

  update(): void {
    const { trail } = this.#state.search;
    if (this.#seen < 0) {
      this.#recommended.fill(0);
      this.#suggested.fill(0);
      this.#pending = [];
      this.#seen = 0;
    }
    if (this.#seen === trail.length) return;
    const { pool } = this.#state;
    const waiting = this.#pending;
    this.#pending = [];
    while (this.#seen < trail.length) {
      const s = trail.items[this.#seen++]!;
      if (s < 0 || this.#state.request.ignored?.[s] === 1) continue;
      this.#mark(pool.dependencies.recommends, s, this.#recommended);
      this.#mark(pool.dependencies.suggests, s, this.#suggested);
    }
    for (const { dep, target } of waiting) this.#markRich(dep, target);
  }

  /** Runs `ask` with all undecided installed packages marked as kept; undefined if all are decided. */
  asIfKept<T>(ask: () => T): T | undefined {
    const { search, system } = this.#state;
    const { levels } = search;
    const undecided: number[] = [];
    for (let p = 1; p < system.end; p++) if (levels[p] === 0 && system.noUpdate[p] === 0) undecided.push(p);
    if (undecided.length === 0) return undefined;
    this.update();
    const { recommends, suggests } = this.#state.pool.dependencies;
    for (const p of undecided) levels[p] = KEPT;
    for (const p of undecided) {
      if (this.#state.request.ignored?.[p] === 1) continue;
      this.#mark(recommends, p, this.#recommended);
      this.#mark(suggests, p, this.#suggested);
    }
    const answer = ask();
    for (const p of undecided) levels[p] = 0;
    // Start again without the temporary marks.
    this.#seen = -1;
    return answer;
  }

  #anyFulfilled(lists: IdLists, s: number): boolean {
    const { pool, lists: providers, search } = this.#state;
    for (let i = lists.start[s]!; i < lists.start[s + 1]!; i++) {
      if (isFulfilled(pool, providers, lists.ids[i] as DepId, search.levels)) return true;
    }
    return false;
  }

  #mark(lists: IdLists, s: number, target: Uint8Array): void {
    const { pool, lists: providers } = this.#state;
    for (let i = lists.start[s]!; i < lists.start[s + 1]!; i++) {
      const dep = lists.ids[i] as DepId;
      if (dep < 0 && isRich(pool, dep)) {
        this.#markRich(dep, target);
        continue;
      }
      const offset = providers.offsetOf(dep);
      if (offset === ALWAYS_PROVIDED) continue;
      const arena = providers.arena.items;
      for (let k = offset; arena[k] !== 0; k++) target[arena[k]!] = 1;
    }
  }

  /** Marks blocks whose conditions all hold; a block with an undecided condition waits. */
  #markRich(dep: DepId, target: Uint8Array): void {
    const { normalizer, search } = this.#state;
    if (normalizer.normalize(dep, { disjunctive: false }) !== BLOCKS) return;
    const { items, length } = normalizer.out;
    let mustWait = false;
    for (let i = 0; i < length; i++) {
      let isTrue = false;
      let isOpen = false;
      for (; items[i]! < 0; i++) {
        const level = search.levels[-items[i]!]!;
        if (level < 0) {
          isTrue = true;
          break;
        }
        if (level === 0) isOpen = true;
      }
      if (!isTrue && isOpen) mustWait = true;
      if (!isTrue && !isOpen) for (; items[i] !== 0; i++) target[items[i]!] = 1;
      while (items[i] !== 0) i++;
    }
    if (mustWait) this.#pending.push({ dep, target });
  }
}
