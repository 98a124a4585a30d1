import type { DepId } from './ids.ts';
import type { RelationPool } from './pool.ts';
import { tableSize } from './string-table.ts';

/** The columns of a relation table; entry `i` is the relation with id `-i`. Entry 0 is unused. */
export interface RelationColumns {
  readonly names: Int32Array;
  readonly flags: Uint8Array;
  readonly evrs: Int32Array;
}

/** Relations and rich dependency nodes, interned: equal ones have equal ids. A node comes after the nodes it is made of. */
export class RelationTable implements RelationPool {
  #names: Int32Array;
  #flags: Uint8Array;
  #evrs: Int32Array;
  #slots: Int32Array;
  #count: number;

  /** Starts with copies of these columns; `room` is how many there will be. */
  constructor(columns?: RelationColumns, room = 1 << 12) {
    this.#count = columns?.names.length ?? 1;
    const length = Math.max(room, this.#count) + 1;
    this.#names = new Int32Array(length);
    this.#flags = new Uint8Array(length);
    this.#evrs = new Int32Array(length);
    this.#slots = new Int32Array(tableSize(length));
    if (columns === undefined) return;
    this.#names.set(columns.names);
    this.#flags.set(columns.flags);
    this.#evrs.set(columns.evrs);
    this.#fillSlots();
  }

  get count(): number {
    return this.#count;
  }

  name(id: DepId): DepId {
    return this.#names[-id]! as DepId;
  }

  flags(id: DepId): number {
    return this.#flags[-id]!;
  }

  evr(id: DepId): DepId {
    return this.#evrs[-id]! as DepId;
  }

  intern(name: DepId, flags: number, evr: DepId): DepId {
    const mask = this.#slots.length - 1;
    let slot = hashRelation(name, flags, evr) & mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index === 0) break;
      if (this.#names[index] === name && this.#evrs[index] === evr && this.#flags[index] === flags) return -index as DepId;
      slot = (slot + 1) & mask;
    }
    const index = this.#count++;
    if (index >= this.#names.length) this.#growColumns();
    this.#names[index] = name;
    this.#flags[index] = flags;
    this.#evrs[index] = evr;
    this.#slots[slot] = index;
    if (this.#count * 2 > this.#slots.length) {
      this.#slots = new Int32Array(this.#slots.length * 2);
      this.#fillSlots();
    }
    return -index as DepId;
  }

  /** Exact-size copies of the columns. */
  columns(): RelationColumns {
    return {
      names: this.#names.slice(0, this.#count),
      flags: this.#flags.slice(0, this.#count),
      evrs: this.#evrs.slice(0, this.#count),
    };
  }

  #fillSlots(): void {
    const mask = this.#slots.length - 1;
    for (let index = 1; index < this.#count; index++) {
      let slot = hashRelation(this.#names[index]!, this.#flags[index]!, this.#evrs[index]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }

  #growColumns(): void {
    const length = this.#names.length * 2;
    const names = new Int32Array(length);
    names.set(this.#names);
    this.#names = names;
    const flags = new Uint8Array(length);
    flags.set(this.#flags);
    this.#flags = flags;
    const evrs = new Int32Array(length);
    evrs.set(this.#evrs);
    this.#evrs = evrs;
  }
}

export function hashRelation(name: number, flags: number, evr: number): number {
  let hash = Math.imul(name, 0x9e3779b1) ^ Math.imul(evr, 0x85ebca6b) ^ flags;
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 7;
}
