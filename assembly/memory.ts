/** Growable buffers and lists in linear memory. Nothing here is managed: every buffer has one owner. */

/** A block of at least `needed` bytes with the first `used` bytes of the old one, which is gone afterwards. */
export function grown(block: usize, used: usize, needed: usize, capacity: usize): usize {
  const larger = heap.alloc(max(needed, capacity * 2));
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

  push(value: i32): void {
    if (this.length === this.capacity) this.grow();
    store<i32>(this.items + ((<usize>this.length) << 2), value);
    this.length++;
  }

  get(index: i32): i32 {
    return load<i32>(this.items + ((<usize>index) << 2));
  }

  set(index: i32, value: i32): void {
    store<i32>(this.items + ((<usize>index) << 2), value);
  }

  private grow(): void {
    this.items = grown(this.items, (<usize>this.length) << 2, 0, (<usize>this.capacity) << 2);
    this.capacity *= 2;
  }
}

/** A list of 64-bit floating-point numbers. */
@unmanaged
export class NumberList {
  items: usize = 0;
  length: i32 = 0;
  capacity: i32 = 0;

  constructor(capacity: i32) {
    this.items = heap.alloc((<usize>capacity) << 3);
    this.capacity = capacity;
  }

  push(value: f64): void {
    if (this.length === this.capacity) {
      this.items = grown(this.items, (<usize>this.length) << 3, 0, (<usize>this.capacity) << 3);
      this.capacity *= 2;
    }
    store<f64>(this.items + ((<usize>this.length) << 3), value);
    this.length++;
  }
}

/** Bytes that grow at the end. */
@unmanaged
export class ByteList {
  items: usize = 0;
  length: i32 = 0;
  capacity: i32 = 0;

  constructor(capacity: i32) {
    this.items = heap.alloc(capacity);
    this.capacity = capacity;
  }

  /** Room for `count` bytes more; returns where they go. */
  reserve(count: i32): usize {
    const needed = this.length + count;
    if (needed > this.capacity) {
      this.items = grown(this.items, this.length, needed, this.capacity);
      this.capacity = max(needed, this.capacity * 2);
    }
    return this.items + this.length;
  }

  append(from: usize, count: i32): void {
    memory.copy(this.reserve(count), from, count);
    this.length += count;
  }
}
