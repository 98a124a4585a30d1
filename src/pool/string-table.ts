import type { StringId } from './ids.ts';

const ENCODER = new TextEncoder();

/** 32-bit hash: two sums over little-endian words of eight bytes, combined at the end. Same function as in assembly/strings.ts. */
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

/** Padded with zeros after the end. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** Strings of requests: equal strings have equal ids, 1 and up. */
export class StringTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [''];
  /** One entry more than strings. */
  readonly #starts = [0, 0];
  /** A Buffer, like the bytes of a pool, so that comparisons are optimized for one class. */
  #bytes: Uint8Array = Buffer.alloc(1 << 10);

  /** One more than the largest id. */
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

  /** 0 if not found. */
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
