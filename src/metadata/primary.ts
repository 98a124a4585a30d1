/**
 * primary.xml as calls on a sink, straight from bytes. Whole packages are read as they arrive; what is left of a chunk waits for
 * the next. Elements are known by their names as createrepo writes them, with the prefix `rpm:` where it puts it (as in libsolv).
 */
import { printable } from '../io/printable.ts';
import { EntryReader } from './entry-reader.ts';
import type { PackageSink } from './package-sink.ts';
import { hrefMistake } from './relative-href.ts';
import { readProlog } from './xml-prolog.ts';
import { INCOMPLETE, XmlScanner } from './xml-scanner.ts';

/** No package has metadata of this size: refused, so that a hostile file cannot take all memory. */
const MAX_PACKAGE_BYTES = 64 * 1024 * 1024;
/** A prolog is read as soon as so much is there, or the whole document. */
const PROLOG_BYTES = 4096;
const CLOSE_PACKAGE = '</package>';

const word = (text: string): number => Buffer.from(text, 'latin1').readInt32LE(0);
const RPM_PREFIX = word('rpm:');
const SLASH = 0x2f;
const ZERO = 0x30;
const DOT = 0x2e;

const bytesOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0));
const HEX = bytesOf(/[0-9a-fA-F]/);
/** What may be in a location without a closer look. */
const SIMPLE_PATH = bytesOf(/[\w./+~^-]/);

/** First four bytes of the names of lists of dependencies, by kind; the whole names end in what follows. */
const LISTS = new Map(
  ['provides', 'requires', 'conflicts', 'obsoletes', 'recommends', 'suggests', 'supplements', 'enhances'].map((name, kind) => [
    word(name),
    { kind, name: `rpm:${name}` },
  ]),
);
/** The other elements that are read, by their first four bytes. */
const ELEMENTS = new Map(
  (['name', 'arch', 'version', 'checksum', 'location', 'size', 'time', 'format', 'file'] as const).map((name) => [word(name), name]),
);

export class PrimaryReader {
  readonly #sink: PackageSink;
  readonly #scanner: XmlScanner;
  readonly #entries: EntryReader;
  #stage: 'prolog' | 'packages' | 'closed' = 'prolog';
  #packages = 0;
  /** Nothing is tried before so many bytes are there. */
  #retryAt = 0;

  /** `url` is only for messages. */
  constructor(sink: PackageSink, url: string) {
    this.#sink = sink;
    this.#scanner = new XmlScanner(url);
    this.#entries = new EntryReader(this.#scanner, sink);
  }

  /** Takes the next bytes of the document. */
  write(chunk: Uint8Array): void {
    const scanner = this.#scanner;
    const known = scanner.end - scanner.pos;
    scanner.append(chunk);
    const atHand = scanner.end;
    if (this.#stage === 'prolog' && atHand >= PROLOG_BYTES) this.#attempt(atHand);
    // Only whole packages are read; where the last one ends is found from the back.
    const from = Math.max(scanner.pos, known - CLOSE_PACKAGE.length);
    const last = Buffer.from(scanner.bytes.buffer, from, atHand - from).lastIndexOf(CLOSE_PACKAGE);
    if (last >= 0 && atHand >= this.#retryAt) this.#attempt(from + last + CLOSE_PACKAGE.length);
    if (scanner.end - scanner.pos > MAX_PACKAGE_BYTES) scanner.fail('has a package of more than 64 MiB');
  }

  /** Ends the document. Returns how many packages there were. */
  end(): number {
    const scanner = this.#scanner;
    if (!this.#attempt(scanner.end)) scanner.fail('is cut off', scanner.end);
    return this.#packages;
  }

  /** Reads as far as `limit`; false when that is in the middle of something, to which it goes back. */
  #attempt(limit: number): boolean {
    const scanner = this.#scanner;
    const atHand = scanner.end;
    scanner.end = limit;
    let safe = scanner.pos;
    try {
      if (this.#stage === 'prolog') {
        this.#stage = readProlog(scanner, 'metadata') ? 'closed' : 'packages';
        safe = scanner.pos;
      }
      while (scanner.pos < limit) {
        if (!this.#readTop()) return true;
        safe = scanner.pos;
      }
      scanner.end = atHand;
      return limit < atHand || this.#stage === 'closed';
    } catch (error) {
      if (error !== INCOMPLETE) throw error;
      this.#sink.abandonPackage();
      scanner.pos = safe;
      this.#retryAt = 2 * (atHand - safe);
      return false;
    } finally {
      scanner.end = atHand;
    }
  }

  /** Reads one thing directly below the root; false when the document is over. */
  #readTop(): boolean {
    const scanner = this.#scanner;
    if (this.#stage === 'closed' && scanner.isBlank()) return false;
    scanner.skipText();
    const { bytes, pos } = scanner;
    const next = bytes[pos + 1]!;
    if (next === 0x21 || next === 0x3f) scanner.skipMarkup();
    else if (this.#stage === 'closed') scanner.fail('goes on after </metadata>');
    else if (next === SLASH) {
      scanner.closeRoot('metadata');
      this.#stage = 'closed';
    } else {
      const nameEnd = scanner.nameEnd(pos + 1);
      if (nameEnd - pos === 8 && scanner.startsWith('package', pos + 1)) this.#readPackage(nameEnd);
      else scanner.skipElement(pos + 1, nameEnd);
    }
    return true;
  }

  #readPackage(nameEnd: number): void {
    const scanner = this.#scanner;
    const nameStart = nameEnd - 7;
    scanner.pos = nameEnd;
    if (scanner.readAttributes()) return;
    let formatStart = 0;
    for (;;) {
      scanner.skipText();
      const at = scanner.pos;
      const next = scanner.bytes[at + 1]!;
      if (next === SLASH) {
        if (formatStart === 0) break;
        scanner.closeElement(formatStart, formatStart + 6);
        formatStart = 0;
      } else if (next === 0x21 || next === 0x3f) scanner.skipMarkup();
      else if (this.#readElement(at + 1)) {
        if (formatStart !== 0) scanner.fail('has a <format> in a <format>', at);
        formatStart = at + 1;
      }
    }
    scanner.closeElement(nameStart, nameEnd);
    this.#sink.endPackage();
    this.#packages++;
  }

  /** Reads the element whose name begins at `start`; true when it is an open `<format>`, of which only the tag is read. */
  #readElement(start: number): boolean {
    const scanner = this.#scanner;
    const end = scanner.nameEnd(start);
    const first = scanner.view.getInt32(start, true);
    if (first === RPM_PREFIX) {
      this.#readRpmElement(start, end);
      return false;
    }
    const known = ELEMENTS.get(first);
    if (known === undefined || known.length !== end - start || !scanner.startsWith(known, start)) {
      scanner.skipElement(start, end);
      return false;
    }
    scanner.pos = end;
    const sink = this.#sink;
    const isEmpty = scanner.readAttributes();
    if (known === 'format') return !isEmpty;
    if (known === 'version') {
      this.#entries.readEvr();
      sink.evr(this.#entries.evr, 0, this.#entries.evrEnd);
    } else if (known === 'size') sink.size(this.#number('package'));
    else if (known === 'time') sink.buildTime(this.#number('build'));
    else if (known === 'location') {
      if (this.#takeAttribute('href')) this.#readLocation();
    } else if (known === 'checksum' && this.#takeAttribute('type'))
      sink.checksumType(scanner.textBytes, scanner.textStart, scanner.textEnd);
    if (isEmpty) scanner.textEnd = scanner.textStart;
    else scanner.readText(start, end);
    const { textBytes, textStart, textEnd } = scanner;
    if (known === 'name') sink.name(textBytes, textStart, textEnd);
    else if (known === 'arch') sink.arch(textBytes, textStart, textEnd);
    else if (known === 'checksum') this.#readChecksum();
    else if (known === 'file') sink.file(textBytes, textStart, textEnd);
    return false;
  }

  #readLocation(): void {
    const { textBytes, textStart, textEnd } = this.#scanner;
    let isSimple = textEnd > textStart && textBytes[textStart] !== SLASH;
    for (let i = textStart; i < textEnd && isSimple; i++) {
      isSimple = SIMPLE_PATH[textBytes[i]!] === 1 && !(textBytes[i] === DOT && textBytes[i + 1] === DOT);
    }
    if (!isSimple) {
      const href = Buffer.from(textBytes.subarray(textStart, textEnd)).toString('utf8');
      const mistake = hrefMistake(href);
      if (mistake !== undefined) this.#scanner.fail(`has a package with the location \`${printable(href)}\`, which ${mistake}`);
    }
    this.#sink.location(textBytes, textStart, textEnd);
  }

  #readChecksum(): void {
    const { textBytes, textStart, textEnd } = this.#scanner;
    for (let i = textStart; i < textEnd; i++) if (HEX[textBytes[i]!] !== 1) this.#scanner.fail('has a checksum that is not hexadecimal');
    this.#sink.checksum(textBytes, textStart, textEnd);
  }

  #readRpmElement(start: number, end: number): void {
    const scanner = this.#scanner;
    if (end - start === 13 && scanner.startsWith('sourcerpm', start + 4)) {
      scanner.pos = end;
      if (scanner.readAttributes()) scanner.textEnd = scanner.textStart;
      else scanner.readText(start, end);
      this.#sink.sourceRpm(scanner.textBytes, scanner.textStart, scanner.textEnd);
      return;
    }
    const list = LISTS.get(scanner.view.getInt32(start + 4, true));
    if (list === undefined || list.name.length !== end - start || !scanner.startsWith(list.name, start)) {
      scanner.skipElement(start, end);
      return;
    }
    scanner.pos = end;
    if (scanner.readAttributes()) return;
    this.#entries.readList(list.kind);
    scanner.closeElement(start, end);
  }

  #takeAttribute(name: string): boolean {
    const { attributes, attributeCount } = this.#scanner;
    for (let i = 0; i < 4 * attributeCount; i += 4) {
      const start = attributes[i]!;
      if (attributes[i + 1]! - start !== name.length || !this.#scanner.startsWith(name, start)) continue;
      this.#scanner.takeValue(attributes[i + 2]!, attributes[i + 3]!);
      return true;
    }
    return false;
  }

  /** A number of decimal digits, of at most 15; 0 when it is none. */
  #number(name: string): number {
    if (!this.#takeAttribute(name)) return 0;
    const { textBytes, textStart, textEnd } = this.#scanner;
    if (textEnd - textStart > 15) return 0;
    let value = 0;
    for (let i = textStart; i < textEnd; i++) {
      const digit = textBytes[i]! - ZERO;
      if (digit < 0 || digit > 9) return 0;
      value = value * 10 + digit;
    }
    return value;
  }
}
