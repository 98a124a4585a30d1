/**
 * Named typed arrays in one file, to be used as they lie there: reading is one read and a sum over the bytes.
 *
 * Layout: magic with the format version (16 bytes), CRC-32 of everything from byte 24 on, length of the header, the header (JSON: kind,
 * key, what the caller adds, where each column lies), the columns in the machine's byte order, each on an 8-byte boundary. A file
 * that is damaged, of another kind, key, version or machine gives nothing, and the caller makes it anew.
 */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

export type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array;
export type Columns = Readonly<Record<string, Column>>;

export interface ColumnsFile<T> {
  /** What the file is for; another version of the same thing is another kind. */
  readonly kind: string;
  /** What it was made from. */
  readonly key: string;
  /** Plain data that goes into the header. */
  readonly more: T;
  readonly columns: Columns;
}

const MAGIC = Buffer.from('rpm-deps cols 1\n', 'latin1');
const SUM_AT = 16;
const LENGTH_AT = 20;
const HEADER_AT = 24;
const TYPES = { Int32Array, Uint32Array, Uint16Array, Uint8Array, Float64Array } as const;

interface Header {
  readonly kind: string;
  readonly key: string;
  readonly endianness: string;
  readonly more: unknown;
  /** Name, type, offset behind the header, and number of elements. */
  readonly columns: readonly (readonly [string, keyof typeof TYPES, number, number])[];
}

/** The file in parts, to be written one after the other; the columns themselves are not copied. */
export function encodeColumns<T>({ kind, key, more, columns }: ColumnsFile<T>): Uint8Array[] {
  const places: [string, keyof typeof TYPES, number, number][] = [];
  const bodies: Uint8Array[] = [];
  let at = 0;
  for (const [name, column] of Object.entries(columns)) {
    places.push([name, column.constructor.name as keyof typeof TYPES, at, column.length]);
    // Of an empty buffer zlib says 0, whatever the sum was before.
    if (column.byteLength > 0) bodies.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    const padding = align(column.byteLength) - column.byteLength;
    if (padding > 0) bodies.push(new Uint8Array(padding));
    at += column.byteLength + padding;
  }
  const text = Buffer.from(JSON.stringify({ kind, key, endianness: endianness(), more, columns: places } satisfies Header));
  const header = Buffer.alloc(align(HEADER_AT + text.length), 0x20);
  MAGIC.copy(header);
  text.copy(header, HEADER_AT);
  header.writeUInt32LE(header.length - HEADER_AT, LENGTH_AT);
  let sum = crc32(header.subarray(LENGTH_AT));
  for (const body of bodies) sum = crc32(body, sum);
  header.writeUInt32LE(sum, SUM_AT);
  return [header, ...bodies];
}

/** undefined when the bytes are not a whole file of that kind and key. The columns are views on the bytes. */
export function decodeColumns<T>(bytes: Uint8Array, wanted: { kind: string; key: string }): { more: T; columns: Columns } | undefined {
  if (bytes.length < HEADER_AT || bytes.byteOffset % 8 !== 0) return undefined;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (file.readUInt32LE(SUM_AT) !== crc32(file.subarray(LENGTH_AT))) return undefined;
  const base = HEADER_AT + file.readUInt32LE(LENGTH_AT);
  const header = JSON.parse(file.toString('utf8', HEADER_AT, base)) as Header;
  if (header.kind !== wanted.kind || header.key !== wanted.key || header.endianness !== endianness()) return undefined;
  const columns: Record<string, Column> = {};
  for (const [name, type, at, length] of header.columns) {
    columns[name] = new TYPES[type](bytes.buffer as ArrayBuffer, bytes.byteOffset + base + at, length);
  }
  return { more: header.more as T, columns };
}

function align(length: number): number {
  return (length + 7) & ~7;
}

/** A column of a file whose sum was right: it is there and of its type. */
export function take<T extends Column>(columns: Columns, name: string): T {
  return columns[name] as T;
}
