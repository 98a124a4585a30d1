import { IntList } from './int-list.ts';
import type { IdLists } from './pool.ts';

/** A list of lists that grows row by row. Row 0 is there and empty. */
export class ListBuilder {
  readonly ids = new IntList(1 << 12);
  readonly #starts = new IntList(1 << 10);

  constructor() {
    this.#starts.push(0);
    this.#starts.push(0);
  }

  closeRow(): void {
    this.#starts.push(this.ids.length);
  }

  /** Where the open row begins in `ids`. */
  rowStart(): number {
    return this.#starts.items[this.#starts.length - 1]!;
  }

  /** Empties the open row. */
  clearRow(): void {
    this.ids.length = this.rowStart();
  }

  freeze(): IdLists {
    const start = new Uint32Array(this.#starts.length);
    start.set(this.#starts.items.subarray(0, this.#starts.length));
    return { start, ids: this.ids.toArray() };
  }
}

/** A short text that is overwritten for every package, kept in one buffer. */
export class TextBuffer {
  bytes = new Uint8Array(256);
  length = 0;

  set(source: Uint8Array, start: number, end: number): void {
    this.length = end - start;
    if (this.length > this.bytes.length) this.bytes = new Uint8Array(2 * this.length);
    for (let i = start, to = 0; i < end; i++, to++) this.bytes[to] = source[i]!;
  }
}
