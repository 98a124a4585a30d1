/** Relations interned: equal ones have equal ids. Entry `i` is the relation with the id `-i`; entry 0 is unused. */
import { ByteList, emptySlots, IntList, rehashed } from './memory';

export const names = new IntList(1 << 10);
export const evrs = new IntList(1 << 10);
export const flags = new ByteList(1 << 10);

/** Hash and entry, side by side; at most half full. */
let slots: usize = emptySlots(1 << 11);
let mask: u32 = (1 << 11) - 1;

names.push(0);
evrs.push(0);
pushFlags(0);

/** Room for so many; a power of two. */
export function expect(count: usize): void {
  if (count <= <usize>mask + 1) return;
  slots = rehashed(slots, <usize>mask + 1, count);
  mask = <u32>count - 1;
}

/** An id of a string or a relation on either side; the id of the relation. */
export function relate(name: i32, flag: i32, evr: i32): i32 {
  const hash = hashOf(name, flag, evr);
  let slot = hash & mask;
  for (;;) {
    const at = slots + ((<usize>slot) << 3);
    const entry = load<i32>(at, 4);
    if (entry === 0) break;
    if (load<u32>(at) === hash && isThat(entry, name, flag, evr)) return -entry;
    slot = (slot + 1) & mask;
  }
  const entry = names.length;
  names.push(name);
  evrs.push(evr);
  pushFlags(flag);
  const at = slots + ((<usize>slot) << 3);
  store<u32>(at, hash);
  store<i32>(at, entry, 4);
  if (<u32>entry * 2 > mask) {
    const size = (<usize>mask + 1) * 2;
    slots = rehashed(slots, <usize>mask + 1, size);
    mask = <u32>size - 1;
  }
  return -entry;
}

function isThat(entry: i32, name: i32, flag: i32, evr: i32): bool {
  return names.get(entry) === name && evrs.get(entry) === evr && load<u8>(flags.items + entry) === <u8>flag;
}

function pushFlags(flag: i32): void {
  store<u8>(flags.reserve(1), <u8>flag);
  flags.length++;
}

/** As `hashRelation` in src/pool/relation-table.ts. */
export function hashOf(name: i32, flag: i32, evr: i32): u32 {
  const hash = (<u32>name * 0x9e3779b1) ^ (<u32>evr * 0x85ebca6b) ^ flag;
  return ((hash ^ (hash >> 15)) * 0x2c1b3c6d) >> 7;
}
