import { RpmDepsError } from '../base/errors.ts';
import type { ByteReader } from './byte-reader.ts';
import { HEADER_TYPE, type HeaderEntry, HeaderValues, ITEM_SIZE } from './header-values.ts';
import { SIGNATURE_TAG, TAG } from './rpm-tags.ts';

/**
 * One checked header structure of an RPM file: every entry is within the data, and `bytes` are exactly the bytes that a header signature covers.
 * Layout (rpm's header.c): magic, four reserved bytes, number of entries, size of the data, entries of 16 bytes, data.
 */
export interface RpmHeader {
  readonly bytes: Uint8Array;
  /** Offset in the file of its first byte, and of the byte after it. */
  readonly start: number;
  readonly end: number;
  strings(tag: number): readonly string[];
  /** First string of the entry; undefined if the entry is missing. */
  string(tag: number): string | undefined;
  /** Integers of 8, 16 or 32 bits, and of 64 bits if exact as a number. */
  numbers(tag: number): readonly number[];
  binary(tag: number): Uint8Array | undefined;
}

export interface RpmHeaders {
  readonly signature: RpmHeader;
  readonly main: RpmHeader;
}

/** Far above the longest file list in distributions; limits the memory that a small hostile header can use. */
const MAX_ITEMS = 1 << 21;
const LEAD_SIZE = 96;
/** The only kind of signature that a lead may declare: a signature header. */
const SIGNATURE_HEADER_FOLLOWS = 5;
const MAGIC = Buffer.from('8eade80100000000', 'hex');
const ENTRY_SIZE = 16;
/** Smaller tags are for regions and other internals of headers. */
const FIRST_TAG = 100;
// rpm's limits are 64 MB and 256 MB of data; the largest headers in distributions have a few MB.
const LIMITS = {
  signature: { entries: 32, data: 16 << 20, region: TAG.HEADER_SIGNATURES },
  main: { entries: 65_535, data: 64 << 20, region: TAG.HEADER_IMMUTABLE },
} as const;
const TYPE = HEADER_TYPE;
/** Entries that a verification uses, and their required types. */
const PROOFS: Readonly<Record<'signature' | 'main', ReadonlyMap<number, number>>> = {
  main: new Map([[TAG.PAYLOAD_DIGEST, TYPE.STRING_ARRAY]]),
  signature: new Map<number, number>([
    [SIGNATURE_TAG.DSA_HEADER, TYPE.BINARY],
    [SIGNATURE_TAG.RSA_HEADER, TYPE.BINARY],
    [SIGNATURE_TAG.SHA1_HEADER, TYPE.STRING],
    [SIGNATURE_TAG.SHA256_HEADER, TYPE.STRING],
    [SIGNATURE_TAG.PGP, TYPE.BINARY],
    [SIGNATURE_TAG.MD5, TYPE.BINARY],
    [SIGNATURE_TAG.GPG, TYPE.BINARY],
  ]),
};

/** Reads lead, signature header and main header; afterwards `reader` is at the start of the payload. */
export async function readRpmHeaders(reader: ByteReader, name: string): Promise<RpmHeaders> {
  const lead = await reader.take(LEAD_SIZE);
  if (lead === undefined || lead[0] !== 0xed || lead[1] !== 0xab || lead[2] !== 0xee || lead[3] !== 0xdb) {
    throw notAnRpm(name, 'it does not begin like an RPM');
  }
  if (lead[4] !== 3 && lead[4] !== 4) throw notAnRpm(name, `its format is of version ${lead[4]}`);
  if (((lead[78]! << 8) | lead[79]!) !== SIGNATURE_HEADER_FOLLOWS) throw notAnRpm(name, 'its lead announces an unknown kind of signature');
  const signature = await readHeader(reader, { name, section: 'signature' });
  const padding = (8 - (signature.end % 8)) % 8;
  if ((await reader.take(padding)) === undefined) throw notAnRpm(name, 'it ends after the signature header');
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
  if (!MAGIC.equals(intro.subarray(0, MAGIC.length))) throw notAnRpm(name, `the ${section} header has a wrong magic number`);
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

/** Same checks as rpm (hdrblobVerifyInfo and hdrblobVerifyRegion), so that everything that rpm calls damaged is refused here too. */
function parseHeader(bytes: Uint8Array, where: { name: string; section: 'signature' | 'main'; count: number; start: number }): RpmHeader {
  const { name, section, count, start } = where;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data = bytes.subarray(16 + count * ENTRY_SIZE);
  const entryAt = (i: number): HeaderEntry & { readonly tag: number } => {
    const at = 16 + i * ENTRY_SIZE;
    return { tag: view.getInt32(at), type: view.getUint32(at + 4), offset: view.getInt32(at + 8), count: view.getUint32(at + 12) };
  };
  const first = entryAt(0);
  // Signature headers of rpm 3 have no region.
  const hasRegion = first.tag === LIMITS[section].region;
  if (hasRegion || section === 'main') checkRegion(first, { name, section, data, count });
  const entries = new Map<number, HeaderEntry>();
  let end = 0;
  for (let i = hasRegion ? 1 : 0; i < count; i++) {
    const entry = entryAt(i);
    const { tag, type, offset } = entry;
    const size = dataSize(entry, data);
    if (tag < FIRST_TAG || size === undefined) throw notAnRpm(name, `entry ${tag} of the ${section} header is malformed`);
    if (offset < end) throw notAnRpm(name, `entry ${tag} of the ${section} header overlaps another`);
    end = offset + size;
    if (hasRegion && end > first.offset && offset < first.offset + ENTRY_SIZE)
      throw notAnRpm(name, `entry ${tag} of the ${section} header overlaps the end of its region`);
    if (!entries.has(tag)) {
      // rpm ignores such an entry if its type is a number, and refuses other wrong types.
      if (!(type >= TYPE.INT16 && type <= TYPE.INT64) && type !== (PROOFS[section].get(tag) ?? type))
        throw notAnRpm(name, `entry ${tag} of the ${section} header is of a wrong type`);
      entries.set(tag, entry);
    } else if (section === 'main') {
      // rpm uses the first one. In the signed header, a second one could show different programs different values.
      throw notAnRpm(name, `entry ${tag} occurs twice in the main header`);
    }
  }
  return new CheckedHeader({ bytes, data, entries, start, name });
}

/** Bytes of an entry; undefined if its type, offset or size is impossible. */
function dataSize({ type, offset, count }: HeaderEntry, data: Uint8Array): number | undefined {
  const size = ITEM_SIZE[type];
  if (size === undefined || type === 0 || offset < 0 || offset > data.length || count === 0) return undefined;
  if (size > 0) {
    const isAligned = offset % size === 0;
    const isTooMuch = type !== TYPE.BINARY && count > MAX_ITEMS;
    return isAligned && !isTooMuch && size * count <= data.length - offset ? size * count : undefined;
  }
  if (type === TYPE.STRING ? count !== 1 : count > MAX_ITEMS) return undefined;
  let at = offset;
  for (let i = 0; i < count; i++) {
    const end = data.indexOf(0, at);
    if (end < 0 || at >= data.length) return undefined;
    at = end + 1;
  }
  return at - offset;
}

/**
 * The signature covers the region of the main header. An entry outside of it would be used without being signed, so the region must cover the whole
 * header (rpm: hdrblobVerifyRegion with exact size). The signature header is not signed: entries may follow its region.
 */
function checkRegion(
  { tag, type, offset, count: size }: HeaderEntry & { readonly tag: number },
  { name, section, data, count }: { name: string; section: 'signature' | 'main'; data: Uint8Array; count: number },
): void {
  const { region } = LIMITS[section];
  const isMain = section === 'main';
  const fail = () =>
    notAnRpm(name, isMain ? 'its main header has entries outside of the signed region' : 'the region of its signature header is malformed');
  if (tag !== region || type !== TYPE.BINARY || size !== ENTRY_SIZE || offset < 0) throw fail();
  if (isMain ? offset + ENTRY_SIZE !== data.length : offset + ENTRY_SIZE > data.length) throw fail();
  const trailer = new DataView(data.buffer, data.byteOffset + offset, ENTRY_SIZE);
  const closes = trailer.getUint32(0);
  const entries = -trailer.getInt32(8) / ENTRY_SIZE;
  const covers =
    // Some old signature headers have the trailer of a whole header (HEADER_IMAGE).
    (closes === region || (!isMain && closes === TAG.HEADER_IMAGE)) &&
    trailer.getUint32(4) === TYPE.BINARY &&
    trailer.getUint32(12) === ENTRY_SIZE &&
    (isMain ? entries === count : Number.isInteger(entries) && entries >= 0 && entries <= count);
  if (!covers) throw fail();
}

class CheckedHeader extends HeaderValues implements RpmHeader {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;

  constructor(parts: { bytes: Uint8Array; data: Uint8Array; entries: ReadonlyMap<number, HeaderEntry>; start: number; name: string }) {
    super(parts.data, parts.entries, (problem) => notAnRpm(parts.name, problem));
    this.bytes = parts.bytes;
    this.start = parts.start;
    this.end = parts.start + parts.bytes.length;
  }
}
