/**
 * Strings interned by their bytes, laid out as `FrozenStringColumns` in src/pool/frozen-strings.ts has them. Id 0 is "none", id 1 the
 * empty string.
 */
import { ByteList, IntList, isSameBytes, isTooFull, place, slotsFor, zeroList } from './memory';

/** Id of the empty string. */
export const EMPTY: i32 = 1;

export const bytes = new ByteList(1 << 14);
/** One more than there are strings. */
export const starts = new IntList(1 << 10);
/** Ids by hash, open addressing, a power of two; 0 where there is none. */
let slots: IntList = zeroList(1 << 11);

starts.push(0);
starts.push(0);
intern(0, 0);

/** Room for so many strings, which have so many bytes. */
export function expect(strings: i32, length: i32): void {
  bytes.reserve(length);
  starts.reserve(strings);
  resize(max(slotsFor(strings), slots.length));
}

/** One more than the last id. */
export function count(): i32 {
  return starts.length - 1;
}

export function intern(from: usize, to: usize): i32 {
  const length = <i32>(to - from);
  const mask = slots.length - 1;
  let slot = hashOf(from, length) & mask;
  for (;;) {
    const id = slots.get(slot);
    if (id === 0) break;
    const start = starts.get(id);
    if (starts.get(id + 1) - start === length && isSameBytes(bytes.items + start, from, length)) return id;
    slot = (slot + 1) & mask;
  }
  const id = count();
  bytes.append(from, length);
  starts.push(bytes.length);
  slots.set(slot, id);
  if (isTooFull(slots, id + 1)) resize(slots.length * 2);
  return id;
}

/** Ids by hash as `FrozenStringColumns` wants them, in the smallest table that is right for so many. */
export function finalSlots(): IntList {
  resize(slotsFor(count()));
  return slots;
}

/** Where ids are depends on how many there are and on their order, and not on how the table grew. */
function resize(size: i32): void {
  if (size === slots.length) return;
  slots.free();
  slots = zeroList(size);
  for (let id = 1; id < count(); id++) {
    const start = starts.get(id);
    place(slots, hashOf(bytes.items + start, starts.get(id + 1) - start), id);
  }
}

/** As `hashBytes` in src/pool/string-table.ts: eight bytes at a time in two sums, so that one need not wait for the other. */
function hashOf(from: usize, length: i32): i32 {
  let even: u32 = 0x811c9dc5;
  let odd: u32 = 0x01000193;
  let at = from;
  let rest = length;
  for (; rest > 0; rest -= 8, at += 8) {
    let word = load<u64>(at);
    if (rest < 8) word &= ((<u64>1) << ((<u64>rest) << 3)) - 1;
    even = (even ^ <u32>word) * 0x2c1b3c6d;
    even ^= even >> 15;
    odd = (odd ^ <u32>(word >> 32)) * 0x85ebca6b;
    odd ^= odd >> 13;
  }
  const hash = even ^ (odd * 0x9e3779b1);
  return <i32>(hash ^ (hash >> 16));
}
