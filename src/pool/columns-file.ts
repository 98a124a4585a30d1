/**
 * Named typed arrays in one file, used without copying. Does not detect altered content: the seal of the cache does.
 *
 * Layout: magic with the format version (16 bytes), length of the header, 4 zero bytes, the header (JSON: kind, key, data of the caller,
 * offsets of the columns), the columns in the byte order of the machine, each on an 8-byte boundary. A file of another kind, key, version
 * or machine is ignored, and the caller creates it again.
 */
import { endianness } from 'node:os';

export type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array;
export type Columns = Readonly<Record<string, Column>>;

export interface ColumnsFile<T> {
  /** The type of the file, with its version. */
  readonly kind: string;
  /** Identifies the input of the columns. */
  readonly key: string;
  /** Plain data of the caller, stored in the header. */
  readonly more: T;
  readonly columns: Columns;
}

const MAGIC = Buffer.from('rpm-deps cols 2\n', 'latin1');
const LENGTH_AT = 16;
const HEADER_AT = 24;
const TYPES = { Int32Array, Uint32Array, Uint16Array, Uint8Array, Float64Array } as const;

interface Header {
  readonly kind: string;
  readonly key: string;
  readonly endianness: string;
  readonly more: unknown;
  /** Name, type, offset after the header, and number of elements. */
  readonly columns: readonly (readonly [string, keyof typeof TYPES, number, number])[];
}

/** The file in consecutive parts; the columns are not copied. */
export function encodeColumns<T>({ kind, key, more, columns }: ColumnsFile<T>): Uint8Array[] {
  const places: [string, keyof typeof TYPES, number, number][] = [];
  const bodies: Uint8Array[] = [];
  let at = 0;
  for (const [name, column] of Object.entries(columns)) {
    places.push([name, column.constructor.name as keyof typeof TYPES, at, column.length]);
    if (column.byteLength > 0) bodies.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    const padding = align(column.byteLength) - column.byteLength;
    if (padding > 0) bodies.push(new Uint8Array(padding));
    at += column.byteLength + padding;
  }
  const text = Buffer.from(JSON.stringify({ kind, key, endianness: endianness(), more, columns: places } satisfies Header));
  const header = Buffer.alloc(align(HEADER_AT + text.length), 0x20);
  header.fill(0, 0, HEADER_AT);
  MAGIC.copy(header);
  text.copy(header, HEADER_AT);
  header.writeUInt32LE(header.length - HEADER_AT, LENGTH_AT);
  return [header, ...bodies];
}

/** undefined if the bytes are not a file of this kind and key. The columns are views of the bytes. */
export function decodeColumns<T>(bytes: Uint8Array, wanted: { kind: string; key: string }): { more: T; columns: Columns } | undefined {
  if (bytes.length < HEADER_AT || bytes.byteOffset % 8 !== 0) return undefined;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
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

/** A column; its existence and type are not checked, because the file is sealed. */
export function take<T extends Column>(columns: Columns, name: string): T {
  return columns[name] as T;
}
