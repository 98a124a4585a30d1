/**
 * Values that were computed for a pool and are reused: indexes, filters, lists of the solver. They belong to the
 * pool, can be counted, and can be dropped.
 */

declare const holds: unique symbol;
/** Names one thing that is kept; made once, by the file that keeps it. */
export interface MemoryKey<T> {
  readonly name: string;
  readonly [holds]?: T;
}

export const memoryKey = <T>(name: string): MemoryKey<T> => ({ name });

export class PoolMemory {
  readonly #kept = new Map<MemoryKey<unknown>, unknown>();

  /** Returns the value under the key; makes and stores it if it is missing. */
  keep<T>(key: MemoryKey<T>, make: () => T): T {
    const known = this.#kept.get(key);
    if (known !== undefined) return known as T;
    const made = make();
    this.#kept.set(key, made);
    return made;
  }

  /** All of it can be made again: it costs time, and no answer changes. */
  drop(): void {
    this.#kept.clear();
  }

  /** By name, about how many bytes: of typed arrays, and of collections by their length. */
  get sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#kept].map(([{ name }, value]) => [name, bytesOf(value)]));
  }

  get bytes(): number {
    return Object.values(this.sizes).reduce((sum, bytes) => sum + bytes, 0);
  }
}

/** Of an entry of a list, map or set with its object. */
const ENTRY_BYTES = 64;
const MAX_DEPTH = 6;

/** About how much memory a value has; what is private to a class says it in `bytes`. */
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
