import type { StringId } from './ids.ts';
import type { StringPool } from './pool.ts';
import { hashBytes, StringTable } from './string-table.ts';

/** Immutable strings. String `i` is `bytes[starts[i] .. starts[i + 1]]`, in UTF-8; 0 is "none". */
export interface FrozenStringColumns {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  /** Ids by hash, open addressing, size is a power of two; 0: empty. */
  readonly slots: Int32Array;
}

/** The strings of a pool: immutable ones of its repositories (from a snapshot), and a few of requests. */
export class FrozenStrings implements StringPool {
  /** Smaller ids are strings of the repositories. */
  readonly frozen: number;
  readonly #bytes: Buffer;
  readonly #starts: Int32Array;
  readonly #slots: Int32Array;
  /** Strings of requests; its id 1 has the pool's id `frozen`. */
  readonly #more = new StringTable();
  /** All of `#bytes` as Latin-1, one character per byte: strings are substrings of it. */
  #text: string | undefined;
  /** Offsets of non-ASCII bytes, ascending: only strings that contain some are decoded. */
  readonly #wide: number[] = [];

  constructor({ bytes, starts, slots }: FrozenStringColumns) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#starts = starts;
    this.#slots = slots;
    this.frozen = starts.length - 1;
  }

  get count(): number {
    return this.frozen + this.#more.count - 1;
  }

  get(id: StringId): string {
    if (id >= this.frozen) return this.#more.get(id - this.frozen + 1);
    const start = this.#starts[id]!;
    const end = this.#starts[id + 1]!;
    if (this.#text === undefined) {
      this.#text = this.#bytes.toString('latin1');
      for (const match of this.#text.matchAll(/[\x80-\xff]/g)) this.#wide.push(match.index);
    }
    return this.#isAscii(start, end) ? this.#text.slice(start, end) : this.#bytes.toString('utf8', start, end);
  }

  #isAscii(start: number, end: number): boolean {
    const wide = this.#wide;
    let low = 0;
    let high = wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wide[middle]! < start) low = middle + 1;
      else high = middle;
    }
    return low === wide.length || wide[low]! >= end;
  }

  /** The buffer of a string: its bytes are between `start` and `end`, valid until the next string is added. */
  bytesOf(id: number): Uint8Array {
    return id < this.frozen ? this.#bytes : this.#more.bytes;
  }

  start(id: number): number {
    return id < this.frozen ? this.#starts[id]! : this.#more.start(id - this.frozen + 1);
  }

  end(id: number): number {
    return id < this.frozen ? this.#starts[id + 1]! : this.#more.end(id - this.frozen + 1);
  }

  find(text: string): StringId {
    const bytes = Buffer.from(text);
    const known = this.#find(bytes);
    if (known !== 0) return known as StringId;
    const more = this.#more.find(text);
    return (more === 0 ? 0 : more + this.frozen - 1) as StringId;
  }

  intern(text: string): StringId {
    const known = this.#find(Buffer.from(text));
    return (known !== 0 ? known : this.#more.intern(text) + this.frozen - 1) as StringId;
  }

  compare(a: StringId, b: StringId): number {
    if (a === b) return 0;
    if (a < this.frozen && b < this.frozen) {
      return this.#bytes.compare(this.#bytes, this.#starts[b], this.#starts[b + 1], this.#starts[a], this.#starts[a + 1]);
    }
    const first = this.bytesOf(a).subarray(this.start(a), this.end(a));
    return Buffer.compare(first, this.bytesOf(b).subarray(this.start(b), this.end(b)));
  }

  startsWithSlash(id: number): boolean {
    return this.start(id) < this.end(id) && this.bytesOf(id)[this.start(id)] === 0x2f;
  }

  #find(bytes: Buffer): number {
    const mask = this.#slots.length - 1;
    let slot = hashBytes(bytes) & mask;
    for (;;) {
      const id = this.#slots[slot]!;
      if (id === 0) return 0;
      if (this.#bytes.compare(bytes, 0, bytes.length, this.#starts[id], this.#starts[id + 1]) === 0) return id;
      slot = (slot + 1) & mask;
    }
  }
}
