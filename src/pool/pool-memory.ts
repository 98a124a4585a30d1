/**
 * Values that are computed for a pool and reused: indexes, filters, lists of the solver. They belong to the
 * pool; their size is known, and they can be dropped.
 */

declare const holds: unique symbol;
/** Identifies one stored value; created once, by the file that stores it. */
export interface MemoryKey<T> {
  readonly name: string;
  readonly [holds]?: T;
}

export const memoryKey = <T>(name: string): MemoryKey<T> => ({ name });

export class PoolMemory {
  readonly #kept = new Map<MemoryKey<unknown>, unknown>();

  /** Returns the stored value; computes it if it is missing. */
  keep<T>(key: MemoryKey<T>, make: () => T): T {
    const known = this.#kept.get(key);
    if (known !== undefined) return known as T;
    const made = make();
    this.#kept.set(key, made);
    return made;
  }

  /** Drops all values. They are computed again on demand; results do not change. */
  drop(): void {
    this.#kept.clear();
  }

  /** Estimated bytes by name: of typed arrays, and of collections by their length. */
  get sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#kept].map(([{ name }, value]) => [name, bytesOf(value)]));
  }

  get bytes(): number {
    return Object.values(this.sizes).reduce((sum, bytes) => sum + bytes, 0);
  }
}

/** Per entry of a list, map or set, including its object. */
const ENTRY_BYTES = 64;
const MAX_DEPTH = 6;

/** Estimated memory of a value; a class with private fields provides it as `bytes`. */
export function bytesOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return 0;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if ('bytes' in value && typeof value.bytes === 'number') return value.bytes;
  if (value instanceof Map || value instanceof Set) {
    let sum = value.size * ENTRY_BYTES;
    for (const entry of value.values()) if (typeof entry === 'object') sum += bytesOf(entry, depth + 1);
    return sum;
  }
  const entries = Array.isArray(value) ? value : Object.values(value);
  let sum = entries.length * 8;
  for (const entry of entries) if (typeof entry === 'object') sum += bytesOf(entry, depth + 1);
  return sum;
}
