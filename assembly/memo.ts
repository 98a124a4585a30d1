/**
 * Remembers what an `<rpm:entry .../>` meant by the hash of its bytes, so that one that was met before is not parsed again: in a
 * distribution three of four entries are repetitions, byte for byte. Whatever is remembered was parsed once by the real reader; the same
 * bytes at the same place of the grammar mean the same.
 *
 * 64 bits of hash stand for the bytes: among a million entries two have the same by chance once in forty million repositories. Who makes
 * them clash on purpose writes the document, and could have said the wrong thing outright.
 */
import { emptySlots, LongList, rehashed } from './memory';
import { HIGHS, ONES } from './scanner';

const MULTIPLIER: u64 = 0x9e3779b97f4a7c15;
const SECOND_MULTIPLIER: u64 = 0xd6e8feb86659fd93;
const GREATERS: u64 = 0x3e3e3e3e3e3e3e3e;
/** Entries that are remembered at most; more are parsed every time. */
const MAX_ENTRIES: i32 = 1 << 22;
/** Slots that are looked at; a document made to clash is read without the memo. */
const MAX_PROBES: i32 = 64;

/** Everything up to and with the lowest bit that is set: what belongs to the entry, for the high bit of the first `>`. */
function through(bits: u64): u64 {
  const lowest = bits & (~bits + 1);
  return lowest | (lowest - 1);
}

/** Of the last `find`: one past the `>`; 0 when there is none in sight. */
export let end: usize = 0;
/** What the entry of the last `find` meant. */
export let value: i32 = 0;
let lastHash: u64 = 0;
/** Where the number of the entry of the last `find` would go; 0 when nowhere. */
let lastSlot: usize = 0;
/** Hash and meaning of each entry, in the order in which they were first met. Lists repeat each other: the next entry is often the one that came next before. */
const entries = new LongList(1 << 11);
let next: i32 = 0;
/** Part of the hash and number of each entry, counted from 1, side by side; at most half full. */
let slots: usize = emptySlots(1 << 10);
let mask: u32 = (1 << 10) - 1;

/** Room for so many entries; a power of two. */
export function expect(count: usize): void {
  if (count <= <usize>mask + 1 || entries.length > 0) return;
  heap.free(slots);
  slots = emptySlots(count);
  mask = <u32>count - 1;
}

/** Whether the entry is known whose bytes begin at `start`, behind the element's name, and end with the next `>`. */
export function find(start: usize, limit: usize): bool {
  // Two sums side by side, so that one need not wait for the other.
  let even: u64 = 0;
  let odd: u64 = 0;
  let at = start;
  for (;;) {
    if (at >= limit) {
      end = 0;
      lastSlot = 0;
      return false;
    }
    const first = load<u64>(at);
    const second = load<u64>(at, 8);
    const x = first ^ GREATERS;
    const y = second ^ GREATERS;
    const inFirst = (x - ONES) & ~x & HIGHS;
    const inSecond = (y - ONES) & ~y & HIGHS;
    if (inFirst !== 0) {
      even = (even ^ (first & through(inFirst))) * MULTIPLIER;
      at += <usize>(ctz(inFirst) >> 3) + 1;
      break;
    }
    even = (even ^ first) * MULTIPLIER;
    if (inSecond !== 0) {
      odd = (odd ^ (second & through(inSecond))) * SECOND_MULTIPLIER;
      at += <usize>(ctz(inSecond) >> 3) + 9;
      break;
    }
    odd = (odd ^ second) * SECOND_MULTIPLIER;
    even ^= even >> 32;
    odd ^= odd >> 32;
    at += 16;
  }
  if (at > limit) {
    end = 0;
    lastSlot = 0;
    return false;
  }
  end = at;
  even ^= even >> 32;
  odd ^= odd >> 29;
  let hash = (even + ((odd << 23) | (odd >> 41)) + <u64>(at - start)) * SECOND_MULTIPLIER;
  hash ^= hash >> 29;
  lastHash = hash;
  if (next < entries.length && entries.get(next) === hash) return isKnown(next);
  const tag = <u32>hash;
  let slot = tag & mask;
  for (let probes = 0; probes < MAX_PROBES; probes++) {
    const at = slots + ((<usize>slot) << 3);
    const number = load<i32>(at, 4);
    if (number === 0) {
      lastSlot = at;
      return false;
    }
    if (load<u32>(at) === tag && entries.get(2 * number - 2) === hash) return isKnown(2 * number - 2);
    slot = (slot + 1) & mask;
  }
  lastSlot = 0;
  return false;
}

function isKnown(at: i32): bool {
  value = <i32>entries.get(at + 1);
  next = at + 2;
  return true;
}

/** Remembers `meaning` for the entry of the last `find`, which knew nothing. */
export function add(meaning: i32): void {
  if (lastSlot === 0 || entries.length === 2 * MAX_ENTRIES) return;
  entries.push(lastHash);
  entries.push(<u64>(<u32>meaning));
  next = entries.length;
  store<u32>(lastSlot, <u32>lastHash);
  store<i32>(lastSlot, entries.length >> 1, 4);
  if (<u32>entries.length > mask) {
    const size = (<usize>mask + 1) * 2;
    slots = rehashed(slots, <usize>mask + 1, size);
    mask = <u32>size - 1;
  }
}
