/**
 * Remembers what an `<rpm:entry .../>` meant by the hash of its bytes, so that one that was met before is not parsed again: in a
 * distribution three of four entries are repetitions, byte for byte. Whatever is remembered was parsed once by the real reader; the same
 * bytes at the same place of the grammar mean the same.
 *
 * 64 bits of hash stand for the bytes: among a million entries two have the same by chance once in forty million repositories. Who makes
 * them clash on purpose writes the document, and could have said the wrong thing outright.
 */
import { zeros } from './memory';
import { HIGHS, ONES } from './scanner';

const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;
const SECOND_MULTIPLIER: u64 = 0xd6e8feb86659fd93;
/** Bytes of a slot: the hash, what the entry meant, and four that are unused. */
const SLOT: i32 = 4;
/** Entries that are remembered at most; more are parsed every time. */
const MAX_ENTRIES: u32 = 1 << 22;
/** Slots that are looked at; a document made to clash is read without the memo. */
const MAX_PROBES: i32 = 64;

/** Of the last `find`: one past the `>`; 0 when there is none in sight. */
export let end: usize = 0;
/** What the entry of the last `find` meant. */
export let value: i32 = 0;
let lastHash: u64 = 0;
/** Where the entry of the last `find` would go; 0 when nowhere. */
let lastSlot: usize = 0;
let slots: usize = zeros(1 << (10 + SLOT));
let mask: u32 = (1 << 10) - 1;
let count: u32 = 0;

/** Whether the entry is known whose bytes begin at `start`, behind the element's name, and end with the next `>`. */
export function find(start: usize, limit: usize): bool {
  let hash: u64 = 0;
  let at = start;
  for (;;) {
    if (at >= limit) {
      end = 0;
      lastSlot = 0;
      return false;
    }
    const word = load<u64>(at);
    const x = word ^ 0x3e3e3e3e3e3e3e3e;
    const zero = (x - ONES) & ~x & HIGHS;
    if (zero !== 0) {
      // `lowest` is the high bit of the first `>`: everything up to it belongs to the entry.
      const lowest = zero & (~zero + 1);
      hash = (hash ^ (word & (lowest | (lowest - 1)))) * MULTIPLIER;
      at += <usize>(ctz(lowest) >> 3) + 1;
      break;
    }
    hash = (hash ^ word) * MULTIPLIER;
    hash ^= hash >> 32;
    at += 8;
  }
  end = at;
  hash = (hash ^ (hash >> 32) ^ <u64>(at - start)) * SECOND_MULTIPLIER;
  hash ^= hash >> 29;
  // 0 marks a slot that is free.
  hash |= 1;
  lastHash = hash;
  let slot = <u32>(hash >> 32) & mask;
  for (let probes = 0; probes < MAX_PROBES; probes++) {
    const entry = slots + ((<usize>slot) << SLOT);
    const known = load<u64>(entry);
    if (known === hash) {
      value = load<i32>(entry, 8);
      return true;
    }
    if (known === 0) {
      lastSlot = entry;
      return false;
    }
    slot = (slot + 1) & mask;
  }
  lastSlot = 0;
  return false;
}

/** Remembers `meaning` for the entry of the last `find`, which knew nothing. */
export function add(meaning: i32): void {
  if (lastSlot === 0 || count === MAX_ENTRIES) return;
  store<u64>(lastSlot, lastHash);
  store<i32>(lastSlot, meaning, 8);
  if (++count * 2 > mask) growSlots();
}

function growSlots(): void {
  const old = slots;
  const oldEnd = old + ((<usize>mask + 1) << SLOT);
  const size = (<usize>mask + 1) * 2;
  slots = zeros(size << SLOT);
  mask = <u32>size - 1;
  for (let entry = old; entry < oldEnd; entry += 1 << SLOT) {
    const hash = load<u64>(entry);
    if (hash === 0) continue;
    let slot = <u32>(hash >> 32) & mask;
    while (load<u64>(slots + ((<usize>slot) << SLOT)) !== 0) slot = (slot + 1) & mask;
    memory.copy(slots + ((<usize>slot) << SLOT), entry, 1 << SLOT);
  }
  heap.free(old);
}
