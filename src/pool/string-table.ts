import type { StringId } from './ids.ts';

const ENCODER = new TextEncoder();

/** Eight bytes at a time, the first in the lowest place, as two sums that are put together; 32 bits. assembly/strings.ts has the same. */
export function hashBytes(bytes: Uint8Array): number {
  let even = 0x811c9dc5;
  let odd = 0x01000193;
  for (let i = 0; i < bytes.length; i += 8) {
    even = Math.imul(even ^ wordAt(bytes, i), 0x2c1b3c6d);
    even ^= even >>> 15;
    odd = Math.imul(odd ^ wordAt(bytes, i + 4), 0x85ebca6b);
    odd ^= odd >>> 13;
  }
  const hash = even ^ Math.imul(odd, 0x9e3779b1);
  return hash ^ (hash >>> 16);
}

/** Zeros behind the end. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** The few strings that requests bring: equal strings have equal ids, from 1 on. */
export class StringTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [''];
  /** One more than there are strings. */
  readonly #starts = [0, 0];
  /** Of the same class as the bytes of a pool, so that what compares strings meets one kind of bytes. */
  #bytes: Uint8Array = Buffer.alloc(1 << 10);

  /** One more than the last id. */
  get count(): number {
    return this.#texts.length;
  }

  /** The bytes of all strings; valid until the next string is added. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  start(id: number): number {
    return this.#starts[id]!;
  }

  end(id: number): number {
    return this.#starts[id + 1]!;
  }

  get(id: number): string {
    return this.#texts[id]!;
  }

  /** 0 when it is not there. */
  find(text: string): number {
    return this.#ids.get(text) ?? 0;
  }

  intern(text: string): StringId {
    const known = this.#ids.get(text);
    if (known !== undefined) return known as StringId;
    const id = this.#texts.length;
    const added = ENCODER.encode(text);
    const start = this.#starts[id]!;
    if (start + added.length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * (start + added.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(added, start);
    this.#starts.push(start + added.length);
    this.#texts.push(text);
    this.#ids.set(text, id);
    return id as StringId;
  }
}
