import type { DepId } from '../pool/ids.ts';
import { IntList } from '../pool/int-list.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import type { SolverPool } from '../pool/solver-pool.ts';

/** A requirement that rpm itself provides: always met (rpmlib(...) features). */
export const ALWAYS_PROVIDED = -1;

/** Integers in the arena at which the shared part is thrown away and made again. */
const MAX_SHARED = 16_000_000;

/**
 * The arena that rules keep their literals in, beginning with the provider lists of the pool's dependencies. The lists
 * stay from solve to solve, so that many requests on one pool share them; what a solve adds behind them is dropped by `reset`.
 * Offset 0 and 1 are reserved: 1 is the empty list.
 */
export class ProviderLists {
  readonly arena = new IntList(1 << 16);
  readonly #pool: SolverPool;
  /** By id of a string, and of a relation: the offset; 0 where the list is not there. */
  readonly #ofStrings: IntList;
  readonly #ofRelations: IntList;
  #sharedEnd = 2;
  /** Dependencies whose lists lie behind the shared part. */
  #unshared: DepId[] = [];
  #fileProvidersVersion = 0;

  /** How many rules the last solve had before it learned any. */
  rulesBefore = 0;

  constructor(pool: SolverPool) {
    this.#pool = pool;
    this.#ofStrings = new IntList(pool.strings.count);
    this.#ofRelations = new IntList(pool.relations.count);
    this.arena.push(0);
    this.arena.push(0);
  }

  /** Offset of the providers of a dependency in the arena, a run closed by 0; or ALWAYS_PROVIDED. */
  offsetOf(dep: DepId): number {
    const known = dep < 0 ? this.#ofRelations.items[-dep] : this.#ofStrings.items[dep];
    if (known !== undefined && known !== 0) return known;
    const providers = this.#pool.providersOf(dep);
    let offset = 1;
    if (providers.length > 0) {
      offset = this.arena.length;
      this.arena.append(providers);
      this.arena.push(0);
    } else if (this.#isRpmlib(dep)) offset = ALWAYS_PROVIDED;
    this.#setOffset(dep, offset);
    if (offset > 1) this.#unshared.push(dep);
    return offset;
  }

  /** To be called before a solve: forgets what the last one put behind the shared part. */
  reset(): void {
    for (const dep of this.#unshared) this.#setOffset(dep, 0);
    this.#unshared = [];
    const stale = this.#fileProvidersVersion !== this.#pool.fileProvidersVersion;
    if (stale || this.#sharedEnd > MAX_SHARED) {
      this.#fileProvidersVersion = this.#pool.fileProvidersVersion;
      this.#ofStrings.items.fill(0);
      this.#ofRelations.items.fill(0);
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

  /** Requests bring more strings and relations. */
  #setOffset(dep: DepId, offset: number): void {
    const list = dep < 0 ? this.#ofRelations : this.#ofStrings;
    const id = dep < 0 ? -dep : dep;
    list.reserve(id + 1);
    list.items[id] = offset;
  }

  #isRpmlib(dep: DepId): boolean {
    // As libsolv: what rpm provides has a version, and a requirement without one is not of rpm.
    if (dep >= 0) return false;
    const relations = this.#pool.relations;
    let name: number = dep;
    while (name < 0) name = relations.name(name as DepId);
    return this.#pool.strings.get(name as never).startsWith('rpmlib(');
  }
}

/** Lists of a pool that nobody uses at the moment. */
const FREE = memoryKey<ProviderLists[]>('provider lists');

/**
 * The lists of a pool, made once and used by one solve after the other. Solves that take turns on one pool have lists of their own. To be returned.
 */
export function borrowProviderLists(pool: SolverPool): ProviderLists {
  return pool.memory.keep(FREE, () => []).pop() ?? new ProviderLists(pool);
}

export function returnProviderLists(pool: SolverPool, lists: ProviderLists): void {
  pool.memory.keep(FREE, () => []).push(lists);
}

/** Lists for callers that do not solve and finish before any other code runs. */
export function providerListsOf(pool: SolverPool): ProviderLists {
  const lists = borrowProviderLists(pool);
  returnProviderLists(pool, lists);
  return lists;
}
