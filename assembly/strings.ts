/** Strings interned by their bytes, laid out as `StringColumns` in src/pool/string-table.ts has them. Id 0 is "none", id 1 the empty string. */
import { ByteList, emptySlots, IntList, isSameBytes, rehashed } from './memory';

/** Id of the empty string. */
export const EMPTY: i32 = 1;

export const bytes = new ByteList(1 << 14);
/** One more than there are strings. */
export const starts = new IntList(1 << 10);
export const hashes = new IntList(1 << 10);

/** Hash and id of each string, side by side; at most half full. */
let slots: usize = emptySlots(1 << 11);
let mask: u32 = (1 << 11) - 1;

starts.push(0);
starts.push(0);
hashes.push(0);
intern(0, 0);

/** Room for so many; a power of two. */
export function expect(count: usize): void {
  if (count <= <usize>mask + 1) return;
  slots = rehashed(slots, <usize>mask + 1, count);
  mask = <u32>count - 1;
}

/** As `hashBytes` in src/pool/string-table.ts: four bytes at a time, the last ones alone. */
function hashOf(from: usize, to: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    hash = (hash ^ load<u32>(at)) * 0x2c1b3c6d;
    hash ^= hash >> 15;
  }
  for (; at < to; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash ^ (hash >> 16);
}

export function intern(from: usize, to: usize): i32 {
  const hash = hashOf(from, to);
  let slot = hash & mask;
  for (;;) {
    const at = slots + ((<usize>slot) << 3);
    const id = load<i32>(at, 4);
    if (id === 0) break;
    if (load<u32>(at) === hash && isSame(id, from, to)) return id;
    slot = (slot + 1) & mask;
  }
  const id = hashes.length;
  bytes.append(from, <i32>(to - from));
  starts.push(bytes.length);
  hashes.push(hash);
  const at = slots + ((<usize>slot) << 3);
  store<u32>(at, hash);
  store<i32>(at, id, 4);
  if (<u32>id * 2 > mask) growSlots();
  return id;
}

function isSame(id: i32, from: usize, to: usize): bool {
  const start = starts.get(id);
  const length = <i32>(to - from);
  return starts.get(id + 1) - start === length && isSameBytes(bytes.items + start, from, length);
}

function growSlots(): void {
  const size = (<usize>mask + 1) * 2;
  slots = rehashed(slots, <usize>mask + 1, size);
  mask = <u32>size - 1;
}
