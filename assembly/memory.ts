/** Growable buffers and lists in linear memory. Nothing here is managed: every buffer has one owner. */

/** Room behind bytes, so that vectors can be read and words written across their end. */
const PADDING: i32 = 16;

/** A block of `size` bytes with the first `used` bytes of the old one, which is gone afterwards. */
function grown(block: usize, used: usize, size: usize): usize {
  const larger = heap.alloc(size);
  memory.copy(larger, block, used);
  heap.free(block);
  return larger;
}

/** A block of zeros. */
export function zeros(bytes: usize): usize {
  const block = heap.alloc(bytes);
  memory.fill(block, 0, bytes);
  return block;
}

/**
 * Copies `count` bytes, in words: what is copied here is short, and `memory.copy` is a call out of the module. Up to seven bytes behind both are read
 * and written over, which blocks have room for.
 */
export function copyShort(to: usize, from: usize, count: i32): void {
  for (let i = 0; i < count; i += 8) store<u64>(to + i, load<u64>(from + i));
}

/** Whether `count` bytes are the same; up to fifteen behind both are read. */
export function isSameBytes(a: usize, b: usize, count: i32): bool {
  for (let i = 0; i < count; i += 16) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i)));
    if (same !== 0xffff && i + ctz(~same) < count) return false;
  }
  return true;
}

/** A power of two of which so many take at most three quarters. */
export function slotsFor(count: i32): i32 {
  let size: i64 = 1 << 4;
  while (size * 3 < <i64>count * 4) size *= 2;
  return <i32>size;
}

export function isTooFull(slots: IntList, count: i32): bool {
  return <i64>slots.length * 3 < <i64>count * 4;
}

/** Puts an id where its hash says, or behind it: open addressing, a power of two, 0 where there is none. */
export function place(slots: IntList, hash: i32, id: i32): void {
  const mask = slots.length - 1;
  let slot = hash & mask;
  while (slots.get(slot) !== 0) slot = (slot + 1) & mask;
  slots.set(slot, id);
}

export function zeroList(length: i32): IntList {
  const list = new IntList(length);
  memory.fill(list.items, 0, (<usize>length) << 2);
  list.length = length;
  return list;
}

/** A list of 32-bit integers. */
@unmanaged
export class IntList {
  items: usize = 0;
  length: i32 = 0;
  capacity: i32 = 0;

  constructor(capacity: i32) {
    this.items = heap.alloc((<usize>capacity) << 2);
    this.capacity = capacity;
  }

  /** Room for so many. */
  reserve(capacity: i32): void {
    if (capacity <= this.capacity) return;
    this.items = grown(this.items, (<usize>this.length) << 2, (<usize>capacity) << 2);
    this.capacity = capacity;
  }

  push(value: i32): void {
    if (this.length === this.capacity) this.reserve(this.capacity * 2);
    store<i32>(this.items + ((<usize>this.length) << 2), value);
    this.length++;
  }

  get(index: i32): i32 {
    return load<i32>(this.items + ((<usize>index) << 2));
  }

  set(index: i32, value: i32): void {
    store<i32>(this.items + ((<usize>index) << 2), value);
  }

  free(): void {
    heap.free(this.items);
  }
}

/** The number column that was made last; the others hang on it. */
export let lastNumbers: NumberColumn | null = null;

/** A number of each package, 0 where a package does not have it. Columns know each other, so that a new one is declared in one place. */
@unmanaged
export class NumberColumn {
  items: usize = 0;
  length: i32 = 0;
  capacity: i32 = 1 << 9;
  /** The number of the open package. */
  next: f64 = 0;
  before: NumberColumn | null = lastNumbers;
  /** Its number in src/pool/primary-columns.ts. */
  number: i32;

  constructor(number: i32) {
    this.number = number;
    this.items = heap.alloc((<usize>this.capacity) << 3);
    lastNumbers = this;
    this.endRow();
  }

  endRow(): void {
    if (this.length === this.capacity) {
      this.items = grown(this.items, (<usize>this.length) << 3, (<usize>this.capacity) << 4);
      this.capacity *= 2;
    }
    store<f64>(this.items + ((<usize>this.length) << 3), this.next);
    this.length++;
    this.next = 0;
  }
}

/** null for a column of another kind. */
export function numbersOf(number: i32): NumberColumn | null {
  let numbers: NumberColumn | null = lastNumbers;
  while (numbers !== null && numbers.number !== number) numbers = numbers.before;
  return numbers;
}

/** Bytes that grow at the end. */
@unmanaged
export class ByteList {
  items: usize = 0;
  length: i32 = 0;
  capacity: i32 = 0;

  constructor(capacity: i32) {
    this.items = heap.alloc(capacity + PADDING);
    this.capacity = capacity;
  }

  free(): void {
    heap.free(this.items);
  }

  /** Room for `count` bytes more; returns where they go. */
  reserve(count: i32): usize {
    const needed = this.length + count;
    if (needed > this.capacity) {
      const capacity = max(needed, this.capacity * 2);
      this.items = grown(this.items, this.length, capacity + PADDING);
      this.capacity = capacity;
    }
    return this.items + this.length;
  }

  /** What is appended has at least seven bytes behind it that may be read. */
  append(from: usize, count: i32): void {
    copyShort(this.reserve(count), from, count);
    this.length += count;
  }
}
