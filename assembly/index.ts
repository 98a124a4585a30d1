/**
 * primary.xml to columns, straight from bytes. Elements and entries are read as they arrive; what is left of a chunk waits for the next.
 * Elements are known by their names as createrepo writes them, with the prefix `rpm:` where it puts it (as in libsolv).
 */

import { CHECKSUM, CHECKSUM_TYPE, SOURCE_RPM } from '../src/pool/primary-columns';
import * as mistakes from '../src/repodata/mistake-numbers';
import * as entries from './entries';
import * as history from './history';
import { fail, locate } from './host';
import { ByteList, copyShort, zeros } from './memory';
import * as packages from './packages';
import * as relations from './relations';
import { relate } from './relations';
import * as scanner from './scanner';
import * as strings from './strings';

export { columnLength, columnStart } from './columns';
export { index } from './indexes';
export { offsetOf } from './scanner';
export { relate };

/** For so many bytes of documents there is about one string and one relation. */
const BYTES_OF_STRING: i32 = 512;
const BYTES_OF_RELATION: i32 = 512;
/** No room is made for more, whatever is promised. */
const MAX_EXPECTED: f64 = 268435456;

const SLASH: i32 = 0x2f;
const GREATER: i32 = 0x3e;
const ZERO: i32 = 0x30;
const DOT: i32 = 0x2e;
/** First four bytes of names: their first letter in the lowest place. */
const RPM: u32 = 0x3a6d7072;

const PROLOG: i32 = 0;
const PACKAGES: i32 = 1;
const CLOSED: i32 = 2;

/** Longer locations get a closer look. */
const MAX_SIMPLE_PATH: usize = 1024;
/** What may be in a location without a closer look. */
const simplePath = zeros(256);
const hexadecimal = zeros(256);
for (let byte = 0; byte < 0x7f; byte++) {
  const lower = byte | 0x20;
  const isDigit = byte >= ZERO && byte <= 0x39;
  if (isDigit || (lower >= 0x61 && lower <= 0x66 && byte >= 0x41)) store<u8>(hexadecimal + byte, 1);
  const isLetter = byte >= 0x41 && lower >= 0x61 && lower <= 0x7a;
  const isMark = byte === 0x5f || byte === DOT || byte === SLASH || byte === 0x2b || byte === 0x7e || byte === 0x5e || byte === 0x2d;
  if (isDigit || isLetter || isMark) store<u8>(simplePath + byte, 1);
}

let stage: i32 = PROLOG;
/** Where the reader is below the root: in a package, in its format, in a list of that kind (-1: in none). */
let isInPackage: bool = false;
let isInFormat: bool = false;
let openList: i32 = -1;
const packageName = wordOf(0x6567616b636170);
const formatName = wordOf(0x74616d726f66);
/** The name of the open list. */
const listName = zeros(32);
let listNameEnd: usize = listName;
/** Bytes of the document before the open package. */
let packageStart: f64 = 0;

/** Room for `length` bytes more; the host writes them there and tells by `commit`. */
export function reserve(length: usize): usize {
  return scanner.reserve(length);
}

export function commit(length: usize): void {
  const end = scanner.end + length;
  scanner.setEnd(end);
  // A byte that nothing goes past, so that loops over a kind of bytes end.
  store<u8>(end, 0);
}

export function position(): usize {
  return scanner.pos;
}

export function dataEnd(): usize {
  return scanner.end;
}

export function isInProlog(): bool {
  return stage === PROLOG;
}

/** Bytes at hand of what is open: a package, or what is still to be read. */
export function openBytes(): f64 {
  return scanner.offsetOf(scanner.end) - (isInPackage ? packageStart : scanner.offsetOf(scanner.pos));
}

/** Makes room for what documents of so many bytes together have, so that it need not grow step by step. What is not used of it is never touched. */
export function expect(bytes: f64): void {
  const length = <i32>min(bytes, MAX_EXPECTED);
  strings.expect(length / BYTES_OF_STRING, length / 16);
  relations.expect(length / BYTES_OF_RELATION);
  packages.expect(length);
  history.expect(length);
}

/** A new document; what the ones before had stays. */
export function startDocument(): void {
  scanner.restart();
  stage = PROLOG;
  isInPackage = false;
  isInFormat = false;
  openList = -1;
}

/** Reads what is at hand; whether the document is over. In the middle of something the host is told, and calls `rewind`. */
export function read(): bool {
  if (stage === PROLOG) {
    stage = scanner.readProlog() ? CLOSED : PACKAGES;
    scanner.settle();
  }
  while (scanner.pos < scanner.end) {
    if (openList >= 0) readOpenList();
    else if (isInPackage) readInPackage();
    else if (!readTop()) break;
    scanner.settle();
  }
  return stage === CLOSED;
}

/** Back to the last thing that was read whole. */
export function rewind(): void {
  scanner.setPos(scanner.settled);
}

/** Interns bytes that the host has written where `reserveText` said. */
export function intern(from: usize, to: usize): i32 {
  return strings.intern(from, to);
}

export function allocate(length: usize): usize {
  return heap.alloc(length + 8);
}

export function release(block: usize): void {
  heap.free(block);
}

/** Reads one thing directly below the root; false when the document is over. */
function readTop(): bool {
  if (stage === CLOSED && scanner.isBlank()) return false;
  scanner.skipText();
  const pos = scanner.pos;
  const next = scanner.byteAt(pos + 1);
  if (next === 0x21 || next === 0x3f) scanner.skipMarkup();
  else if (stage === CLOSED) fail(mistakes.CONTENT_AFTER_END, pos, 0, 0);
  else if (next === SLASH) {
    scanner.closeRoot();
    stage = CLOSED;
  } else {
    const stop = scanner.nameEnd(pos + 1);
    // `package`
    if (stop - pos === 8 && load<u64>(pos) >> 8 === 0x6567616b636170) openPackage(pos, stop);
    else scanner.skipElement(pos + 1, stop, 1);
  }
  return true;
}

function openPackage(pos: usize, stop: usize): void {
  scanner.setPos(stop);
  if (scanner.readAttributes()) return;
  isInPackage = true;
  packageStart = scanner.offsetOf(pos);
  history.openPackage();
}

/** Reads one thing in a package. */
function readInPackage(): void {
  scanner.skipText();
  const at = scanner.pos;
  const next = scanner.byteAt(at + 1);
  if (next === SLASH) {
    if (isInFormat) {
      scanner.closeElement(formatName, formatName + 6);
      isInFormat = false;
    } else {
      scanner.closeElement(packageName, packageName + 7);
      packages.endPackage();
      isInPackage = false;
    }
  } else if (next === 0x21 || next === 0x3f) scanner.skipMarkup();
  else readElement(at + 1);
}

/** Reads the element whose name begins at `start`; of `<format>` and lists of entries only the tag, they are open then. */
function readElement(start: usize): void {
  const stop = scanner.nameEnd(start);
  const first = load<u32>(start);
  const length = <i32>(stop - start);
  if (first === RPM) {
    readRpmElement(start, stop, length);
    return;
  }
  const rest = load<u32>(start, 4);
  if (length === 4 && first === 0x656d616e) {
    // name
    readElementText(start, stop);
    history.namePackage(packages.setName(scanner.textStart, scanner.textEnd));
  } else if (length === 4 && first === 0x68637261) {
    // arch
    readElementText(start, stop);
    packages.setArch(scanner.textStart, scanner.textEnd);
  } else if (length === 4 && first === 0x656c6966) {
    // file
    if (scanner.byteAt(stop) === GREATER && history.findFile(stop + 1, scanner.end)) {
      packages.files.push(history.value);
      scanner.setPos(history.end);
      return;
    }
    readElementText(start, stop);
    packages.addFile(scanner.textStart, scanner.textEnd);
    history.passFile();
  } else if (length === 4 && first === 0x657a6973) {
    // size: `package`
    const isEmpty = openElement(stop);
    packages.size.next = numberOf(0x6567616b636170, 7);
    closeOpened(start, stop, isEmpty);
  } else if (length === 4 && first === 0x656d6974) {
    // time: `build`
    const isEmpty = openElement(stop);
    packages.buildTime.next = numberOf(0x646c697562, 5);
    closeOpened(start, stop, isEmpty);
  } else if (length === 6 && first === 0x6d726f66 && (rest & 0xffff) === 0x7461) {
    // format
    if (openElement(stop)) return;
    if (isInFormat) fail(mistakes.FORMAT_IN_FORMAT, start - 1, 0, 0);
    isInFormat = true;
  } else if (length === 7 && first === 0x73726576 && (rest & 0xffffff) === 0x6e6f69) {
    // version
    const isEmpty = openElement(stop);
    entries.readEvr();
    const evr = packages.setEvr(entries.evr.items, entries.evr.items + entries.evr.length);
    if (entries.isUsualEvr) history.nameVersion(scanner.attributeName(0), scanner.valueEnd(2) + 1, evr);
    closeOpened(start, stop, isEmpty);
  } else if (length === 8 && first === 0x63656863 && rest === 0x6d75736b) {
    // checksum
    const isEmpty = openElement(stop);
    if (takeAttribute(0x65707974, 4)) packages.setText(CHECKSUM_TYPE, scanner.textStart, scanner.textEnd);
    if (isEmpty) scanner.takeNothing();
    else scanner.readText(start, stop);
    readChecksum();
  } else if (length === 8 && first === 0x61636f6c && rest === 0x6e6f6974) {
    // location
    const isEmpty = openElement(stop);
    takeBase();
    if (takeAttribute(0x66657268, 4)) readLocation();
    closeOpened(start, stop, isEmpty);
  } else scanner.skipElement(start, stop, 1);
}

/** Where up to eight letters stand, the first in the lowest byte. */
function wordOf(letters: u64): usize {
  const at = zeros(16);
  store<u64>(at, letters);
  return at;
}

function openElement(stop: usize): bool {
  scanner.setPos(stop);
  return scanner.readAttributes();
}

/** Passes the text of an element of which only the attributes count. */
function closeOpened(start: usize, stop: usize, isEmpty: bool): void {
  if (!isEmpty) scanner.readText(start, stop);
}

function readElementText(start: usize, stop: usize): void {
  if (openElement(stop)) scanner.takeNothing();
  else scanner.readText(start, stop);
}

/** `xml:base` of the location that is read; empty where it has none. */
const base = new ByteList(256);
const XML_BASE: u64 = 0x657361623a6c6d78;

function takeBase(): void {
  base.length = 0;
  for (let i = 0; i < scanner.attributeCount; i++) {
    const start = scanner.attributeName(i);
    if (scanner.attributeNameEnd(i) - start !== 8 || load<u64>(start) !== XML_BASE) continue;
    scanner.takeValue(scanner.valueStart(i), scanner.valueEnd(i));
    base.append(scanner.textStart, <i32>(scanner.textEnd - scanner.textStart));
  }
}

/** The host found out where the file of the open package is. */
export function place(from: usize, to: usize, isOdd: i32): void {
  packages.setLocation(from, to, isOdd !== 0);
}

function readLocation(): void {
  const from = scanner.textStart;
  const to = scanner.textEnd;
  let isSimple = base.length === 0 && to > from && to - from <= MAX_SIMPLE_PATH && scanner.byteAt(from) !== SLASH;
  for (let i = from; i < to && isSimple; i++) {
    const byte = scanner.byteAt(i);
    isSimple = load<u8>(simplePath + byte) === 1 && !(byte === DOT && isDotOrSlash(scanner.byteAt(i + 1)));
  }
  if (isSimple && scanner.byteAt(to - 1) !== SLASH) packages.setLocation(from, to, false);
  else locate(from, to, base.items, base.items + base.length);
}

function isDotOrSlash(byte: i32): bool {
  return byte === DOT || byte === SLASH;
}

/** One that is none makes a package without: whoever wants to lock that package is told. */
function readChecksum(): void {
  for (let i = scanner.textStart; i < scanner.textEnd; i++) {
    if (load<u8>(hexadecimal + load<u8>(i)) === 1) continue;
    packages.setText(CHECKSUM, i, i);
    return;
  }
  packages.setText(CHECKSUM, scanner.textStart, scanner.textEnd);
}

function readRpmElement(start: usize, stop: usize, length: i32): void {
  if (length === 13 && load<u64>(start, 4) === 0x7072656372756f73 && scanner.byteAt(start + 12) === 0x6d) {
    // sourcerpm
    readElementText(start, stop);
    packages.setText(SOURCE_RPM, scanner.textStart, scanner.textEnd);
    return;
  }
  const kind = kindOf(start + 4, length - 4);
  if (kind < 0) {
    scanner.skipElement(start, stop, 1);
    return;
  }
  if (openElement(stop)) return;
  openList = kind;
  copyShort(listName, start, length);
  listNameEnd = listName + length;
  history.openList(kind);
}

function readOpenList(): void {
  entries.readList(openList);
  scanner.closeElement(listName, listNameEnd);
  openList = -1;
}

/** The number of a kind of dependencies, as in DEPENDENCY_KINDS; -1 for other names. */
function kindOf(at: usize, length: i32): i32 {
  const first = load<u64>(at);
  const rest = load<u32>(at, 8);
  if (length === 8) {
    if (first === 0x73656469766f7270) return 0;
    if (first === 0x7365726975716572) return 1;
    if (first === 0x7374736567677573) return 5;
    if (first === 0x7365636e61686e65) return 7;
  } else if (length === 9) {
    if (first === 0x7463696c666e6f63 && (rest & 0xff) === 0x73) return 2;
    if (first === 0x6574656c6f73626f && (rest & 0xff) === 0x73) return 3;
  } else if (length === 10) {
    if (first === 0x6e656d6d6f636572 && (rest & 0xffff) === 0x7364) return 4;
  } else if (length === 11) {
    if (first === 0x656d656c70707573 && (rest & 0xffffff) === 0x73746e) return 6;
  }
  return -1;
}

/** Makes the value of an attribute the text at hand; false if there is none of that name. Of names longer than eight letters, `name` has the first eight. */
function takeAttribute(name: u64, length: usize): bool {
  const mask = length < 8 ? ((<u64>1) << (length << 3)) - 1 : u64.MAX_VALUE;
  for (let i = 0; i < scanner.attributeCount; i++) {
    const start = scanner.attributeName(i);
    if (scanner.attributeNameEnd(i) - start !== length || (load<u64>(start) & mask) !== name) continue;
    scanner.takeValue(scanner.valueStart(i), scanner.valueEnd(i));
    return true;
  }
  return false;
}

/** A number of decimal digits, of at most 15; 0 when it is none. */
function numberOf(name: u64, length: usize): f64 {
  if (!takeAttribute(name, length) || scanner.textEnd - scanner.textStart > 15) return 0;
  let value: f64 = 0;
  for (let i = scanner.textStart; i < scanner.textEnd; i++) {
    const digit = scanner.byteAt(i) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + <f64>digit;
  }
  return value;
}
