import type { DepId } from './ids.ts';
import type { RelationPool } from './pool.ts';
import { hashRelation, type RelationColumns, RelationTable } from './relation-table.ts';

/** Immutable relations, with a hash table to find them. */
export interface FrozenRelationColumns extends RelationColumns {
  /** Entries by hash, open addressing, size is a power of two; 0: empty. */
  readonly slots: Int32Array;
}

/** The relations of a pool: immutable ones of its repositories (from a snapshot), and a few of requests. */
export class FrozenRelations implements RelationPool {
  readonly #names: Int32Array;
  readonly #flags: Uint8Array;
  readonly #evrs: Int32Array;
  readonly #slots: Int32Array;
  readonly #frozen: number;
  /** Relations of requests; its entry 1 has the pool's number `#frozen`. */
  readonly #more = new RelationTable();

  constructor({ names, flags, evrs, slots }: FrozenRelationColumns) {
    this.#names = names;
    this.#flags = flags;
    this.#evrs = evrs;
    this.#slots = slots;
    this.#frozen = names.length;
  }

  get count(): number {
    return this.#frozen + this.#more.count - 1;
  }

  name(id: DepId): DepId {
    return -id < this.#frozen ? (this.#names[-id]! as DepId) : this.#more.name((id + this.#frozen - 1) as DepId);
  }

  flags(id: DepId): number {
    return -id < this.#frozen ? this.#flags[-id]! : this.#more.flags((id + this.#frozen - 1) as DepId);
  }

  evr(id: DepId): DepId {
    return -id < this.#frozen ? (this.#evrs[-id]! as DepId) : this.#more.evr((id + this.#frozen - 1) as DepId);
  }

  intern(name: DepId, flags: number, evr: DepId): DepId {
    const mask = this.#slots.length - 1;
    let slot = hashRelation(name, flags, evr) & mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index === 0) return (this.#more.intern(name, flags, evr) - this.#frozen + 1) as DepId;
      if (this.#names[index] === name && this.#evrs[index] === evr && this.#flags[index] === flags) return -index as DepId;
      slot = (slot + 1) & mask;
    }
  }
}
