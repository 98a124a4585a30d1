/**
 * Lists of `<rpm:entry>`, which are most of a repository's metadata. Allocates nothing per entry.
 */
import { EntryMemo } from './entry-memo.ts';
import type { DependencyText, PackageSink } from './package-sink.ts';
import { INCOMPLETE, PLAIN, type XmlScanner } from './xml-scanner.ts';

const word = (text: string): number => Buffer.from(text, 'latin1').readInt32LE(0);
const ENTRY = { open: word('<rpm'), middle: word(':ent'), end: Buffer.from('ry').readInt16LE(0) };
const SLASH = 0x2f;
const COLON = 0x3a;
const DASH = 0x2d;
const ZERO = 0x30;

const FLAGS: ReadonlyMap<number, number> = new Map(
  Object.entries({ GT: 1, EQ: 2, GE: 3, LT: 4, NE: 5, LE: 6 }).map(([text, flags]) => [Buffer.from(text).readInt16LE(0), flags]),
);

/** The fields are the entry that was read last, as the sink gets it. */
export class EntryReader implements DependencyText {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  flags = 0;
  evr = new Uint8Array(1024);
  evrEnd = 0;
  readonly #scanner: XmlScanner;
  readonly #sink: PackageSink;
  readonly #memo = new EntryMemo();

  constructor(scanner: XmlScanner, sink: PackageSink) {
    this.#scanner = scanner;
    this.#sink = sink;
  }

  /** Reads entries up to the end tag of their list. */
  readList(kind: number): void {
    const scanner = this.#scanner;
    const memo = this.#memo;
    const sink = this.#sink;
    const { bytes, view, end } = scanner;
    for (;;) {
      let at = scanner.pos;
      while (bytes[at]! <= 0x20) at++;
      if (at + 10 >= end) throw INCOMPLETE;
      scanner.pos = at;
      if (view.getInt32(at, true) !== ENTRY.open || view.getInt32(at + 4, true) !== ENTRY.middle || !this.#isEntry(at)) {
        if (this.#skipOther()) continue;
        return;
      }
      const start = at + 10;
      const known = memo.find(view, start, end);
      let value = 0;
      if (known !== 0) {
        value = memo.value(known);
        scanner.pos = memo.end;
      } else {
        scanner.pos = start;
        const isEmpty = scanner.readAttributes();
        value = this.#readEntry();
        if (!isEmpty) scanner.skipContent(at + 1, start);
        else if (scanner.pos === memo.end) memo.add(view, start, value);
      }
      // An entry without a name is none, and the sink may not want one.
      if (value >> 1 !== 0) sink.dependency(kind, value >> 1, (value & 1) !== 0);
    }
  }

  #isEntry(at: number): boolean {
    const { bytes, view } = this.#scanner;
    const next = bytes[at + 10]!;
    return view.getInt16(at + 8, true) === ENTRY.end && (next <= 0x20 || next === SLASH || next === 0x3e);
  }

  /** Passes what is not an entry in a list; false at an end tag. */
  #skipOther(): boolean {
    const scanner = this.#scanner;
    scanner.skipText();
    const { pos } = scanner;
    const next = scanner.bytes[pos + 1]!;
    if (next === SLASH) return false;
    if (next === 0x21 || next === 0x3f) scanner.skipMarkup();
    else if (pos + 10 >= scanner.end) throw INCOMPLETE;
    else if (!this.#isEntry(pos)) scanner.skipElement(pos + 1, scanner.nameEnd(pos + 1));
    return true;
  }

  /** The entry whose attributes have just been read: the sink's number, twice, and one more when it is `pre`; 0 when it has no name. */
  #readEntry(): number {
    const { bytes, attributes, attributeCount } = this.#scanner;
    let name = -1;
    let isPre = 0;
    this.flags = 0;
    let isVersioned = false;
    for (let i = 0; i < 4 * attributeCount; i += 4) {
      const start = attributes[i]!;
      const length = attributes[i + 1]! - start;
      const first = bytes[start];
      if (length === 4 && first === 0x6e && this.#scanner.startsWith('name', start)) name = i;
      else if (length === 5 && first === 0x66 && this.#scanner.startsWith('flags', start)) {
        isVersioned = true;
        this.flags = this.#flags(attributes[i + 2]!, attributes[i + 3]!);
      } else if (length === 3 && first === 0x70 && this.#scanner.startsWith('pre', start)) {
        isPre = bytes[attributes[i + 2]!] === 0x31 ? 1 : 0;
      }
    }
    if (name < 0) return 0;
    if (isVersioned) this.readEvr();
    else this.evrEnd = 0;
    this.#scanner.takeValue(attributes[name + 2]!, attributes[name + 3]!);
    this.bytes = this.#scanner.textBytes;
    this.start = this.#scanner.textStart;
    this.end = this.#scanner.textEnd;
    const id = this.#sink.dependencyId(this);
    return id * 2 + isPre;
  }

  /** EQ, LT, GT, LE, GE or NE as a sum of GT 1, EQ 2, LT 4; 0 for anything else. */
  #flags(start: number, end: number): number {
    if (end - start !== 2) return 0;
    return FLAGS.get(this.#scanner.view.getInt16(start, true)) ?? 0;
  }

  /** Joins epoch, ver and rel of the last tag as libsolv does; an epoch that the version itself seems to have is kept apart by `0:`. */
  readEvr(): void {
    const { bytes, attributes, attributeCount } = this.#scanner;
    let epoch = -1;
    let version = -1;
    let release = -1;
    for (let i = 0; i < 4 * attributeCount; i += 4) {
      const start = attributes[i]!;
      const length = attributes[i + 1]! - start;
      const first = bytes[start];
      if (length === 3 && first === 0x76 && this.#scanner.startsWith('ver', start)) version = i;
      else if (length === 3 && first === 0x72 && this.#scanner.startsWith('rel', start)) release = i;
      else if (length === 5 && first === 0x65 && this.#scanner.startsWith('epoch', start)) epoch = i;
    }
    this.evrEnd = 0;
    if (epoch >= 0 && this.#isEpoch(attributes[epoch + 2]!, attributes[epoch + 3]!)) {
      this.#append(epoch);
      this.evr[this.evrEnd++] = COLON;
    }
    if (version >= 0) {
      const from = this.evrEnd;
      this.#append(version);
      if (from === 0 && startsWithEpoch(this.evr, this.evrEnd)) {
        this.evr.copyWithin(2, 0, this.evrEnd);
        this.evr[0] = ZERO;
        this.evr[1] = COLON;
        this.evrEnd += 2;
      }
    }
    if (release >= 0 && attributes[release + 3]! > attributes[release + 2]!) {
      this.evr[this.evrEnd++] = DASH;
      this.#append(release);
    }
  }

  #isEpoch(start: number, end: number): boolean {
    return end > start && !(end === start + 1 && this.#scanner.bytes[start] === ZERO);
  }

  /** Adds the value of an attribute to the evr, which has room for four bytes more afterwards. */
  #append(attribute: number): void {
    const { attributes, bytes } = this.#scanner;
    const start = attributes[attribute + 2]!;
    const end = attributes[attribute + 3]!;
    if (this.evrEnd + end - start + 4 > this.evr.length) {
      const grown = new Uint8Array(2 * (this.evrEnd + end - start + 4));
      grown.set(this.evr);
      this.evr = grown;
    }
    const { evr } = this;
    let to = this.evrEnd;
    let i = start;
    for (; i < end && PLAIN[bytes[i]!] === 1; i++) evr[to++] = bytes[i]!;
    if (i < end) {
      this.#scanner.takeValue(start, end);
      const { textBytes, textStart, textEnd } = this.#scanner;
      evr.set(textBytes.subarray(textStart, textEnd), this.evrEnd);
      to = this.evrEnd + textEnd - textStart;
    }
    this.evrEnd = to;
  }
}

function startsWithEpoch(bytes: Uint8Array, end: number): boolean {
  let i = 0;
  while (i < end && bytes[i]! >= ZERO && bytes[i]! <= 0x39) i++;
  return i > 0 && i < end && bytes[i] === COLON;
}
