/**
 * Remembers what an `<rpm:entry .../>` meant by its bytes, so that one that was met before is not parsed again: in a distribution
 * three of four entries are repetitions, byte for byte. Whatever is remembered was parsed once by the real reader; the same bytes at the
 * same place of the grammar mean the same.
 */

const GREATER_WORD = 0x3e3e3e3e;
const ONES = 0x01010101;
const HIGHS = 0x80808080 | 0;
const MULTIPLIER = 0x2c1b3c6d;

/** What is remembered at most, in bytes of entries; more is parsed every time. */
const MAX_ARENA_BYTES = 64 * 1024 * 1024;
/** Entries with clashing hashes that are looked at; a document made to clash is read without the memo. */
const MAX_PROBES = 64;

export class EntryMemo {
  /** Of the last `find`: one past the `>`; -1 when there is none in sight. */
  end = 0;
  /** Hash and place in the arena of each entry, side by side: what is looked at together lies together. */
  #slots = new Int32Array(1 << 15);
  #count = 0;
  /** Of each entry: length in bytes, value, and the bytes, padded with zeros to a whole word. Place 0 is "none". */
  #arena = new Int32Array(1 << 16);
  #used = 1;
  #hash = 0;
  #slot = -1;

  /** The place of the entry whose bytes begin at `start`, behind the element's name, and end with the next `>`; 0 if unknown. */
  find(view: DataView, start: number, limit: number): number {
    let hash = 0;
    let i = start;
    for (;;) {
      if (i >= limit) {
        this.end = -1;
        this.#slot = -1;
        return 0;
      }
      const word = view.getInt32(i, true);
      const x = word ^ GREATER_WORD;
      const zero = (x - ONES) & ~x & HIGHS;
      if (zero !== 0) {
        // `lowest` is the high bit of the first `>`: everything up to it belongs to the entry.
        const lowest = zero & -zero;
        hash = Math.imul(hash ^ (word & (lowest | (lowest - 1))), MULTIPLIER);
        i += ((31 - Math.clz32(lowest)) >>> 3) + 1;
        break;
      }
      hash = Math.imul(hash ^ word, MULTIPLIER);
      hash ^= hash >>> 15;
      i += 4;
    }
    hash ^= hash >>> 13;
    this.end = i;
    this.#hash = hash;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const place = slots[slot + 1]!;
      if (place === 0) {
        this.#slot = slot;
        return 0;
      }
      if (slots[slot] === hash && this.#isSame(place, view, start, i - start)) return place;
      slot = (slot + 2) & mask;
    }
    this.#slot = -1;
    return 0;
  }

  /** What was remembered at a place. */
  value(place: number): number {
    return this.#arena[place + 1]!;
  }

  /** Remembers `value` for the bytes of the last `find`, which knew nothing. */
  add(view: DataView, start: number, value: number): void {
    if (this.#slot < 0 || this.#used * 4 > MAX_ARENA_BYTES) return;
    const place = this.#used;
    const length = this.end - start;
    const words = (length + 3) >> 2;
    if (place + 2 + words > this.#arena.length) this.#growArena(place + 2 + words);
    const arena = this.#arena;
    arena[place] = length;
    arena[place + 1] = value;
    for (let word = 0; word < words; word++) arena[place + 2 + word] = view.getInt32(start + 4 * word, true);
    const rest = length & 3;
    if (rest !== 0) arena[place + 1 + words]! &= (1 << (8 * rest)) - 1;
    this.#used = place + 2 + words;
    this.#slots[this.#slot] = this.#hash;
    this.#slots[this.#slot + 1] = place;
    if (++this.#count * 4 > this.#slots.length) this.#growSlots();
  }

  #isSame(place: number, view: DataView, start: number, length: number): boolean {
    const arena = this.#arena;
    if (arena[place] !== length) return false;
    const last = start + (length & ~3);
    let at = place + 2;
    let i = start;
    for (; i < last; i += 4) if (arena[at++] !== view.getInt32(i, true)) return false;
    const rest = length & 3;
    return rest === 0 || arena[at] === (view.getInt32(i, true) & ((1 << (8 * rest)) - 1));
  }

  #growArena(needed: number): void {
    const arena = new Int32Array(Math.max(this.#arena.length * 2, needed));
    arena.set(this.#arena);
    this.#arena = arena;
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = (old[i]! << 1) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[i]!;
      slots[slot + 1] = old[i + 1]!;
    }
    this.#slots = slots;
  }
}
