/**
 * Headers as an rpm database holds them: without lead, signature and magic number, and with entries that rpm added at installation
 * behind the region that the package came with (rpm, lib/header.c: headerImport, headerExport). All numbers are big-endian.
 */
import { RpmDepsError } from '../base/errors.ts';
import { TAG } from '../rpm/rpm-tags.ts';

export interface DatabaseHeader {
  strings(tag: number): readonly string[];
  string(tag: number): string | undefined;
  numbers(tag: number): readonly number[];
  binary(tag: number): Uint8Array | undefined;
}

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const TYPE = { STRING: 6, BINARY: 7, STRING_ARRAY: 8, I18N_STRING: 9 } as const;
/** Bytes of one item, by type; 0 for strings. */
const ITEM_SIZE = [0, 1, 1, 2, 4, 8, 0, 1, 0, 0];
const ENTRY_SIZE = 16;
// rpm's own bounds (hdrchkTags, hdrchkData).
const MAX_ENTRIES = 65_535;
const MAX_DATA = 256 << 20;
const MAX_ITEMS = 1 << 21;
/** Regions and other inner matters of headers have smaller numbers; i18n tables and signatures of installed packages lie below too. */
const FIRST_REGION = TAG.HEADER_IMAGE;
const LAST_REGION = TAG.HEADER_IMMUTABLE;

/** Reads the blob of one package; `where` names the database in messages. Throws RPMDB_INVALID. */
export function readDatabaseHeader(blob: Uint8Array, where: string): DatabaseHeader {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  if (blob.length < 8) throw invalidDatabase(where, 'a header is cut off');
  const count = view.getUint32(0);
  const size = view.getUint32(4);
  const start = 8 + count * ENTRY_SIZE;
  if (count === 0 || count > MAX_ENTRIES || size > MAX_DATA || start + size > blob.length)
    throw invalidDatabase(where, `a header claims ${count} entries and ${size} bytes`);
  const data = blob.subarray(start, start + size);
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = 8 + i * ENTRY_SIZE;
    const tag = view.getInt32(at);
    const entry = { type: view.getUint32(at + 4), offset: view.getInt32(at + 8), count: view.getUint32(at + 12) };
    if (tag >= FIRST_REGION && tag <= LAST_REGION) continue;
    if (!fits(entry, data)) throw invalidDatabase(where, `entry ${tag} of a header is malformed`);
    if (!entries.has(tag)) entries.set(tag, entry);
  }
  return new CheckedHeader(data, entries, where);
}

export function invalidDatabase(where: string, why: string, cause?: unknown): RpmDepsError {
  return new RpmDepsError('RPMDB_INVALID', `the rpm database ${where} cannot be read: ${why}`, {
    hint: 'the image or the folder may be damaged: pull or build it again, or list its packages under `base: { packages: [...] }`',
    cause,
  });
}

function fits({ type, offset, count }: Entry, data: Uint8Array): boolean {
  const size = ITEM_SIZE[type];
  if (size === undefined || type === 0 || offset < 0 || offset > data.length) return false;
  if (type !== TYPE.BINARY && count > MAX_ITEMS) return false;
  return size === 0 ? offset < data.length || count === 0 : size * count <= data.length - offset;
}

class CheckedHeader implements DatabaseHeader {
  readonly #data: Uint8Array;
  readonly #entries: ReadonlyMap<number, Entry>;
  readonly #where: string;

  constructor(data: Uint8Array, entries: ReadonlyMap<number, Entry>, where: string) {
    this.#data = data;
    this.#entries = entries;
    this.#where = where;
  }

  string(tag: number): string | undefined {
    return this.strings(tag)[0];
  }

  strings(tag: number): readonly string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== TYPE.STRING && entry.type !== TYPE.STRING_ARRAY && entry.type !== TYPE.I18N_STRING))
      return [];
    const texts: string[] = [];
    let at = entry.offset;
    for (let i = 0; i < (entry.type === TYPE.STRING ? 1 : entry.count); i++) {
      const end = this.#data.indexOf(0, at);
      if (at >= this.#data.length || end < 0) throw invalidDatabase(this.#where, `a text of entry ${tag} does not end`);
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
    return entry?.type === TYPE.BINARY ? this.#data.subarray(entry.offset, entry.offset + entry.count) : undefined;
  }
}
