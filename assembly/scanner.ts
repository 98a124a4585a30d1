/**
 * A cursor over the bytes of an XML document that arrives in chunks. It knows as much XML as repodata has: elements, attributes in
 * any order and either quote, the five entities and character references, comments, CDATA and processing instructions; a document
 * type declaration is refused.
 *
 * What has no meaning of its own is looked at sixteen bytes at a time, of which a mask tells the ones that are looked for.
 */

import * as mistakes from '../src/repodata/mistake-numbers';
import { checkHead, decode, fail, incomplete } from './host';
import { isSameBytes, zeros } from './memory';

const LESS: i32 = 0x3c;
const GREATER: i32 = 0x3e;
const SLASH: i32 = 0x2f;
const BANG: i32 = 0x21;
const QUESTION: i32 = 0x3f;
const EQUALS: i32 = 0x3d;
const QUOTE: i32 = 0x22;
const APOSTROPHE: i32 = 0x27;

/** A bit for each byte that is `byte`. */
function equals(bytes: v128, byte: i32): i32 {
  return i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>byte)));
}

/** A bit for each byte that a value may not have as it is (markup, control characters, beyond ASCII). */
function specials(bytes: v128): i32 {
  // With a sign, what is beyond ASCII is below the blank as well.
  const below = i8x16.lt_s(bytes, i8x16.splat(0x20));
  const markup = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>LESS)), i8x16.eq(bytes, i8x16.splat(0x26)));
  return i8x16.bitmask(v128.or(v128.or(below, markup), i8x16.eq(bytes, i8x16.splat(0x7f))));
}

/** Kinds of text, as in src/repodata/decode-text.ts. */
const TEXT: i32 = 0;
const ATTRIBUTE: i32 = 1;
const CDATA: i32 = 2;

/** Elements nested deeper are in no metadata. */
const MAX_DEPTH: i32 = 64;
/** Attributes of one tag; rpm:entry has seven at most. */
const MAX_ATTRIBUTES: i32 = 64;
/** How much of a document may come before its outermost element. */
const MAX_PROLOG_BYTES: usize = 64 * 1024;
/** Room behind the data, so that vectors can be read across its end. */
const PADDING: usize = 16;

/** By byte. 3: a blank; 2: ends a name. */
const kinds = zeros(256);
/** Four places for each attribute of the last tag: name start, name end, value start, value end. */
const attributes = heap.alloc(16 * MAX_ATTRIBUTES);

for (let byte = 0; byte <= 0x20; byte++) if (byte === 0x20 || byte === 9 || byte === 10 || byte === 13) store<u8>(kinds + byte, 3);
store<u8>(kinds + GREATER, 2);
store<u8>(kinds + SLASH, 2);
store<u8>(kinds + EQUALS, 2);
store<u8>(kinds + LESS, 2);
store<u8>(kinds + QUOTE, 2);
store<u8>(kinds + APOSTROPHE, 2);

let capacity: usize = 1 << 16;
let block: usize = heap.alloc(capacity + PADDING);
/** What is at hand of the document lies from here on. */
export let base: usize = block;
/** `[pos, end)` is still to be read. */
export let pos: usize = base;
export let end: usize = base;
/** Everything before this has been taken in. */
export let settled: usize = base;
/** The last text or value, entities replaced. */
export let textStart: usize = 0;
export let textEnd: usize = 0;
export let attributeCount: i32 = 0;
/** Bytes of the document before `base`. */
let forgotten: f64 = 0;
let scratch: usize = heap.alloc(4096);
let scratchCapacity: usize = 4096;

export function setPos(at: usize): void {
  pos = at;
}

/** What was read up to here is taken in, and not read again when more of the document has come. */
export function settle(): void {
  settled = pos;
}

/** Bytes of the document before `at`; before what is at hand when that is no place in it. */
export function offsetOf(at: usize): f64 {
  return at > base ? forgotten + <f64>(at - base) : forgotten;
}

/** A new document begins. */
export function restart(): void {
  pos = base;
  end = base;
  settled = base;
  forgotten = 0;
}

/** Gives the memory for documents back; nothing more is read. */
export function free(): void {
  heap.free(block);
  heap.free(scratch);
}

export function setEnd(at: usize): void {
  end = at;
}

export function byteAt(at: usize): i32 {
  return load<u8>(at);
}

export function isBlankByte(at: usize): bool {
  return load<u8>(kinds + load<u8>(at)) === 3;
}

export function attributeName(index: i32): usize {
  return load<u32>(attributes + ((<usize>index) << 4));
}

export function attributeNameEnd(index: i32): usize {
  return load<u32>(attributes + ((<usize>index) << 4), 4);
}

export function valueStart(index: i32): usize {
  return load<u32>(attributes + ((<usize>index) << 4), 8);
}

export function valueEnd(index: i32): usize {
  return load<u32>(attributes + ((<usize>index) << 4), 12);
}

/** Room for the next bytes of the document, behind what is still to be read; forgets what has been read. */
export function reserve(length: usize): usize {
  const rest = end - pos;
  forgotten += <f64>(pos - base);
  const shift = -rest & 15;
  if (shift + rest + length > capacity) {
    capacity = max(shift + rest + length, capacity * 2);
    const larger = heap.alloc(capacity + PADDING);
    memory.copy(larger + shift, pos, rest);
    heap.free(block);
    block = larger;
  } else memory.copy(block + shift, pos, rest);
  base = block + shift;
  pos = base;
  settled = base;
  end = base + rest;
  return end;
}

/** Behind blanks and control characters; `end` where there is nothing else. */
export function behindBlanks(from: usize): usize {
  for (let at = from; at < end; at += 16) {
    const others = i8x16.bitmask(i8x16.gt_u(v128.load(at), i8x16.splat(0x20)));
    if (others !== 0) return min(at + ctz(others), end);
  }
  return end;
}

/** Goes to the next `<`. */
export function skipText(): void {
  pos = findLess(pos);
}

/** Behind a comment, CDATA section or processing instruction that begins here. */
export function skipMarkup(): void {
  if (pos + 9 > end) incomplete();
  if (byteAt(pos + 1) === QUESTION) pos = after(pos + 2, 0x3e3f, 2);
  else if (load<u32>(pos) === 0x2d2d213c) pos = after(pos + 4, 0x3e2d2d, 3);
  else if (isCdata(pos)) pos = after(pos + 9, 0x3e5d5d, 3);
  else fail(mistakes.DOCTYPE, pos, 0, 0);
}

/** `<![CDATA[` */
function isCdata(at: usize): bool {
  return load<u64>(at) === 0x41544144435b213c && byteAt(at + 8) === 0x5b;
}

/** Where the name that begins at `start` ends. */
export function nameEnd(start: usize): usize {
  let at = start;
  while (load<u8>(kinds + load<u8>(at)) < 2 && at < end) at++;
  if (at >= end) incomplete();
  if (at === start) fail(mistakes.NO_NAME, start, 0, 0);
  return at;
}

/** Reads the rest of a tag from behind its name, noting its attributes; true when it is `<closed/>`. */
export function readAttributes(): bool {
  let at = pos;
  let count = 0;
  for (;;) {
    const before = at;
    while (isBlankByte(at)) at++;
    if (at >= end) incomplete();
    const first = byteAt(at);
    if (first === GREATER || first === SLASH) break;
    if (at === before) fail(mistakes.NO_SPACE, at, 0, 0);
    const nameStart = at;
    while (load<u8>(kinds + load<u8>(at)) < 2 && at < end) at++;
    const nameStop = at;
    while (isBlankByte(at)) at++;
    if (at >= end) incomplete();
    if (byteAt(at) !== EQUALS || nameStop === nameStart) fail(mistakes.NO_VALUE, nameStart, 0, 0);
    at++;
    while (isBlankByte(at)) at++;
    if (at >= end) incomplete();
    const quote = byteAt(at);
    if (quote !== QUOTE && quote !== APOSTROPHE) fail(mistakes.NO_QUOTES, nameStart, 0, 0);
    const valueFrom = ++at;
    for (; at < end; at += 16) {
      const bytes = v128.load(at);
      const stops = equals(bytes, quote) | equals(bytes, LESS);
      if (stops === 0) continue;
      at += ctz(stops);
      break;
    }
    if (at >= end) incomplete();
    if (byteAt(at) === LESS) fail(mistakes.LESS_IN_VALUE, at, 0, 0);
    if (count === MAX_ATTRIBUTES) fail(mistakes.MANY_ATTRIBUTES, nameStart, 0, 0);
    const place = attributes + ((<usize>count) << 4);
    store<u32>(place, <u32>nameStart);
    store<u32>(place, <u32>nameStop, 4);
    store<u32>(place, <u32>valueFrom, 8);
    store<u32>(place, <u32>at, 12);
    count++;
    at++;
  }
  attributeCount = count;
  const isEmpty = byteAt(at) === SLASH;
  if (isEmpty) at++;
  if (at >= end) incomplete();
  if (byteAt(at) !== GREATER) fail(mistakes.SLASH_IN_TAG, at, 0, 0);
  pos = at + 1;
  return isEmpty;
}

/** Makes `[from, to)` the text at hand, as the value of an attribute. */
export function takeValue(from: usize, to: usize): void {
  for (let at = from; at < to; at += 16) {
    const special = specials(v128.load(at));
    if (special === 0 || at + ctz(special) >= to) continue;
    textEnd = decodeInto(from, to, 0, ATTRIBUTE);
    textStart = scratch;
    return;
  }
  textStart = from;
  textEnd = to;
}

/** Where the value that begins here stops to be plain: at its closing quote, or what is not taken as it is. */
export function plainEnd(from: usize): usize {
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at);
    const stops = specials(bytes) | equals(bytes, QUOTE);
    if (stops !== 0) return at + ctz(stops);
  }
  return end;
}

/** Makes an empty text the text at hand. */
export function takeNothing(): void {
  textStart = scratch;
  textEnd = scratch;
}

/** Reads the text up to and with the end tag of the element whose name is given; elements in it are an error. */
export function readText(nameStart: usize, nameStop: usize): void {
  const start = pos;
  let at = start;
  for (; at < end; at += 16) {
    const special = specials(v128.load(at));
    if (special === 0) continue;
    at += ctz(special);
    break;
  }
  if (at >= end) incomplete();
  if (byteAt(at) === LESS && byteAt(at + 1) === SLASH) {
    textStart = start;
    textEnd = at;
    pos = at;
  } else {
    textEnd = readMixed(start);
    textStart = scratch;
  }
  closeElement(nameStart, nameStop);
}

/** Reads the end tag that begins here, which must be that of the element whose name is given. */
export function closeElement(nameStart: usize, nameStop: usize): void {
  let at = pos + 2;
  const length = nameStop - nameStart;
  if (at + length >= end) incomplete();
  if (!isSameBytes(at, nameStart, <i32>length)) fail(mistakes.NOT_CLOSED, pos, nameStart, nameStop);
  at += length;
  while (isBlankByte(at)) at++;
  if (at >= end) incomplete();
  if (byteAt(at) !== GREATER) fail(mistakes.NOT_CLOSED, pos, nameStart, nameStop);
  pos = at + 1;
}

/** Whether `<metadata` stands at a name: `at` is where the name begins and `stop` where it ends. */
export function isMetadata(at: usize, stop: usize): bool {
  return stop - at === 8 && load<u64>(at) === 0x617461646174656d;
}

/** Reads the end tag of the root, whose name is no longer at hand. */
export function closeRoot(): void {
  let at = pos + 2;
  if (at + 8 >= end) incomplete();
  if (!isMetadata(at, at + 8)) fail(mistakes.NOT_OPEN, pos, 0, 0);
  at += 8;
  while (isBlankByte(at)) at++;
  if (at >= end) incomplete();
  if (byteAt(at) !== GREATER) fail(mistakes.NOT_OPEN, pos, 0, 0);
  pos = at + 1;
}

/** Whether nothing but blanks is left of what is at hand. */
export function isBlank(): bool {
  let at = pos;
  while (at < end && isBlankByte(at)) at++;
  return at >= end;
}

/** Behind the element whose name has just been read, with all that is in it. */
export function skipElement(nameStart: usize, nameStop: usize, depth: i32): void {
  if (depth > MAX_DEPTH) fail(mistakes.DEEP, pos, 0, 0);
  pos = nameStop;
  if (!readAttributes()) skipContent(nameStart, nameStop, depth);
}

/** Behind the end tag of the element whose start tag has just been read. */
export function skipContent(nameStart: usize, nameStop: usize, depth: i32): void {
  for (;;) {
    const at = findLess(pos);
    pos = at;
    if (at + 1 >= end) incomplete();
    const next = byteAt(at + 1);
    if (next === SLASH) break;
    if (next === BANG || next === QUESTION) skipMarkup();
    else skipElement(at + 1, nameEnd(at + 1), depth + 1);
  }
  closeElement(nameStart, nameStop);
}

/**
 * Reads up to and with the start tag of the outermost element; true when that is all there is (`<metadata/>`). The host refuses HTML
 * and other encodings than UTF-8.
 */
export function readProlog(): bool {
  if (pos === end) fail(mistakes.EMPTY, pos, 0, 0);
  if (byteAt(pos) === 0xef && byteAt(pos + 1) === 0xbb && byteAt(pos + 2) === 0xbf) pos += 3;
  checkHead(pos, end);
  for (;;) {
    if (isBlank()) {
      if (end - base > MAX_PROLOG_BYTES) fail(mistakes.NOT_XML, pos, 0, 0);
      incomplete();
    }
    skipText();
    const next = byteAt(pos + 1);
    if (next !== BANG && next !== QUESTION) break;
    skipMarkup();
  }
  const start = pos + 1;
  const stop = nameEnd(start);
  if (!isMetadata(start, stop)) fail(mistakes.OTHER_ROOT, pos, start, stop);
  pos = stop;
  return readAttributes();
}

function findLess(from: usize): usize {
  let at = from;
  for (; at < end; at += 16) {
    const less = equals(v128.load(at), LESS);
    if (less === 0) continue;
    at += ctz(less);
    break;
  }
  if (at >= end) incomplete();
  return at;
}

/** Behind the next of these two or three bytes, the first in the lowest place. */
function after(from: usize, pattern: u32, length: usize): usize {
  const mask: u32 = length === 2 ? 0xffff : 0xffffff;
  for (let at = from; at + length <= end; at++) if ((load<u32>(at) & mask) === pattern) return at + length;
  incomplete();
  return 0;
}

/** Collects text with entities, comments and CDATA in it into the scratch buffer, up to the next `</`; returns where it ends there. */
function readMixed(start: usize): usize {
  let length: usize = 0;
  let at = start;
  for (;;) {
    const less = findLess(at);
    length = decodeInto(at, less, length, TEXT) - scratch;
    pos = less;
    if (less + 1 >= end) incomplete();
    const next = byteAt(less + 1);
    if (next === SLASH) break;
    if (next !== BANG && next !== QUESTION) fail(mistakes.ELEMENT_IN_TEXT, less, 0, 0);
    skipMarkup();
    if (next === BANG && byteAt(less + 2) !== 0x2d) {
      length = decodeInto(less + 9, pos - 3, length, CDATA) - scratch;
    }
    at = pos;
  }
  return scratch + length;
}

/** Appends a range with its entities replaced to the scratch buffer, behind `length` bytes; returns where it ends there. */
function decodeInto(from: usize, to: usize, length: usize, kind: i32): usize {
  reserveScratch(length, length + (to - from));
  const stop = decode(from, to, scratch + length, kind);
  if (stop === 0) fail(mistakes.BAD_TEXT, from, 0, 0);
  return stop;
}

function reserveScratch(used: usize, needed: usize): void {
  if (needed <= scratchCapacity) return;
  scratchCapacity = needed * 2;
  const larger = heap.alloc(scratchCapacity);
  memory.copy(larger, scratch, used);
  heap.free(scratch);
  scratch = larger;
}
