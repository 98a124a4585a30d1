import type { DepId } from '../pool/ids.ts';
import { IntList } from '../pool/int-list.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import type { SolverPool } from '../pool/solver-pool.ts';

/** A requirement that rpm itself provides: always met (rpmlib(...) features). */
export const ALWAYS_PROVIDED = -1;

/** Number of integers in the arena above which the shared part is cleared and built again. */
const MAX_SHARED = 16_000_000;

/**
 * The arena with the literals of all rules. It begins with the provider lists of the pool's dependencies. These lists
 * stay for later solves, so that many requests on one pool share them; `reset` drops what a solve adds after them.
 * Offsets 0 and 1 are reserved: 1 is the empty list.
 */
export class ProviderLists {
  readonly arena = new IntList(1 << 16);
  readonly #pool: SolverPool;
  /** Offset by id of a string or relation; 0 if the list was not built yet. */
  readonly #ofStrings: IntList;
  readonly #ofRelations: IntList;
  #sharedEnd = 2;
  /** Dependencies whose lists are after the shared part. */
  #unshared: DepId[] = [];
  #fileProvidersVersion = 0;

  /** Number of rules of the last solve without learnt rules. */
  rulesBefore = 0;

  constructor(pool: SolverPool) {
    this.#pool = pool;
    this.#ofStrings = new IntList(pool.strings.count);
    this.#ofRelations = new IntList(pool.relations.count);
    this.arena.push(0);
    this.arena.push(0);
  }

  /** Arena offset of the providers of a dependency, a run closed by 0; or ALWAYS_PROVIDED. */
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

  /** Call it before a solve: drops what the last solve added after the shared part. */
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
   * Call it when all package rules of a solve were added: the current contents of the arena stay for later solves. This includes the runs of
   * rich dependencies, which later solves do not use, but they are few.
   */
  markShared(): void {
    this.#sharedEnd = this.arena.length;
    this.#unshared = [];
  }

  /** Requests add strings and relations to the pool. */
  #setOffset(dep: DepId, offset: number): void {
    const list = dep < 0 ? this.#ofRelations : this.#ofStrings;
    const id = dep < 0 ? -dep : dep;
    list.reserve(id + 1);
    list.items[id] = offset;
  }

  #isRpmlib(dep: DepId): boolean {
    // As in libsolv: the provides of rpm have a version, so a requirement without one is never met by rpm.
    if (dep >= 0) return false;
    const relations = this.#pool.relations;
    let name: number = dep;
    while (name < 0) name = relations.name(name as DepId);
    return this.#pool.strings.get(name as never).startsWith('rpmlib(');
  }
}

/** Lists of a pool that are not borrowed. */
const FREE = memoryKey<ProviderLists[]>('provider lists');

/**
 * Borrows the lists of a pool, which one solve after the other uses. Solves that take turns on one pool get separate lists. Return them after use.
 */
export function borrowProviderLists(pool: SolverPool): ProviderLists {
  return pool.memory.keep(FREE, () => []).pop() ?? new ProviderLists(pool);
}

export function returnProviderLists(pool: SolverPool, lists: ProviderLists): void {
  pool.memory.keep(FREE, () => []).push(lists);
}

/** Lists for callers that do not solve and finish before other code runs. */
export function providerListsOf(pool: SolverPool): ProviderLists {
  const lists = borrowProviderLists(pool);
  returnProviderLists(pool, lists);
  return lists;
}
