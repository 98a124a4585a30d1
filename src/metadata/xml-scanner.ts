/**
 * A cursor over the bytes of an XML document that arrives in chunks. It knows as much XML as repodata has: elements, attributes in
 * any order and either quote, the five entities and character references, comments, CDATA and processing instructions; a document
 * type declaration is refused. It makes no strings and allocates nothing per element.
 *
 * What is not needed is looked at four bytes at a time: `x - 0x01010101 & ~x & 0x80808080` is not zero exactly when one of the
 * bytes of `x` is, so with `x = word ^ pattern` the first byte of a kind is found without looking at each.
 */
import { RpmDepsError } from '../errors.ts';
import { decodeText } from './decode-text.ts';

/** Thrown, never shown: the bytes at hand end inside of something. The caller goes back and waits for more. */
export const INCOMPLETE: unique symbol = Symbol('incomplete');

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

const LESS_WORD = 0x3c3c3c3c;
const ONES = 0x01010101;
const HIGHS = 0x80808080 | 0;

/** Elements nested deeper are in no metadata. */
const MAX_DEPTH = 64;
/** Attributes of one tag; rpm:entry has seven at most. */
const MAX_ATTRIBUTES = 64;
/** Room behind the data, so that words can be read across its end. */
const PADDING = 8;

/** 1: space; 2: ends a name. */
const KIND = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) KIND[byte] = 3;
for (const byte of [GREATER, SLASH, EQUALS, LESS, QUOTE, APOSTROPHE]) KIND[byte] = 2;

/** 1 for bytes that a value may have as they are; others (markup, control characters, beyond ASCII) are looked at one by one. */
export const PLAIN = new Uint8Array(256);
PLAIN.fill(1, 0x20, 0x7f);
PLAIN[LESS] = PLAIN[0x26] = 0;

export class XmlScanner {
  /** What is at hand of the document: `[pos, end)` is still to be read. */
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  pos = 0;
  end = 0;
  /** The attributes of the last tag: name start, name end, value start, value end of each. */
  readonly attributes = new Int32Array(4 * MAX_ATTRIBUTES);
  attributeCount = 0;
  /** The last text or value: `textBytes[textStart .. textEnd]`, entities replaced. */
  textBytes: Uint8Array = this.bytes;
  textStart = 0;
  textEnd = 0;
  readonly #url: string;
  /** Bytes of the document before `bytes`. */
  #offset = 0;
  #scratch = new Uint8Array(4096);

  /** `url` is only for messages. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Takes the next bytes of the document; forgets what has been read. */
  append(chunk: Uint8Array): void {
    const rest = this.end - this.pos;
    const needed = rest + chunk.length + PADDING;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2, 1 << 16));
      grown.set(this.bytes.subarray(this.pos, this.end));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    } else this.bytes.copyWithin(0, this.pos, this.end);
    this.#offset += this.pos;
    this.bytes.set(chunk, rest);
    this.pos = 0;
    this.end = rest + chunk.length;
  }

  /** Goes to the next `<`. */
  skipText(): void {
    this.pos = this.#findLess(this.pos);
  }

  /** Behind a comment, CDATA section or processing instruction that begins here. */
  skipMarkup(): void {
    const { bytes, pos, end } = this;
    if (pos + 9 > end) throw INCOMPLETE;
    if (bytes[pos + 1] === QUESTION) this.pos = this.#after('?>', pos + 2);
    else if (this.startsWith('<!--', pos)) this.pos = this.#after('-->', pos + 4);
    else if (this.startsWith('<![CDATA[', pos)) this.pos = this.#after(']]>', pos + 9);
    else this.fail('has a document type declaration, which metadata never has');
  }

  /** Where the name that begins at `start` ends. */
  nameEnd(start: number): number {
    const { bytes, end } = this;
    let i = start;
    while (KIND[bytes[i]!]! < 2 && i < end) i++;
    if (i >= end) throw INCOMPLETE;
    if (i === start) this.fail('has a tag without a name', start);
    return i;
  }

  startsWith(text: string, at: number): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Reads the rest of a tag from behind its name, noting its attributes; true when it is `<closed/>`. */
  readAttributes(): boolean {
    const { bytes, end, attributes } = this;
    let i = this.pos;
    let count = 0;
    for (;;) {
      const before = i;
      while (KIND[bytes[i]!] === 3) i++;
      if (i >= end) throw INCOMPLETE;
      if (bytes[i] === GREATER || bytes[i] === SLASH) break;
      if (i === before) this.fail('has an attribute that is not set off by a space', i);
      const nameStart = i;
      while (KIND[bytes[i]!]! < 2 && i < end) i++;
      const nameEnd = i;
      while (KIND[bytes[i]!] === 3) i++;
      if (i >= end) throw INCOMPLETE;
      if (bytes[i] !== EQUALS || nameEnd === nameStart) this.fail('has an attribute without a value', nameStart);
      i++;
      while (KIND[bytes[i]!] === 3) i++;
      if (i >= end) throw INCOMPLETE;
      const quote = bytes[i]!;
      if (quote !== QUOTE && quote !== APOSTROPHE) this.fail('has an attribute without quotes', nameStart);
      const valueStart = ++i;
      while (bytes[i] !== quote && bytes[i] !== LESS && i < end) i++;
      if (i >= end) throw INCOMPLETE;
      if (bytes[i] === LESS) this.fail('has a `<` in an attribute', i);
      const at = 4 * count++;
      if (count > MAX_ATTRIBUTES) this.fail(`has a tag with more than ${MAX_ATTRIBUTES} attributes`, nameStart);
      attributes[at] = nameStart;
      attributes[at + 1] = nameEnd;
      attributes[at + 2] = valueStart;
      attributes[at + 3] = i;
      i++;
    }
    this.attributeCount = count;
    const isEmpty = bytes[i] === SLASH;
    if (isEmpty) i++;
    if (i >= end) throw INCOMPLETE;
    if (bytes[i] !== GREATER) this.fail('has a `/` inside of a tag', i);
    this.pos = i + 1;
    return isEmpty;
  }

  /** Makes `[start, end)` the text at hand, as the value of an attribute. */
  takeValue(start: number, end: number): void {
    const { bytes } = this;
    for (let i = start; i < end; i++) {
      if (PLAIN[bytes[i]!] === 1) continue;
      this.textEnd = this.#decode(start, end, 0, true);
      this.textBytes = this.#scratch;
      this.textStart = 0;
      return;
    }
    this.textBytes = bytes;
    this.textStart = start;
    this.textEnd = end;
  }

  /** Reads the text up to and with the end tag of the element whose name is given; elements in it are an error. */
  readText(nameStart: number, nameEnd: number): void {
    const { bytes, end } = this;
    const start = this.pos;
    let i = start;
    while (PLAIN[bytes[i]!] === 1) i++;
    if (i >= end) throw INCOMPLETE;
    if (bytes[i] === LESS && bytes[i + 1] === SLASH) {
      this.textBytes = bytes;
      this.textStart = start;
      this.textEnd = i;
    } else {
      this.textEnd = this.#readMixed(start);
      this.textBytes = this.#scratch;
      this.textStart = 0;
      i = this.pos;
    }
    this.pos = i;
    this.closeElement(nameStart, nameEnd);
  }

  /** Reads the end tag that begins here, which must be that of the element whose name is given. */
  closeElement(nameStart: number, nameEnd: number): void {
    const { bytes } = this;
    let i = this.pos + 2;
    if (i + nameEnd - nameStart >= this.end) throw INCOMPLETE;
    for (let j = nameStart; j < nameEnd; j++, i++) if (bytes[i] !== bytes[j]) this.#mismatch(nameStart, nameEnd);
    while (KIND[bytes[i]!] === 3) i++;
    if (i >= this.end) throw INCOMPLETE;
    if (bytes[i] !== GREATER) this.#mismatch(nameStart, nameEnd);
    this.pos = i + 1;
  }

  /** Reads the end tag of the root, whose name is no longer at hand. */
  closeRoot(name: string): void {
    let i = this.pos + 2;
    if (i + name.length >= this.end) throw INCOMPLETE;
    if (!this.startsWith(name, i)) this.fail(`closes an element that is not open`);
    i += name.length;
    while (KIND[this.bytes[i]!] === 3) i++;
    if (i >= this.end) throw INCOMPLETE;
    if (this.bytes[i] !== GREATER) this.fail(`closes an element that is not open`);
    this.pos = i + 1;
  }

  /** Whether nothing but blanks is left of what is at hand. */
  isBlank(): boolean {
    let i = this.pos;
    while (KIND[this.bytes[i]!] === 3) i++;
    return i >= this.end;
  }

  /** Behind the element whose name has just been read, with all that is in it. */
  skipElement(nameStart: number, nameEnd: number, depth = 1): void {
    if (depth > MAX_DEPTH) this.fail(`nests elements more than ${MAX_DEPTH} deep`);
    this.pos = nameEnd;
    if (!this.readAttributes()) this.skipContent(nameStart, nameEnd, depth);
  }

  /** Behind the end tag of the element whose start tag has just been read. */
  skipContent(nameStart: number, nameEnd: number, depth = 1): void {
    const { bytes } = this;
    for (;;) {
      const at = this.#findLess(this.pos);
      this.pos = at;
      if (at + 1 >= this.end) throw INCOMPLETE;
      const next = bytes[at + 1]!;
      if (next === SLASH) break;
      if (next === BANG || next === QUESTION) this.skipMarkup();
      else this.skipElement(at + 1, this.nameEnd(at + 1), depth + 1);
    }
    this.closeElement(nameStart, nameEnd);
  }

  /** `at` is an offset into `bytes`. */
  fail(what: string, at = this.pos): never {
    throw new RpmDepsError('METADATA_INVALID', `${this.#url} ${what} (byte ${this.#offset + at})`, {
      hint: 'the mirror is broken or in the middle of an update: try again later, or use another mirror',
    });
  }

  #mismatch(nameStart: number, nameEnd: number): never {
    this.fail(`does not close <${Buffer.from(this.bytes.subarray(nameStart, Math.min(nameEnd, nameStart + 40))).toString('latin1')}>`);
  }

  #findLess(from: number): number {
    const { view, end } = this;
    let i = from;
    for (; i < end; i += 4) {
      const x = view.getInt32(i, true) ^ LESS_WORD;
      const zero = (x - ONES) & ~x & HIGHS;
      if (zero === 0) continue;
      // The lowest bit set marks the first byte: 8 k + 7.
      i += (31 - Math.clz32(zero & -zero)) >>> 3;
      break;
    }
    if (i >= end) throw INCOMPLETE;
    return i;
  }

  #after(text: string, from: number): number {
    const at = Buffer.from(this.bytes.buffer, 0, this.end).indexOf(text, from, 'latin1');
    if (at < 0) throw INCOMPLETE;
    return at + text.length;
  }

  /** Collects text with entities, comments and CDATA in it into the scratch buffer, up to the next `</`; returns its length. */
  #readMixed(start: number): number {
    const { bytes } = this;
    let length = 0;
    let i = start;
    for (;;) {
      const less = this.#findLess(i);
      length = this.#decode(i, less, length, false);
      this.pos = less;
      if (less + 1 >= this.end) throw INCOMPLETE;
      if (bytes[less + 1] === SLASH) return length;
      if (bytes[less + 1] !== BANG && bytes[less + 1] !== QUESTION) this.fail('has an element where only text is expected', less);
      this.skipMarkup();
      if (bytes[less + 1] === BANG && bytes[less + 2] !== 0x2d) length = this.#copy(less + 9, this.pos - 3, length);
      i = this.pos;
    }
  }

  #copy(start: number, end: number, at: number): number {
    this.#reserve(at + end - start);
    this.#scratch.set(this.bytes.subarray(start, end), at);
    return at + end - start;
  }

  /** Appends a range with its entities replaced to the scratch buffer, at `at`; returns the new length. */
  #decode(start: number, end: number, at: number, isAttribute: boolean): number {
    this.#reserve(at + end - start);
    const length = decodeText(this.bytes, { start, end, isAttribute }, this.#scratch, at);
    if (length < 0) this.fail('has an entity, a control character or bytes that XML metadata never has', start);
    return length;
  }

  #reserve(length: number): void {
    if (length <= this.#scratch.length) return;
    const grown = new Uint8Array(length * 2);
    grown.set(this.#scratch);
    this.#scratch = grown;
  }
}
