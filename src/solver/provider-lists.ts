import type { DepId } from '../pool/ids.ts';
import { IntList } from '../pool/int-list.ts';
import type { Pool } from '../pool/pool.ts';

/** A requirement that rpm itself provides: always met (rpmlib(...) features). */
export const ALWAYS_PROVIDED = -1;

/** Integers in the arena at which the shared part is thrown away and made anew. */
const MAX_SHARED = 16_000_000;

/**
 * The arena that rules keep their literals in, beginning with the provider lists of the pool's dependencies. The lists
 * stay from solve to solve, so that many requests on one pool share them; what a solve adds behind them is dropped by `reset`.
 * Offset 0 and 1 are reserved: 1 is the empty list.
 */
export class ProviderLists {
  readonly arena = new IntList(1 << 16);
  readonly #pool: Pool;
  readonly #offsets = new Map<DepId, number>();
  #sharedEnd = 2;
  /** Dependencies whose lists lie behind the shared part. */
  #unshared: DepId[] = [];
  #fileProvidersVersion = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.arena.push(0);
    this.arena.push(0);
  }

  /** Offset of the providers of a dependency in the arena, a run closed by 0; or ALWAYS_PROVIDED. */
  offsetOf(dep: DepId): number {
    const known = this.#offsets.get(dep);
    if (known !== undefined) return known;
    const providers = this.#pool.providersOf(dep);
    let offset = 1;
    if (providers.length > 0) {
      offset = this.arena.length;
      this.arena.append(providers);
      this.arena.push(0);
    } else if (this.#isRpmlib(dep)) offset = ALWAYS_PROVIDED;
    this.#offsets.set(dep, offset);
    if (offset > 1) this.#unshared.push(dep);
    return offset;
  }

  /** To be called before a solve: forgets what the last one put behind the shared part. */
  reset(): void {
    for (const dep of this.#unshared) this.#offsets.delete(dep);
    this.#unshared = [];
    const stale = this.#fileProvidersVersion !== this.#pool.fileProvidersVersion;
    if (stale || this.#sharedEnd > MAX_SHARED) {
      this.#fileProvidersVersion = this.#pool.fileProvidersVersion;
      this.#offsets.clear();
      this.#sharedEnd = 2;
    }
    this.arena.length = this.#sharedEnd;
  }

  /**
   * To be called when all package rules of a solve are there: what is in the arena now stays for later solves. The runs of
   * rich dependencies among it are of no use to them, but few.
   */
  markShared(): void {
    this.#sharedEnd = this.arena.length;
    this.#unshared = [];
  }

  #isRpmlib(dep: DepId): boolean {
    const relations = this.#pool.relations;
    let name = dep;
    while (name < 0) name = relations.name(name);
    return this.#pool.strings.get(name as never).startsWith('rpmlib(');
  }
}

const LISTS = new WeakMap<Pool, ProviderLists>();

/** The lists of a pool, made once and shared by all solves on it. */
export function providerListsOf(pool: Pool): ProviderLists {
  let lists = LISTS.get(pool);
  if (lists === undefined) {
    lists = new ProviderLists(pool);
    LISTS.set(pool, lists);
  }
  return lists;
}
