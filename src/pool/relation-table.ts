import type { DepId } from './ids.ts';
import type { RelationPool } from './pool.ts';

/** The columns of relations; entry `i` is the relation with id `-i`, after the relations that it contains. Entry 0 is unused. */
export interface RelationColumns {
  readonly names: Int32Array;
  readonly flags: Uint8Array;
  readonly evrs: Int32Array;
}

/** Same function as in assembly/relations.ts. */
export function hashRelation(name: number, flags: number, evr: number): number {
  let hash = Math.imul(name, 0x9e3779b1) ^ Math.imul(evr, 0x85ebca6b) ^ flags;
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 7;
}

interface Relation {
  readonly name: DepId;
  readonly flags: number;
  readonly evr: DepId;
}

/** Interned relations and rich dependencies of requests: equal ones have equal ids, -1 and below. */
export class RelationTable implements RelationPool {
  readonly #ids = new Map<string, number>();
  readonly #entries: Relation[] = [{ name: 0 as DepId, flags: 0, evr: 0 as DepId }];

  get count(): number {
    return this.#entries.length;
  }

  name(id: DepId): DepId {
    return this.#entries[-id]!.name;
  }

  flags(id: DepId): number {
    return this.#entries[-id]!.flags;
  }

  evr(id: DepId): DepId {
    return this.#entries[-id]!.evr;
  }

  intern(name: DepId, flags: number, evr: DepId): DepId {
    const key = `${name} ${flags} ${evr}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known as DepId;
    const id = -this.#entries.length as DepId;
    this.#entries.push({ name, flags, evr });
    this.#ids.set(key, id);
    return id;
  }
}
