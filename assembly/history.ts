/**
 * Remembers what entries there were and what they meant, so that one which comes again is not parsed again: lists of a package are mostly those
 * of its last version, entry by entry, byte for byte. Whatever is remembered was parsed once by the real reader; the same bytes at the
 * same place of the grammar mean the same. Where only the version is another, the name at least is known.
 *
 * Every list begins where that of the same kind began in the last package of that name. An entry that is not the expected one leads to what
 * came behind it the last time, unless only its version is another.
 */
import { ByteList, IntList, isSameBytes, zeros } from './memory';
import * as packages from './packages';
import { relate } from './relations';
import * as scanner from './scanner';
import * as strings from './strings';

/** It begins anew when what is behind names takes more, or so many entries have come. */
const MAX_BYTES: i32 = 1 << 25;
const MAX_ENTRIES: i32 = 1 << 23;
const KINDS = packages.KINDS;
/** ` name="`, with which an entry begins whose name is known. */
const NAME: u64 = 0x223d656d616e20;
const NAME_MASK: u64 = 0xffffffffffffff;
const NAME_BYTES: usize = 7;
const QUOTE: i32 = 0x22;
const OPEN_PARENTHESIS: i32 = 0x28;
/** `</file>` */
const CLOSE_FILE: u64 = 0x3e656c69662f3c;
const CLOSE_FILE_BYTES: usize = 7;
const CLOSE_FILE_MASK: u64 = 0xffffffffffffff;
const EQUAL: i32 = 2;

/** Three places for each entry: the id of its name (0 when that is not its first attribute or not plain), where its tail is, what it means. */
const entries = new IntList(1 << 10);
/** Tails: what an entry has behind its name, from the closing quote on (or all of it), each behind its length and what it means. */
const tails = new ByteList(1 << 12);
const TAIL_HEADER: usize = 16;
/** The tail of a name alone, `"/>`. */
let bareTail: i32 = 0;
/** That of the name and version of the open package, as it provides itself, and the one that was read last; -1 for none. */
let packageTail: i32 = -1;
let lastTail: i32 = -1;
/** Where that of the package is put together. */
const text = new ByteList(256);
/** For each entry that came, where it is in `entries`. */
const order = new IntList(1 << 10);
/** By id of a string or a relation: the place behind that where it came last as something unexpected. */
const placesOfNames = new IntList(1 << 10);
const placesOfRelations = new IntList(1 << 10);
/** By name of a package, where its row in `lists` is: for each kind the place where its list began, and where its files did. */
const rows = new IntList(1 << 10);
const lists = new IntList(1 << 10);
/** The row of the package that is read; -1 when its name is not known yet. */
let row: i32 = -1;
/** The place of the entry that is expected, and of the file; -1 when none is. */
let expected: i32 = -1;
let expectedFile: i32 = -1;

/** Of the last `find` or `findFile`: one past what was found, and what it meant. */
export let end: usize = 0;
export let value: i32 = 0;
/** Of a `find` without success: where the closing quote of the name is when that is the expected one, otherwise 0, and its id. */
export let nameEnd: usize = 0;
export let nameId: i32 = 0;

addBareTail();

/** Room for what documents of so many bytes have. */
export function expect(length: i32): void {
  entries.reserve(length / 96);
  tails.reserve(length / 16);
  order.reserve(length / 96);
}

/** A package begins; its name is not known before `namePackage`. */
export function openPackage(): void {
  if (tails.length > MAX_BYTES || order.length > MAX_ENTRIES) forget();
  packageTail = -1;
  row = -1;
  expectedFile = -1;
}

export function namePackage(name: i32): void {
  while (name >= rows.length) rows.push(-1);
  row = rows.get(name);
  if (row < 0) {
    row = lists.length;
    rows.set(name, row);
    for (let i = 0; i <= KINDS; i++) lists.push(-1);
  }
  expectedFile = lists.get(row + KINDS);
  lists.set(row + KINDS, packages.files.length);
}

/** A list of that kind begins. */
export function openList(kind: i32): void {
  expected = -1;
  if (row < 0) return;
  expected = lists.get(row + kind);
  lists.set(row + kind, order.length);
}

/** Whether the entry that begins at `start`, behind the element's name, is the expected one, which ends before `limit`. */
export function find(start: usize, limit: usize): bool {
  nameEnd = 0;
  if (<u32>expected >= <u32>order.length) return false;
  const place = order.get(expected);
  const entry = entries.items + ((<usize>place) << 2);
  const name = load<i32>(entry);
  let at = start;
  if (name !== 0) {
    if ((load<u64>(start) & NAME_MASK) !== NAME) return false;
    const text = strings.starts.get(name);
    const length = strings.starts.get(name + 1) - text;
    at += NAME_BYTES;
    if (at + length >= limit || !isSameBytes(strings.bytes.items + text, at, length)) return false;
    at += length;
    if (scanner.byteAt(at) !== QUOTE) return false;
    nameEnd = at;
    nameId = name;
  }
  const tail = tails.items + load<i32>(entry, 4);
  const length = load<i32>(tail);
  if (at + length > limit || !isSameBytes(tail + TAIL_HEADER, at, length)) return false;
  end = at + length;
  value = load<i32>(entry, 8);
  order.push(place);
  expected++;
  return true;
}

/** The closing quote of the name of the entry that begins at `start`, when that is its first attribute and stands there as it is; otherwise 0. */
export function plainNameEnd(start: usize): usize {
  if ((load<u64>(start) & NAME_MASK) !== NAME) return 0;
  const from = start + NAME_BYTES;
  // It may be a rich dependency.
  if (scanner.byteAt(from) === OPEN_PARENTHESIS) return 0;
  const to = scanner.plainEnd(from);
  return to < scanner.end && scanner.byteAt(to) === QUOTE ? to : 0;
}

/** The id of the name of an entry for which the last `find` had no success, which ends at that quote. */
export function nameOf(start: usize, quote: usize): i32 {
  return nameEnd !== 0 ? nameId : strings.intern(start + NAME_BYTES, quote);
}

/** The tail that begins at `quote` when it is one that often comes; otherwise -1. */
export function usualTail(quote: usize): i32 {
  if (isTail(bareTail, quote)) return bareTail;
  if (packageTail >= 0 && isTail(packageTail, quote)) return packageTail;
  return lastTail >= 0 && isTail(lastTail, quote) ? lastTail : -1;
}

function isTail(place: i32, quote: usize): bool {
  const tail = tails.items + place;
  const length = load<i32>(tail);
  return quote + length <= scanner.end && isSameBytes(tail + TAIL_HEADER, quote, length);
}

export function tailLength(place: i32): i32 {
  return load<i32>(tails.items + place);
}

/** What an entry means that has this name and tail. */
export function meaningOf(name: i32, place: i32): i32 {
  const tail = tails.items + place;
  const flags = load<i32>(tail, 4);
  return (flags === 0 ? name : relate(name, flags, load<i32>(tail, 8))) * 2 + load<i32>(tail, 12);
}

/** Remembers a tail that is none of the usual ones; now it is. */
export function addTail(from: usize, to: usize, flags: i32, evr: i32, isPre: i32): i32 {
  lastTail = keep(from, to, flags, evr, isPre);
  return lastTail;
}

function keep(from: usize, to: usize, flags: i32, evr: i32, isPre: i32): i32 {
  const place = (tails.length + 3) & ~3;
  const length = <i32>(to - from);
  tails.reserve(length + <i32>TAIL_HEADER + 4);
  tails.length = place + <i32>TAIL_HEADER;
  const tail = tails.items + place;
  store<i32>(tail, length);
  store<i32>(tail, flags, 4);
  store<i32>(tail, evr, 8);
  store<i32>(tail, isPre, 12);
  tails.append(from, length);
  return place;
}

/** The version of the open package, as its attributes say it, `epoch="..." ver="..." rel="..."` in any order. */
export function nameVersion(from: usize, to: usize, evr: i32): void {
  text.length = 0;
  // `" flags="EQ" `
  store<u64>(text.reserve(16), 0x3d7367616c662022);
  store<u32>(text.items, 0x22514522, 8);
  store<u8>(text.items, 0x20, 12);
  text.length = 13;
  text.append(from, <i32>(to - from));
  store<u16>(text.reserve(2), 0x3e2f);
  text.length += 2;
  packageTail = keep(text.items, text.items + text.length, EQUAL, evr, 0);
}

/** Remembers an entry for which the last `find` had no success. */
export function add(name: i32, tail: i32, meaning: i32): void {
  const id = meaning >> 1;
  const places = id < 0 ? placesOfRelations : placesOfNames;
  const at = id < 0 ? -id : id;
  while (at >= places.length) places.push(-1);
  order.push(entries.length);
  entries.push(name);
  entries.push(tail);
  entries.push(meaning);
  expected = nameEnd === 0 ? places.get(at) : expected + 1;
  places.set(at, order.length);
}

/** Remembers an entry as a whole for which the last `find` had no success. */
export function addWhole(from: usize, to: usize, meaning: i32): void {
  add(0, keep(from, to, 0, strings.EMPTY, 0), meaning);
}

/** Whether the path that begins at `start` is that of the expected file; its id is the `value` then, and `end` behind the end tag. */
export function findFile(start: usize, limit: usize): bool {
  if (<u32>expectedFile >= <u32>packages.files.length) return false;
  const path = packages.files.get(expectedFile);
  const text = strings.starts.get(path);
  const length = strings.starts.get(path + 1) - text;
  end = start + length + CLOSE_FILE_BYTES;
  if (end > limit || !isSameBytes(strings.bytes.items + text, start, length)) return false;
  if ((load<u64>(start + length) & CLOSE_FILE_MASK) !== CLOSE_FILE) return false;
  value = path;
  passFile();
  return true;
}

/** After a file that was not the expected one: the next may be. */
export function passFile(): void {
  if (expectedFile >= 0) expectedFile++;
}

/** Gives all of its memory back; nothing more is read. */
export function free(): void {
  entries.free();
  tails.free();
  order.free();
  placesOfNames.free();
  placesOfRelations.free();
  rows.free();
  lists.free();
}

function forget(): void {
  entries.length = 0;
  tails.length = 0;
  order.length = 0;
  placesOfNames.length = 0;
  placesOfRelations.length = 0;
  rows.length = 0;
  lists.length = 0;
  expected = -1;
  lastTail = -1;
  addBareTail();
}

function addBareTail(): void {
  const at = zeros(32);
  store<u32>(at, 0x3e2f22);
  bareTail = keep(at, at + 3, 0, strings.EMPTY, 0);
  heap.free(at);
}
