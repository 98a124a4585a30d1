/** Relations interned: equal ones have equal ids. Entry `i` is the relation with the id `-i`; entry 0 is unused. */
import { ByteList, IntList, isTooFull, place, slotsFor, zeroList } from './memory';

export const names = new IntList(1 << 10);
export const evrs = new IntList(1 << 10);
export const flags = new ByteList(1 << 10);

/** Entries by hash, open addressing, a power of two; 0 where there is none. */
let slots: IntList = zeroList(1 << 11);

names.push(0);
evrs.push(0);
pushFlags(0);

/** Room for so many. */
export function expect(count: i32): void {
  names.reserve(count);
  evrs.reserve(count);
  flags.reserve(count);
  resize(max(slotsFor(count), slots.length));
}

/** An id of a string or a relation on either side; the id of the relation. */
export function relate(name: i32, flag: i32, evr: i32): i32 {
  const mask = slots.length - 1;
  let slot = hashOf(name, flag, evr) & mask;
  for (;;) {
    const entry = slots.get(slot);
    if (entry === 0) break;
    if (isThat(entry, name, flag, evr)) return -entry;
    slot = (slot + 1) & mask;
  }
  const entry = names.length;
  names.push(name);
  evrs.push(evr);
  pushFlags(flag);
  slots.set(slot, entry);
  if (isTooFull(slots, entry + 1)) resize(slots.length * 2);
  return -entry;
}

/** Entries by hash as `RelationColumns` in src/pool/relation-table.ts wants them, in the smallest table that is right for so many. */
export function finalSlots(): IntList {
  resize(slotsFor(names.length));
  return slots;
}

/** Where entries are depends on how many there are and on their order, and not on how the table grew. */
function resize(size: i32): void {
  if (size === slots.length) return;
  slots.free();
  slots = zeroList(size);
  for (let entry = 1; entry < names.length; entry++) {
    place(slots, hashOf(names.get(entry), <i32>load<u8>(flags.items + entry), evrs.get(entry)), entry);
  }
}

function isThat(entry: i32, name: i32, flag: i32, evr: i32): bool {
  return names.get(entry) === name && evrs.get(entry) === evr && load<u8>(flags.items + entry) === <u8>flag;
}

function pushFlags(flag: i32): void {
  store<u8>(flags.reserve(1), <u8>flag);
  flags.length++;
}

/** As `hashRelation` in src/pool/relation-table.ts. */
function hashOf(name: i32, flag: i32, evr: i32): i32 {
  const hash = (<u32>name * 0x9e3779b1) ^ (<u32>evr * 0x85ebca6b) ^ flag;
  return <i32>(((hash ^ (hash >> 15)) * 0x2c1b3c6d) >> 7);
}
