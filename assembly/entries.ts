/** Lists of `<rpm:entry>`, which are most of a repository's metadata, and versions in attributes. */

import * as history from './history';
import { incomplete, rich } from './host';
import { ByteList, isSameBytes } from './memory';
import { addDependency } from './packages';
import { relate } from './relations';
import * as scanner from './scanner';
import * as strings from './strings';

const SLASH: i32 = 0x2f;
const BANG: i32 = 0x21;
const QUESTION: i32 = 0x3f;
const COLON: i32 = 0x3a;
const DASH: i32 = 0x2d;
const ZERO: i32 = 0x30;
const ONE: i32 = 0x31;
const OPEN_PARENTHESIS: i32 = 0x28;
/** `<rpm:entry` */
const ENTRY: u64 = 0x746e653a6d70723c;
const ENTRY_END: u16 = 0x7972;

/** The version that was read last. */
export const evr = new ByteList(1024);
/** Whether its tag had an epoch, a version and a release, once each, and nothing else. */
export let isUsualEvr: bool = false;

/** Reads entries up to the end tag of their list. */
export function readList(kind: i32): void {
  const end = scanner.end;
  for (;;) {
    const at = scanner.behindBlanks(scanner.pos);
    if (at + 10 >= end) incomplete();
    if (!isEntry(at)) {
      scanner.setPos(at);
      if (skipOther()) continue;
      return;
    }
    const start = at + 10;
    let value = 0;
    if (history.find(start, end)) {
      value = history.value;
      scanner.setPos(history.end);
    } else value = readUnexpected(start);
    // An entry without a name is none, and a rich dependency that cannot be read is dropped.
    if (value >> 1 !== 0) addDependency(kind, value >> 1, (value & 1) !== 0);
    scanner.settle();
  }
}

/** Reads the entry that begins at `start`, behind the element's name, as `readEntry` does; as little of it as need be. */
function readUnexpected(start: usize): i32 {
  const quote = history.nameEnd !== 0 ? history.nameEnd : history.plainNameEnd(start);
  const usual = quote === 0 ? -1 : history.usualTail(quote);
  if (usual >= 0) {
    const name = history.nameOf(start, quote);
    const value = history.meaningOf(name, usual);
    history.add(name, usual, value);
    scanner.setPos(quote + history.tailLength(usual));
    return value;
  }
  scanner.setPos(start);
  const isEmpty = scanner.readAttributes();
  const to = scanner.pos;
  const value = readEntry();
  if (!isEmpty) scanner.skipContent(start - 9, start, 1);
  else if (quote !== 0 && nameAttribute === 0) history.add(nameId, history.addTail(quote, to, flags, evrOfFlags, value & 1), value);
  else history.addWhole(start, to, value);
  return value;
}

function isEntry(at: usize): bool {
  if (load<u64>(at) !== ENTRY || load<u16>(at, 8) !== ENTRY_END) return false;
  const next = scanner.byteAt(at + 10);
  return next <= 0x20 || next === SLASH || next === 0x3e;
}

/** Passes what is not an entry in a list; false at an end tag. */
function skipOther(): bool {
  scanner.skipText();
  const pos = scanner.pos;
  const next = scanner.byteAt(pos + 1);
  if (next === SLASH) return false;
  if (next === BANG || next === QUESTION) scanner.skipMarkup();
  else if (pos + 10 >= scanner.end) incomplete();
  else if (!isEntry(pos)) scanner.skipElement(pos + 1, scanner.nameEnd(pos + 1), 1);
  return true;
}

/** Of the last `readEntry`: which attribute is the name (the last of several, -1 for none), its id, what is compared and with which version. */
let nameAttribute: i32 = -1;
let nameId: i32 = 0;
let flags: i32 = 0;
let evrOfFlags: i32 = strings.EMPTY;

/** The entry whose attributes have just been read: its id, twice, and one more when it is `pre`; 0 when it has no name. */
function readEntry(): i32 {
  nameAttribute = -1;
  flags = 0;
  let isPre = 0;
  // Where the attributes lie that may be a version.
  let from: usize = usize.MAX_VALUE;
  let to: usize = 0;
  for (let i = 0; i < scanner.attributeCount; i++) {
    const start = scanner.attributeName(i);
    const length = scanner.attributeNameEnd(i) - start;
    if (length === 4 && load<u32>(start) === 0x656d616e) nameAttribute = i;
    else if (length === 5 && load<u32>(start) === 0x67616c66 && scanner.byteAt(start + 4) === 0x73) {
      flags = flagsOf(scanner.valueStart(i), scanner.valueEnd(i));
    } else if (length === 3 && (load<u32>(start) & 0xffffff) === 0x657270) {
      isPre = scanner.byteAt(scanner.valueStart(i)) === ONE ? 1 : 0;
    } else {
      from = min(from, start);
      to = scanner.valueEnd(i);
    }
  }
  if (nameAttribute < 0) return 0;
  scanner.takeValue(scanner.valueStart(nameAttribute), scanner.valueEnd(nameAttribute));
  const textStart = scanner.textStart;
  const textEnd = scanner.textEnd;
  if (flags === 0 && textStart < textEnd && scanner.byteAt(textStart) === OPEN_PARENTHESIS) return rich(textStart, textEnd) * 2 + isPre;
  nameId = strings.intern(textStart, textEnd);
  if (flags === 0) return nameId * 2 + isPre;
  evrOfFlags = evrId(from, to);
  return relate(nameId, flags, evrOfFlags) * 2 + isPre;
}

/** The attributes of the last version, byte for byte, and its id: in most lists one version comes many times. */
const lastAttributes = new ByteList(256);
let lastEvr: i32 = strings.EMPTY;

/** The version in the attributes of the last tag, which lie within `[from, to)`. */
function evrId(from: usize, to: usize): i32 {
  if (to === 0) return strings.EMPTY;
  const length = <i32>(to - from);
  if (length === lastAttributes.length && isSameBytes(lastAttributes.items, from, length)) return lastEvr;
  readEvr();
  lastAttributes.length = 0;
  lastAttributes.append(from, length);
  lastEvr = strings.intern(evr.items, evr.items + evr.length);
  return lastEvr;
}

/** EQ, LT, GT, LE, GE or NE as a sum of GT 1, EQ 2, LT 4; 0 for anything else. */
function flagsOf(start: usize, end: usize): i32 {
  if (end - start !== 2) return 0;
  switch (load<u16>(start)) {
    case 0x5447:
      return 1;
    case 0x5145:
      return 2;
    case 0x4547:
      return 3;
    case 0x544c:
      return 4;
    case 0x454e:
      return 5;
    case 0x454c:
      return 6;
    default:
      return 0;
  }
}

/** Joins epoch, ver and rel of the last tag as libsolv does; an epoch that the version itself seems to have is kept apart by `0:`. */
export function readEvr(): void {
  let epoch = -1;
  let version = -1;
  let release = -1;
  for (let i = 0; i < scanner.attributeCount; i++) {
    const start = scanner.attributeName(i);
    const length = scanner.attributeNameEnd(i) - start;
    if (length === 3 && (load<u32>(start) & 0xffffff) === 0x726576) version = i;
    else if (length === 3 && (load<u32>(start) & 0xffffff) === 0x6c6572) release = i;
    else if (length === 5 && load<u32>(start) === 0x636f7065 && scanner.byteAt(start + 4) === 0x68) epoch = i;
  }
  isUsualEvr = scanner.attributeCount === 3 && epoch >= 0 && version >= 0 && release >= 0;
  evr.length = 0;
  if (epoch >= 0 && isEpoch(scanner.valueStart(epoch), scanner.valueEnd(epoch))) {
    appendValue(epoch);
    appendByte(COLON);
  }
  if (version >= 0) {
    const isFirst = evr.length === 0;
    appendValue(version);
    if (isFirst && startsWithEpoch()) {
      evr.reserve(2);
      memory.copy(evr.items + 2, evr.items, evr.length);
      store<u8>(evr.items, <u8>ZERO);
      store<u8>(evr.items, <u8>COLON, 1);
      evr.length += 2;
    }
  }
  if (release >= 0 && scanner.valueEnd(release) > scanner.valueStart(release)) {
    appendByte(DASH);
    appendValue(release);
  }
}

function isEpoch(start: usize, end: usize): bool {
  return end > start && !(end === start + 1 && scanner.byteAt(start) === ZERO);
}

function appendByte(byte: i32): void {
  store<u8>(evr.reserve(1), <u8>byte);
  evr.length++;
}

function appendValue(attribute: i32): void {
  scanner.takeValue(scanner.valueStart(attribute), scanner.valueEnd(attribute));
  evr.append(scanner.textStart, <i32>(scanner.textEnd - scanner.textStart));
}

function startsWithEpoch(): bool {
  let i = 0;
  while (i < evr.length && isDigit(evr.items + i)) i++;
  return i > 0 && i < evr.length && scanner.byteAt(evr.items + i) === COLON;
}

function isDigit(at: usize): bool {
  const byte = scanner.byteAt(at);
  return byte >= ZERO && byte <= 0x39;
}
