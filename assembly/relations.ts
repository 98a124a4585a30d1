/** Relations interned: equal ones have equal ids. Entry `i` is the relation with the id `-i`; entry 0 is unused. */
import { ByteList, IntList, zeros } from './memory';

export const names = new IntList(1 << 10);
export const evrs = new IntList(1 << 10);
export const flags = new ByteList(1 << 10);

/** Entries; at most half full. */
let slots: usize = zeros(4 << 11);
let mask: u32 = (1 << 11) - 1;

names.push(0);
evrs.push(0);
pushFlags(0);

/** An id of a string or a relation on either side; the id of the relation. */
export function relate(name: i32, flag: i32, evr: i32): i32 {
  let slot = hashOf(name, flag, evr) & mask;
  for (;;) {
    const entry = load<i32>(slots + ((<usize>slot) << 2));
    if (entry === 0) break;
    if (names.get(entry) === name && evrs.get(entry) === evr && load<u8>(flags.items + entry) === <u8>flag) return -entry;
    slot = (slot + 1) & mask;
  }
  const entry = names.length;
  names.push(name);
  evrs.push(evr);
  pushFlags(flag);
  store<i32>(slots + ((<usize>slot) << 2), entry);
  if (<u32>entry * 2 > mask) growSlots();
  return -entry;
}

function pushFlags(flag: i32): void {
  store<u8>(flags.reserve(1), <u8>flag);
  flags.length++;
}

function hashOf(name: i32, flag: i32, evr: i32): u32 {
  const hash = (<u32>name * 0x9e3779b1) ^ (<u32>evr * 0x85ebca6b) ^ flag;
  return ((hash ^ (hash >> 15)) * 0x2c1b3c6d) >> 7;
}

function growSlots(): void {
  heap.free(slots);
  const size = (<usize>mask + 1) * 2;
  slots = zeros(size << 2);
  mask = <u32>size - 1;
  for (let entry = 1; entry < names.length; entry++) {
    let slot = hashOf(names.get(entry), load<u8>(flags.items + entry), evrs.get(entry)) & mask;
    while (load<i32>(slots + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & mask;
    store<i32>(slots + ((<usize>slot) << 2), entry);
  }
}
