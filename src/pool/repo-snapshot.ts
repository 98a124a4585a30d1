/**
 * A repository's columns as one file, so that metadata is parsed once a checksum.
 *
 * Layout: magic and format version (16 bytes), a 64-bit sum of everything behind it, the length of the header, the header (JSON:
 * the key and where each column lies), the columns, each on an 8-byte boundary in the machine's byte order. A file that is
 * damaged, foreign or of another version is no snapshot: the caller parses again.
 */
import { DEPENDENCY_KINDS, type DependencyKind } from '../metadata/package-sink.ts';
import type { IdLists } from './pool.ts';
import type { RepoData } from './repo-data.ts';

const MAGIC = 'rpm-deps repo 2\n';
const HEADER_AT = 32;

type Column = Int32Array | Uint32Array | Float64Array | Uint8Array;
const TYPES = { Int32Array, Uint32Array, Float64Array, Uint8Array } as const;
type TypeName = keyof typeof TYPES;

interface ColumnPlace {
  readonly type: TypeName;
  readonly at: number;
  readonly length: number;
}

interface Header {
  readonly key: string;
  readonly count: number;
  readonly endian: string;
  readonly columns: Readonly<Record<string, ColumnPlace>>;
}

const ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

export function encodeSnapshot(data: RepoData, key: string): Uint8Array {
  const columns = columnsOf(data);
  const places: Record<string, ColumnPlace> = {};
  let at = 0;
  for (const [name, column] of Object.entries(columns)) {
    places[name] = { type: column.constructor.name as TypeName, at, length: column.length };
    at = align(at + column.byteLength);
  }
  const header = Buffer.from(JSON.stringify({ key, count: data.count, endian: ENDIAN, columns: places } satisfies Header));
  const base = align(HEADER_AT + header.length);
  const file = Buffer.alloc(base + at);
  file.write(MAGIC, 0, 'latin1');
  file.writeUInt32LE(header.length, 24);
  header.copy(file, HEADER_AT);
  for (const [name, column] of Object.entries(columns)) {
    file.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), base + places[name]!.at);
  }
  file.writeDoubleLE(sumOf(file), 16);
  return file;
}

/** undefined when the file is not a whole snapshot of that key. Columns are views on the file's buffer. */
export function decodeSnapshot(file: Uint8Array, key: string): RepoData | undefined {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (buffer.length < HEADER_AT || buffer.byteOffset % 8 !== 0 || buffer.toString('latin1', 0, 16) !== MAGIC) return undefined;
  if (buffer.readDoubleLE(16) !== sumOf(buffer)) return undefined;
  const headerLength = buffer.readUInt32LE(24);
  const header = JSON.parse(buffer.toString('utf8', HEADER_AT, HEADER_AT + headerLength)) as Header;
  if (header.key !== key || header.endian !== ENDIAN) return undefined;
  const base = align(HEADER_AT + headerLength);
  const column = <T extends Column>(name: string): T => {
    const { type, at, length } = header.columns[name]!;
    return new TYPES[type](buffer.buffer as ArrayBuffer, buffer.byteOffset + base + at, length) as unknown as T;
  };
  const lists = (name: string): IdLists => ({ start: column<Uint32Array>(`${name}.start`), ids: column<Int32Array>(`${name}.ids`) });
  return {
    count: header.count,
    strings: { bytes: column('strings.bytes'), starts: column('strings.starts'), hashes: column('strings.hashes') },
    relations: { names: column('relations.names'), flags: column('relations.flags'), evrs: column('relations.evrs') },
    name: column('name'),
    evr: column('evr'),
    arch: column('arch'),
    size: column('size'),
    buildTime: column('buildTime'),
    dependencies: Object.fromEntries(DEPENDENCY_KINDS.map((kind) => [kind, lists(kind)])) as Record<DependencyKind, IdLists>,
    files: lists('files'),
    cold: column('cold'),
    coldEnds: column('coldEnds'),
  };
}

function columnsOf(data: RepoData): Record<string, Column> {
  const columns: Record<string, Column> = {
    'strings.bytes': data.strings.bytes,
    'strings.starts': data.strings.starts,
    'strings.hashes': data.strings.hashes,
    'relations.names': data.relations.names,
    'relations.flags': data.relations.flags,
    'relations.evrs': data.relations.evrs,
    name: data.name,
    evr: data.evr,
    arch: data.arch,
    size: data.size,
    buildTime: data.buildTime,
    'files.start': data.files.start,
    'files.ids': data.files.ids,
    cold: data.cold,
    coldEnds: data.coldEnds,
  };
  for (const kind of DEPENDENCY_KINDS) {
    columns[`${kind}.start`] = data.dependencies[kind].start;
    columns[`${kind}.ids`] = data.dependencies[kind].ids;
  }
  return columns;
}

function align(offset: number): number {
  return (offset + 7) & ~7;
}

/** Two interleaved 32-bit sums over the words behind the sum itself: catches damage, and reads a file of 10 MB in a few ms. */
function sumOf(file: Buffer): number {
  const words = new Int32Array(file.buffer, file.byteOffset + 24, (file.length - 24) >> 2);
  let a = 1;
  let b = file.length | 0;
  for (let i = 0; i < words.length; i++) {
    a = (Math.imul(a, 31) + words[i]!) | 0;
    b = (b ^ a) + (b << 3);
  }
  return (a >>> 0) * 0x1_0000 + ((b >>> 0) & 0xffff);
}
