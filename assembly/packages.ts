/** The columns of packages, as `PoolColumns` in src/pool/pool-columns.ts has them, filled package by package. Row 0 is unused. */
import { BUILD_TIME, COLD_FIELDS, LOCATION, SIZE } from '../src/pool/primary-columns';
import { ByteList, IntList, lastNumbers, NumberColumn } from './memory';
import { relate } from './relations';
import * as strings from './strings';

export const KINDS: i32 = 8;
export const PROVIDES: i32 = 0;
const REQUIRES: i32 = 1;
const EQUAL: i32 = 2;

export const name = new IntList(1 << 9);
export const evr = new IntList(1 << 9);
export const arch = new IntList(1 << 9);
export const size = new NumberColumn(SIZE);
export const buildTime = new NumberColumn(BUILD_TIME);
export const files = new IntList(1 << 10);
export const fileStarts = new IntList(1 << 9);
export const cold = new ByteList(1 << 14);
/** `COLD_FIELDS` ends for every row, into `cold`. */
export const coldEnds = new IntList(1 << 11);
/** Rows whose location needs a closer look. */
export const odd = new IntList(16);
/** By kind. */
const lists: usize = heap.alloc(KINDS * sizeof<usize>());
const listStarts: usize = heap.alloc(KINDS * sizeof<usize>());

/** What is known of the open package. */
let packageName: i32 = 0;
let packageEvr: i32 = 0;
let packageArch: i32 = 0;
/** By field: its text. */
const texts: usize = heap.alloc(COLD_FIELDS * sizeof<usize>());
let isOdd: bool = false;
/** Requirements of the open package before which it must be installed (`pre="1"`). */
const pre = new IntList(64);
/** Whether something was required both ways: it counts as `pre` only. */
let hasMoved: bool = false;
/** For each dependency, which package had it last, in the upper bits, and in which of its lists: what is there already is not added again. */
const seenNames = new IntList(1 << 10);
const seenRelations = new IntList(1 << 10);
/** A bit for each kind, and one for requirements marked `pre`. */
const PRE: u32 = 1 << KINDS;
const LISTS: u32 = 2 * PRE - 1;
let openPackage: u32 = LISTS + 1;

const SRC: i32 = internWord(0x00637273, 3);
const NOSRC: i32 = internNosrc();

for (let kind = 0; kind < KINDS; kind++) {
  const starts = new IntList(1 << 9);
  starts.push(0);
  starts.push(0);
  store<usize>(lists + kind * sizeof<usize>(), changetype<usize>(new IntList(1 << 10)));
  store<usize>(listStarts + kind * sizeof<usize>(), changetype<usize>(starts));
}
name.push(0);
evr.push(0);
arch.push(0);
fileStarts.push(0);
fileStarts.push(0);
for (let field = 0; field < COLD_FIELDS; field++) {
  store<usize>(texts + field * sizeof<usize>(), changetype<usize>(new ByteList(256)));
  coldEnds.push(0);
}

/** Room for what documents of so many bytes have. */
export function expect(length: i32): void {
  listOf(PROVIDES).reserve(length / 160);
  listOf(REQUIRES).reserve(length / 160);
  files.reserve(length / 1024);
  cold.reserve(length / 16);
  seenNames.reserve(length / 512);
  seenRelations.reserve(length / 512);
}

/** Gives the memory back that only reading needs. */
export function freeSeen(): void {
  seenNames.free();
  seenRelations.free();
}

export function listOf(kind: i32): IntList {
  return changetype<IntList>(load<usize>(lists + kind * sizeof<usize>()));
}

export function startsOf(kind: i32): IntList {
  return changetype<IntList>(load<usize>(listStarts + kind * sizeof<usize>()));
}

/** Returns its id. */
export function setName(from: usize, to: usize): i32 {
  packageName = strings.intern(from, to);
  return packageName;
}

/** Returns its id. */
export function setEvr(from: usize, to: usize): i32 {
  packageEvr = strings.intern(from, to);
  return packageEvr;
}

export function setArch(from: usize, to: usize): void {
  packageArch = strings.intern(from, to);
}

export function setLocation(from: usize, to: usize, isOddPlace: bool): void {
  setText(LOCATION, from, to);
  isOdd = isOddPlace;
}

/** Sets one of the texts that go into `cold`. */
export function setText(field: i32, from: usize, to: usize): void {
  const text = textOf(field);
  text.length = 0;
  text.append(from, <i32>(to - from));
}

function textOf(field: i32): ByteList {
  return changetype<ByteList>(load<usize>(texts + field * sizeof<usize>()));
}

export function addFile(from: usize, to: usize): void {
  files.push(strings.intern(from, to));
}

/** What is there already is not added again. Requirements marked `pre` come behind the others, as libsolv has them. */
export function addDependency(kind: i32, id: i32, isPre: bool): void {
  const seen = id < 0 ? seenRelations : seenNames;
  const at = id < 0 ? -id : id;
  while (at >= seen.length) seen.push(0);
  const before = <u32>seen.get(at);
  const known = (before & ~LISTS) === openPackage ? before : openPackage;
  const list = (<u32>1) << kind;
  if (kind !== REQUIRES || !isPre) {
    if ((known & (kind === REQUIRES ? list | PRE : list)) !== 0) return;
    seen.set(at, known | list);
    listOf(kind).push(id);
    return;
  }
  if ((known & PRE) !== 0) return;
  if ((known & list) !== 0) hasMoved = true;
  seen.set(at, known | PRE);
  pre.push(id);
}

export function endPackage(): void {
  addSelfProvide();
  addPre();
  if (isOdd || textOf(LOCATION).length === 0) odd.push(name.length);
  name.push(packageName);
  evr.push(packageEvr);
  arch.push(packageArch);
  let numbers: NumberColumn | null = lastNumbers;
  while (numbers !== null) {
    numbers.endRow();
    numbers = numbers.before;
  }
  for (let kind = 0; kind < KINDS; kind++) startsOf(kind).push(listOf(kind).length);
  fileStarts.push(files.length);
  for (let field = 0; field < COLD_FIELDS; field++) addCold(textOf(field));
  openNext();
}

function openNext(): void {
  packageName = 0;
  packageEvr = 0;
  packageArch = 0;
  isOdd = false;
  pre.length = 0;
  hasMoved = false;
  openPackage += LISTS + 1;
  if (openPackage === 0) forgetSeen();
}

/** After eight million packages their numbers begin anew. */
function forgetSeen(): void {
  for (let i = 0; i < seenNames.length; i++) seenNames.set(i, 0);
  for (let i = 0; i < seenRelations.length; i++) seenRelations.set(i, 0);
  openPackage = LISTS + 1;
}

/** Every package provides its own name and version, said or not, but for source packages (libsolv adds it as well). */
function addSelfProvide(): void {
  if (packageName <= strings.EMPTY || packageArch === SRC || packageArch === NOSRC) return;
  addDependency(PROVIDES, relate(packageName, EQUAL, packageEvr), false);
}

function addPre(): void {
  const requires = listOf(REQUIRES);
  if (hasMoved) {
    let to = rowStart(startsOf(REQUIRES));
    for (let i = to; i < requires.length; i++) {
      const id = requires.get(i);
      const mark = <u32>(id < 0 ? seenRelations.get(-id) : seenNames.get(id));
      if ((mark & PRE) === 0) requires.set(to++, id);
    }
    requires.length = to;
  }
  for (let i = 0; i < pre.length; i++) requires.push(pre.get(i));
}

function rowStart(starts: IntList): i32 {
  return starts.get(starts.length - 1);
}

function addCold(text: ByteList): void {
  cold.append(text.items, text.length);
  coldEnds.push(cold.length);
  text.length = 0;
}

/** Up to four letters, the first in the lowest byte. */
function internWord(letters: i32, length: i32): i32 {
  const at = heap.alloc(16);
  store<i32>(at, letters);
  const id = strings.intern(at, at + length);
  heap.free(at);
  return id;
}

function internNosrc(): i32 {
  const at = heap.alloc(16);
  store<u64>(at, 0x6372736f6e);
  const id = strings.intern(at, at + 5);
  heap.free(at);
  return id;
}
