/**
 * primary.xml as calls on a sink, straight from bytes: no string is made, nothing is allocated per element.
 *
 * Whole packages are scanned as they arrive; what is left of a chunk waits for the next. The reader knows exactly as much
 * XML as repodata has: elements, attributes in any order and either quote, the five entities and character references,
 * comments, CDATA and processing instructions. A document type declaration is refused.
 */
import { RpmDepsError } from '../errors.ts';
import type { PackageSink } from './package-sink.ts';
import { decodeEntities } from './decode-entities.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const AMPERSAND = 0x26;
const COLON = 0x3a;

/** No package has metadata of this size: refused, so that a hostile file cannot take all memory. */
const MAX_PACKAGE_BYTES = 64 * 1024 * 1024;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const CLOSE_PACKAGE = Buffer.from('</package>');
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Elements that matter, by name without prefix. */
const ELEMENT = {
  name: 1,
  arch: 2,
  version: 3,
  checksum: 4,
  location: 5,
  size: 6,
  time: 7,
  sourcerpm: 8,
  file: 9,
  entry: 10,
  metadata: 11,
  package: 12,
  /** 20 + index of DEPENDENCY_KINDS. */
  provides: 20,
  requires: 21,
  conflicts: 22,
  obsoletes: 23,
  recommends: 24,
  suggests: 25,
  supplements: 26,
  enhances: 27,
} as const;

const ATTRIBUTE = { name: 0, flags: 1, epoch: 2, ver: 3, rel: 4, type: 5, href: 6, package: 7, build: 8 } as const;
const ATTRIBUTE_COUNT = 9;

/** Names by length, so that a name is compared with one or two others at most. */
function byLength(names: Readonly<Record<string, number>>): readonly (readonly { bytes: Uint8Array; id: number }[])[] {
  const table: { bytes: Uint8Array; id: number }[][] = Array.from({ length: 16 }, () => []);
  for (const [name, id] of Object.entries(names)) table[name.length]!.push({ bytes: ascii(name), id });
  return table;
}
const ELEMENTS = byLength(ELEMENT);
const ATTRIBUTES = byLength(ATTRIBUTE);

function lookup(table: ReturnType<typeof byLength>, bytes: Uint8Array, start: number, end: number): number {
  const candidates = table[end - start];
  if (candidates === undefined) return -1;
  next: for (const candidate of candidates) {
    for (let i = 0; i < candidate.bytes.length; i++) if (candidate.bytes[i] !== bytes[start + i]) continue next;
    return candidate.id;
  }
  return -1;
}

export class PrimaryReader {
  readonly #sink: PackageSink;
  readonly #url: string;
  #buffer: Buffer = Buffer.alloc(0);
  /** Bytes before the buffer, for messages. */
  #offset = 0;
  #sawRoot = false;
  #packages = 0;
  readonly #starts = new Int32Array(ATTRIBUTE_COUNT);
  readonly #ends = new Int32Array(ATTRIBUTE_COUNT);
  #evr = new Uint8Array(1024);
  #scratch = new Uint8Array(4096);

  /** `url` is only for messages. */
  constructor(sink: PackageSink, url: string) {
    this.#sink = sink;
    this.#url = url;
  }

  /** Takes the next bytes of the document. */
  write(chunk: Uint8Array): void {
    const data =
      this.#buffer.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([this.#buffer, chunk]);
    const last = data.lastIndexOf(CLOSE_PACKAGE);
    if (last < 0) {
      if (data.length > MAX_PACKAGE_BYTES) this.#fail('one package takes more than 64 MiB', 0);
      if (!this.#sawRoot && data.length > 4096) this.#checkRoot(data);
      this.#buffer = Buffer.from(data);
      return;
    }
    const end = last + CLOSE_PACKAGE.length;
    this.#scan(data, end);
    this.#offset += end;
    this.#buffer = Buffer.from(data.subarray(end));
  }

  /** Ends the document. Returns how many packages there were. */
  end(): number {
    if (!this.#sawRoot) this.#checkRoot(this.#buffer);
    const rest = this.#buffer.toString('latin1').replace(/<!--[\s\S]*?-->/g, '');
    if (!/<\/(?:[\w.-]+:)?metadata\s*>\s*$/.test(rest) && !/<(?:[\w.-]+:)?metadata\b[^>]*\/>\s*$/.test(rest))
      this.#fail('ends before </metadata>', this.#buffer.length);
    return this.#packages;
  }

  #checkRoot(data: Buffer): void {
    const head = data.subarray(data.subarray(0, 3).equals(UTF8_BOM) ? 3 : 0, 4096).toString('latin1');
    if (/^\s*<(?:!doctype\s+)?html/i.test(head)) this.#fail('is an HTML page and not metadata', 0);
    if (/<!DOCTYPE/i.test(head)) this.#fail('has a document type declaration, which metadata never has', 0);
    if (!/^\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?metadata[\s/>]/.test(head))
      this.#fail('is not primary.xml: no <metadata> element', 0);
    this.#sawRoot = true;
  }

  /** Reads [0, end), which ends with a whole package. */
  #scan(data: Buffer, end: number): void {
    if (!this.#sawRoot) this.#checkRoot(data);
    let kind = -1;
    let inPackage = false;
    let i = 0;
    while (i < end) {
      while (i < end && data[i] !== LESS) i++;
      if (i >= end) break;
      const second = data[i + 1]!;
      if (second === SLASH) {
        let close = i + 2;
        while (close < end && data[close] !== GREATER) close++;
        const id = lookup(ELEMENTS, data, localStart(data, i + 2, close), trimEnd(data, i + 2, close));
        if (id >= ELEMENT.provides) kind = -1;
        else if (id === ELEMENT.package && inPackage) {
          this.#sink.endPackage();
          this.#packages++;
          inPackage = false;
        }
        i = close + 1;
        continue;
      }
      if (second === 0x21 || second === 0x3f) {
        i = this.#skipMarkup(data, i, end);
        continue;
      }
      let nameEnd = i + 1;
      let nameStart = nameEnd;
      for (; nameEnd < end && !isNameEnd(data[nameEnd]!); nameEnd++) if (data[nameEnd] === COLON) nameStart = nameEnd + 1;
      const id = lookup(ELEMENTS, data, nameStart, nameEnd);
      if (id < 0 || id === ELEMENT.metadata) {
        i = this.#skipTag(data, nameEnd, end);
        continue;
      }
      const afterTag = this.#attributes(data, nameEnd, end);
      const isEmpty = data[afterTag - 2] === SLASH;
      i = afterTag;
      if (id >= ELEMENT.provides) kind = isEmpty ? -1 : id - ELEMENT.provides;
      else if (id === ELEMENT.entry) {
        if (kind >= 0) this.#dependency(data, kind);
      } else if (id === ELEMENT.package) inPackage = true;
      else i = this.#element(data, id, afterTag, isEmpty, end);
    }
  }

  /** Handles an element with text or attributes of a package; returns where to go on. */
  #element(data: Buffer, id: number, at: number, isEmpty: boolean, end: number): number {
    if (id === ELEMENT.version) {
      const length = this.#buildEvr(data);
      this.#sink.evr(this.#evr, 0, length);
      return at;
    }
    if (id === ELEMENT.location) {
      this.#withAttribute(data, ATTRIBUTE.href, (bytes, from, to) => this.#sink.location(bytes, from, to));
      return at;
    }
    if (id === ELEMENT.size) {
      this.#sink.size(this.#number(data, ATTRIBUTE.package));
      return at;
    }
    if (id === ELEMENT.time) {
      this.#sink.buildTime(this.#number(data, ATTRIBUTE.build));
      return at;
    }
    if (isEmpty) return at;
    let close = at;
    while (close < end && data[close] !== LESS) close++;
    let bytes: Uint8Array = data;
    let from = at;
    let to = close;
    if (data[close + 1] === 0x21) {
      // Comments and CDATA inside a text: rare, so the text is put together the slow way.
      const textEnd = data.indexOf('</', close);
      if (textEnd < 0) this.#fail('has an element that is not closed', at);
      bytes = plainText(data.subarray(at, textEnd).toString('utf8'));
      from = 0;
      to = bytes.length;
      close = textEnd;
    } else if (hasEntity(data, at, close)) {
      to = this.#decode(data, at, close);
      bytes = this.#scratch;
      from = 0;
    }
    if (id === ELEMENT.name) this.#sink.name(bytes, from, to);
    else if (id === ELEMENT.arch) this.#sink.arch(bytes, from, to);
    else if (id === ELEMENT.file) this.#sink.file(bytes, from, to);
    else if (id === ELEMENT.sourcerpm) this.#sink.sourceRpm(bytes, from, to);
    else if (id === ELEMENT.checksum) {
      const type = data.slice(this.#starts[ATTRIBUTE.type], Math.max(this.#ends[ATTRIBUTE.type]!, this.#starts[ATTRIBUTE.type]!));
      this.#sink.checksum(type, bytes, from, to);
    }
    return close;
  }

  #dependency(data: Buffer, kind: number): void {
    const start = this.#starts[ATTRIBUTE.name]!;
    if (start < 0) return;
    const end = this.#ends[ATTRIBUTE.name]!;
    const flags = this.#flags(data);
    const evrEnd = flags === 0 ? 0 : this.#buildEvr(data);
    if (hasEntity(data, start, end)) {
      const decoded = this.#decode(data, start, end);
      this.#sink.dependency(kind, this.#scratch, 0, decoded, flags, this.#evr, evrEnd);
    } else this.#sink.dependency(kind, data, start, end, flags, this.#evr, evrEnd);
  }

  /** EQ, LT, GT, LE or GE as a sum of GT 1, EQ 2, LT 4. */
  #flags(data: Buffer): number {
    const start = this.#starts[ATTRIBUTE.flags]!;
    if (start < 0 || this.#ends[ATTRIBUTE.flags] !== start + 2) return 0;
    const first = data[start]!;
    const second = data[start + 1]!;
    if (first === 0x45) return 2;
    const equal = second === 0x45 ? 2 : 0;
    if (first === 0x47) return 1 + equal;
    return first === 0x4c ? 4 + equal : 0;
  }

  /** Joins epoch, ver and rel of the attributes in #evr; returns the length. */
  #buildEvr(data: Buffer): number {
    let length = 0;
    const epoch = this.#starts[ATTRIBUTE.epoch]!;
    const epochEnd = this.#ends[ATTRIBUTE.epoch]!;
    if (epoch >= 0 && epochEnd > epoch && !(epochEnd === epoch + 1 && data[epoch] === 0x30)) {
      length = this.#append(data, epoch, epochEnd, length);
      this.#evr[length++] = COLON;
    }
    if (this.#starts[ATTRIBUTE.ver]! >= 0) length = this.#append(data, this.#starts[ATTRIBUTE.ver]!, this.#ends[ATTRIBUTE.ver]!, length);
    if (this.#starts[ATTRIBUTE.rel]! >= 0 && this.#ends[ATTRIBUTE.rel]! > this.#starts[ATTRIBUTE.rel]!) {
      this.#evr[length++] = 0x2d;
      length = this.#append(data, this.#starts[ATTRIBUTE.rel]!, this.#ends[ATTRIBUTE.rel]!, length);
    }
    return length;
  }

  #append(data: Buffer, start: number, end: number, length: number): number {
    if (length + end - start + 2 > this.#evr.length) {
      const grown = new Uint8Array((length + end - start) * 2);
      grown.set(this.#evr);
      this.#evr = grown;
    }
    let hasEntity = false;
    const from = length;
    for (let i = start; i < end; i++) {
      if (data[i] === AMPERSAND) hasEntity = true;
      this.#evr[length++] = data[i]!;
    }
    return hasEntity ? from + decodeEntities(this.#evr, from, length, this.#evr, from) : length;
  }

  #number(data: Buffer, attribute: number): number {
    let value = 0;
    for (let i = this.#starts[attribute]!; i >= 0 && i < this.#ends[attribute]!; i++) {
      const digit = data[i]! - 0x30;
      if (digit < 0 || digit > 9) return 0;
      value = value * 10 + digit;
    }
    return value;
  }

  #withAttribute(data: Buffer, attribute: number, use: (bytes: Uint8Array, start: number, end: number) => void): void {
    const start = this.#starts[attribute]!;
    if (start < 0) return;
    const end = this.#ends[attribute]!;
    if (hasEntity(data, start, end)) use(this.#scratch, 0, this.#decode(data, start, end));
    else use(data, start, end);
  }

  #decode(data: Buffer, start: number, end: number): number {
    if (end - start > this.#scratch.length) this.#scratch = new Uint8Array((end - start) * 2);
    const length = decodeEntities(data, start, end, this.#scratch, 0);
    if (length < 0) this.#fail('has an unknown entity', start);
    return length;
  }

  /** Notes where the values of known attributes are; returns the place behind the tag. */
  #attributes(data: Buffer, at: number, end: number): number {
    const starts = this.#starts;
    starts.fill(-1);
    let i = at;
    for (;;) {
      while (i < end && isSpace(data[i]!)) i++;
      if (i >= end) this.#fail('has a tag that is not closed', at);
      const byte = data[i]!;
      if (byte === GREATER) return i + 1;
      if (byte === SLASH) {
        i++;
        continue;
      }
      const nameStart = i;
      while (i < end && data[i] !== EQUALS && !isNameEnd(data[i]!)) i++;
      const nameEnd = i;
      while (i < end && isSpace(data[i]!)) i++;
      if (i >= end || data[i] !== EQUALS) this.#fail('has an attribute without a value', nameStart);
      i++;
      while (i < end && isSpace(data[i]!)) i++;
      const quote = data[i]!;
      if (quote !== QUOTE && quote !== APOSTROPHE) this.#fail('has an attribute without quotes', nameStart);
      const valueStart = ++i;
      while (i < end && data[i] !== quote) i++;
      if (i >= end) this.#fail('has an attribute that is not closed', nameStart);
      const attribute = lookup(ATTRIBUTES, data, nameStart, nameEnd);
      if (attribute >= 0) {
        starts[attribute] = valueStart;
        this.#ends[attribute] = i;
      }
      i++;
    }
  }

  /** Behind a tag nobody needs; a `>` in a quoted value does not end it. */
  #skipTag(data: Buffer, at: number, end: number): number {
    let quote = 0;
    for (let i = at; i < end; i++) {
      const byte = data[i]!;
      if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (byte === GREATER) return i + 1;
      else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
    }
    return this.#fail('has a tag that is not closed', at);
  }

  /** Behind a comment, CDATA section or processing instruction. */
  #skipMarkup(data: Buffer, at: number, end: number): number {
    const closing =
      data[at + 1] === 0x3f
        ? '?>'
        : data.subarray(at, at + 4).equals(COMMENT)
          ? '-->'
          : data.subarray(at, at + 9).equals(CDATA)
            ? ']]>'
            : '';
    if (closing === '') this.#fail('has a document type declaration, which metadata never has', at);
    const close = data.indexOf(closing, at);
    if (close < 0 || close >= end) this.#fail('has a comment or CDATA section that is not closed', at);
    return close + closing.length;
  }

  #fail(what: string, at: number): never {
    throw new RpmDepsError('METADATA_INVALID', `${this.#url} ${what} (byte ${this.#offset + at})`, {
      hint: 'the mirror may be broken or in the middle of an update: try again, or use another mirror',
    });
  }
}

const COMMENT = Buffer.from('<!--');
const CDATA = Buffer.from('<![CDATA[');
const ENCODER = new TextEncoder();

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d;
}

function hasEntity(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === AMPERSAND) return true;
  return false;
}

function isNameEnd(byte: number): boolean {
  return byte === GREATER || byte === SLASH || isSpace(byte);
}

/** Behind the prefix of a name. */
function localStart(data: Buffer, start: number, end: number): number {
  for (let i = start; i < end; i++) if (data[i] === COLON) return i + 1;
  return start;
}

function trimEnd(data: Buffer, start: number, end: number): number {
  while (end > start && isSpace(data[end - 1]!)) end--;
  return end;
}

/** The text of mixed content: comments out, CDATA as it is, entities replaced. */
function plainText(source: string): Uint8Array {
  const parts = source.replace(/<!--[\s\S]*?-->/g, '').split(/(<!\[CDATA\[[\s\S]*?\]\]>)/);
  const text = parts.map((part) => {
    if (part.startsWith('<![CDATA[')) return part.slice(9, -3);
    const bytes = ENCODER.encode(part);
    const length = decodeEntities(bytes, 0, bytes.length, bytes, 0);
    return new TextDecoder().decode(bytes.subarray(0, Math.max(0, length)));
  });
  return ENCODER.encode(text.join(''));
}
