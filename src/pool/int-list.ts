/** A growable list of 32-bit integers. `items` may be longer than `length`; read only below it. */
export class IntList {
  items: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.items = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.items.length) this.#grow(this.length + 1);
    this.items[this.length++] = value;
  }

  /** Appends unless the value already exists; linear, for short lists. */
  pushUnique(value: number): void {
    for (let i = 0; i < this.length; i++) if (this.items[i] === value) return;
    this.push(value);
  }

  append(values: Int32Array, start = 0, end = values.length): void {
    const count = end - start;
    if (this.length + count > this.items.length) this.#grow(this.length + count);
    for (let i = start; i < end; i++) this.items[this.length++] = values[i]!;
  }

  /** Allocates space for `count` entries. */
  reserve(count: number): void {
    if (count > this.items.length) this.#grow(count);
  }

  /** Removes `count` entries at `index`. */
  remove(index: number, count: number): void {
    this.items.copyWithin(index, index + count, this.length);
    this.length -= count;
  }

  toArray(): Int32Array {
    return this.items.slice(0, this.length);
  }

  /** Overwrites the list. */
  assign(values: ArrayLike<number>): void {
    if (values.length > this.items.length) this.#grow(values.length);
    for (let i = 0; i < values.length; i++) this.items[i] = values[i]!;
    this.length = values.length;
  }

  #grow(needed: number): void {
    const grown = new Int32Array(Math.max(needed, this.items.length * 2));
    grown.set(this.items);
    this.items = grown;
  }
}
