import type { StringId } from './ids.ts';
import type { StringPool } from './pool.ts';

/** The columns of a string table: what a snapshot holds. String `i` is `bytes[starts[i] .. starts[i + 1]]`, in UTF-8. */
export interface StringColumns {
  readonly bytes: Uint8Array;
  /** One more than there are strings. */
  readonly starts: Int32Array;
  /** `hashBytes` of each string. */
  readonly hashes: Int32Array;
}

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

/**
 * Strings interned by their bytes: equal strings have equal ids. Id 0 is "none", id 1 the empty string.
 * Open addressing over the ids; the hash of every string is kept, so that growing and merging need no bytes.
 */
export class StringTable implements StringPool {
  #bytes: Uint8Array;
  #starts: Int32Array;
  #hashes: Int32Array;
  #slots: Int32Array;
  #count: number;
  /** Strings that were asked for as text: the same few again and again. */
  readonly #texts = new Map<number, string>();

  /** Starts with copies of these columns; `room` is for what will be added. */
  constructor(columns?: StringColumns, room = { count: 1 << 12, bytes: 1 << 16 }) {
    const count = Math.max(room.count, columns?.hashes.length ?? 0) + 2;
    this.#bytes = new Uint8Array(Math.max(room.bytes, columns?.bytes.length ?? 0));
    this.#starts = new Int32Array(count);
    this.#hashes = new Int32Array(count);
    this.#slots = new Int32Array(2 * tableSize(count));
    this.#count = 1;
    if (columns === undefined) {
      this.internBytes(this.#bytes, 0, 0);
      return;
    }
    this.#bytes.set(columns.bytes);
    this.#starts.set(columns.starts);
    this.#hashes.set(columns.hashes);
    this.#count = columns.hashes.length;
    this.#fillSlots();
  }

  get count(): number {
    return this.#count;
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

  hash(id: number): number {
    return this.#hashes[id]!;
  }

  get(id: StringId): string {
    let text = this.#texts.get(id);
    if (text === undefined) {
      const { buffer, byteOffset, length } = this.#bytes;
      text = Buffer.from(buffer, byteOffset, length).toString('utf8', this.#starts[id], this.#starts[id + 1]);
      this.#texts.set(id, text);
    }
    return text;
  }

  find(text: string): StringId {
    const bytes = ENCODER.encode(text);
    return this.#slots[this.#slotOf(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length)) + 1]! as StringId;
  }

  intern(text: string): StringId {
    const bytes = ENCODER.encode(text);
    return this.internBytes(bytes, 0, bytes.length);
  }

  internBytes(source: Uint8Array, start: number, end: number): StringId {
    return this.internHashed(source, start, end, hashBytes(source, start, end));
  }

  /** The same where the hash is known. */
  internHashed(source: Uint8Array, start: number, end: number, hash: number): StringId {
    const slot = this.#slotOf(source, start, end, hash);
    const known = this.#slots[slot + 1]!;
    if (known !== 0) return known as StringId;
    const id = this.#count++;
    if (id + 1 >= this.#starts.length) this.#growColumns();
    const at = this.#starts[id]!;
    if (at + end - start > this.#bytes.length) this.#growBytes(at + end - start);
    // A loop beats copying through a view for strings of this length.
    for (let i = start, to = at; i < end; i++, to++) this.#bytes[to] = source[i]!;
    this.#starts[id + 1] = at + end - start;
    this.#hashes[id] = hash;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = id;
    if (this.#count * 4 > this.#slots.length) this.#growSlots();
    return id as StringId;
  }

  compare(a: StringId, b: StringId): number {
    if (a === b) return 0;
    const bytes = this.#bytes;
    let i = this.#starts[a]!;
    let j = this.#starts[b]!;
    const aEnd = this.#starts[a + 1]!;
    const bEnd = this.#starts[b + 1]!;
    for (; i < aEnd && j < bEnd; i++, j++) if (bytes[i] !== bytes[j]) return bytes[i]! - bytes[j]!;
    return aEnd - i - (bEnd - j);
  }

  startsWithSlash(id: number): boolean {
    return this.#starts[id]! < this.#starts[id + 1]! && this.#bytes[this.#starts[id]!] === 0x2f;
  }

  /** Exact-size copies of the columns. */
  columns(): StringColumns {
    return {
      bytes: this.#bytes.slice(0, this.#starts[this.#count]),
      starts: this.#starts.slice(0, this.#count + 1),
      hashes: this.#hashes.slice(0, this.#count),
    };
  }

  #slotOf(source: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = ((hash ^ (hash >>> 15)) << 1) & mask;
    for (;;) {
      const id = slots[slot + 1]!;
      if (id === 0) return slot;
      if (slots[slot] === hash && this.#isSame(id, source, start, end)) return slot;
      slot = (slot + 2) & mask;
    }
  }

  #isSame(id: number, source: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes;
    let at = this.#starts[id]!;
    if (this.#starts[id + 1]! - at !== end - start) return false;
    for (let i = start; i < end; i++) if (bytes[at++] !== source[i]) return false;
    return true;
  }

  #fillSlots(): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let id = 1; id < this.#count; id++) {
      const hash = this.#hashes[id]!;
      let slot = ((hash ^ (hash >>> 15)) << 1) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = hash;
      slots[slot + 1] = id;
    }
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.#fillSlots();
  }

  #growColumns(): void {
    const starts = new Int32Array(this.#starts.length * 2);
    starts.set(this.#starts);
    this.#starts = starts;
    const hashes = new Int32Array(starts.length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  #growBytes(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** A power of two that leaves the table at most half full. */
export function tableSize(count: number): number {
  let size = 1 << 13;
  while (size < count * 2 + 2) size *= 2;
  return size;
}

/** The same for a table that does not grow: at most three quarters full. */
export function frozenSize(count: number): number {
  let size = 1 << 4;
  while (size * 3 < count * 4) size *= 2;
  return size;
}
