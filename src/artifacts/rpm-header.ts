import { RpmDepsError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import { TAG } from './rpm-tags.ts';

/**
 * One header structure of an RPM file, checked: every entry lies within the data, and `bytes` is exactly what a header signature covers.
 * Layout (rpm's header.c): magic, four reserved bytes, number of entries, size of the data, entries of 16 bytes, data.
 */
export interface RpmHeader {
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the file, and of the first byte behind it. */
  readonly start: number;
  readonly end: number;
  strings(tag: number): readonly string[];
  /** First string of the entry; undefined where there is none. */
  string(tag: number): string | undefined;
  /** Integers of 8, 16 or 32 bits, and of 64 as far as a number is exact. */
  numbers(tag: number): readonly number[];
  binary(tag: number): Uint8Array | undefined;
}

export interface RpmHeaders {
  readonly signature: RpmHeader;
  readonly main: RpmHeader;
}

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** Far above the longest list of files in distributions; bounds what a hostile header can make out of few bytes. */
const MAX_ITEMS = 1 << 21;
const LEAD_SIZE = 96;
const ENTRY_SIZE = 16;
// rpm's own bounds are 64 MB and 256 MB of data; the largest headers in distributions have a few MB.
const LIMITS = {
  signature: { entries: 64, data: 16 << 20, region: TAG.HEADER_SIGNATURES },
  main: { entries: 65_535, data: 64 << 20, region: TAG.HEADER_IMMUTABLE },
} as const;
/** Bytes of one item, by type; strings have none. */
const ITEM_SIZE = [0, 1, 1, 2, 4, 8, 0, 1, 0, 0];

/** Reads lead, signature header and main header from `reader`, which afterwards stands at the payload. */
export async function readRpmHeaders(reader: ByteReader, name: string): Promise<RpmHeaders> {
  const lead = await reader.take(LEAD_SIZE);
  if (lead === undefined || lead[0] !== 0xed || lead[1] !== 0xab || lead[2] !== 0xee || lead[3] !== 0xdb) {
    throw notAnRpm(name, 'it does not begin as an RPM does');
  }
  const signature = await readHeader(reader, { name, section: 'signature' });
  const padding = (8 - (signature.end % 8)) % 8;
  if ((await reader.take(padding)) === undefined) throw notAnRpm(name, 'it ends behind the signature header');
  const main = await readHeader(reader, { name, section: 'main' });
  return { signature, main };
}

export function notAnRpm(name: string, reason: string): RpmDepsError {
  return new RpmDepsError('RPM_INVALID', `\`${name}\` is not a valid RPM: ${reason}`, {
    hint: 'the download may be damaged: remove the file and fetch it again',
  });
}

async function readHeader(reader: ByteReader, { name, section }: { name: string; section: 'signature' | 'main' }): Promise<RpmHeader> {
  const limits = LIMITS[section];
  const start = reader.offset;
  const intro = await reader.take(16);
  if (intro === undefined) throw notAnRpm(name, `it ends before the ${section} header`);
  if (intro[0] !== 0x8e || intro[1] !== 0xad || intro[2] !== 0xe8 || intro[3] !== 1)
    throw notAnRpm(name, `the ${section} header has a wrong magic number`);
  const view = new DataView(intro.buffer, intro.byteOffset, 16);
  const count = view.getUint32(8);
  const size = view.getUint32(12);
  if (count === 0 || count > limits.entries || size > limits.data)
    throw notAnRpm(name, `the ${section} header claims ${count} entries and ${size} bytes`);
  const rest = await reader.take(count * ENTRY_SIZE + size);
  if (rest === undefined) throw notAnRpm(name, `it ends within the ${section} header`);
  const bytes = new Uint8Array(16 + rest.length);
  bytes.set(intro);
  bytes.set(rest, 16);
  return parseHeader(bytes, { name, section, count, start });
}

function parseHeader(bytes: Uint8Array, where: { name: string; section: 'signature' | 'main'; count: number; start: number }): RpmHeader {
  const { name, section, count, start } = where;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data = bytes.subarray(16 + count * ENTRY_SIZE);
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = 16 + i * ENTRY_SIZE;
    const tag = view.getUint32(at);
    const entry: Entry = { type: view.getUint32(at + 4), offset: view.getInt32(at + 8), count: view.getUint32(at + 12) };
    const size = ITEM_SIZE[entry.type];
    if (size === undefined || entry.type === 0 || entry.offset < 0 || entry.count === 0 || (entry.type !== 7 && entry.count > MAX_ITEMS)) {
      throw notAnRpm(name, `entry ${tag} of the ${section} header is malformed`);
    }
    if (entry.offset + Math.max(size * entry.count, 1) > data.length)
      throw notAnRpm(name, `entry ${tag} reaches beyond the ${section} header`);
    // The first one counts, as with rpm's own look-up in a sorted region; a second could show two faces.
    if (entries.has(tag)) throw notAnRpm(name, `entry ${tag} stands twice in the ${section} header`);
    entries.set(tag, entry);
  }
  if (section === 'main') checkRegion({ name, entries, data, count });
  return new CheckedHeader({ bytes, data, entries, start, name });
}

/**
 * What is signed is the region. An entry outside of it would be unsigned and yet believed, so the region has to cover
 * the whole header (rpm: hdrblobVerifyRegion with exact size).
 */
function checkRegion({
  name,
  entries,
  data,
  count,
}: {
  name: string;
  entries: ReadonlyMap<number, Entry>;
  data: Uint8Array;
  count: number;
}): void {
  const tag = TAG.HEADER_IMMUTABLE;
  const region = entries.get(tag);
  const fail = () => notAnRpm(name, 'its main header has entries outside of the signed region');
  if (region === undefined || region.type !== 7 || region.count !== ENTRY_SIZE || entries.keys().next().value !== tag) throw fail();
  if (region.offset + ENTRY_SIZE !== data.length) throw fail();
  const trailer = new DataView(data.buffer, data.byteOffset + region.offset, ENTRY_SIZE);
  const covers =
    trailer.getUint32(0) === tag &&
    trailer.getUint32(4) === 7 &&
    trailer.getInt32(8) === -count * ENTRY_SIZE &&
    trailer.getUint32(12) === ENTRY_SIZE;
  if (!covers) throw fail();
}

class CheckedHeader implements RpmHeader {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly #data: Uint8Array;
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #name: string;

  constructor(parts: { bytes: Uint8Array; data: Uint8Array; entries: ReadonlyMap<number, Entry>; start: number; name: string }) {
    this.bytes = parts.bytes;
    this.start = parts.start;
    this.end = parts.start + parts.bytes.length;
    this.#data = parts.data;
    this.#entries = parts.entries;
    this.#name = parts.name;
  }

  string(tag: number): string | undefined {
    return this.strings(tag)[0];
  }

  strings(tag: number): readonly string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== 6 && entry.type !== 8 && entry.type !== 9)) return [];
    const texts: string[] = [];
    let at = entry.offset;
    for (let i = 0; i < (entry.type === 6 ? 1 : entry.count); i++) {
      const end = this.#data.indexOf(0, at);
      if (at >= this.#data.length || end < 0) throw notAnRpm(this.#name, `a text of entry ${tag} does not end`);
      texts.push(Buffer.from(this.#data.buffer, this.#data.byteOffset + at, end - at).toString('utf8'));
      at = end + 1;
    }
    return texts;
  }

  numbers(tag: number): readonly number[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || entry.type < 1 || entry.type > 5) return [];
    const view = new DataView(this.#data.buffer, this.#data.byteOffset, this.#data.length);
    const size = ITEM_SIZE[entry.type]!;
    return Array.from({ length: entry.count }, (_, i) => {
      const at = entry.offset + i * size;
      if (size === 1) return view.getUint8(at);
      if (size === 2) return view.getUint16(at);
      return size === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
    });
  }

  binary(tag: number): Uint8Array | undefined {
    const entry = this.#entries.get(tag);
    return entry?.type === 7 ? this.#data.subarray(entry.offset, entry.offset + entry.count) : undefined;
  }
}
