import type { StringId } from './ids.ts';

const ENCODER = new TextEncoder();

/** Four bytes at a time, the first in the lowest place, the last ones alone; 32 bits. assembly/strings.ts has the same. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x2c1b3c6d);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 16);
}

/** The few strings that requests bring: equal strings have equal ids, from 1 on. */
export class StringTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [''];
  /** One more than there are strings. */
  readonly #starts = [0, 0];
  #bytes: Uint8Array = new Uint8Array(1 << 10);

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
      const larger = new Uint8Array(2 * (start + added.length));
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
