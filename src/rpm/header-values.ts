/** Values of header entries (rpm, lib/header.c), of a file or of a package in an rpm database. Numbers are big-endian. */
export interface HeaderEntry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

export const HEADER_TYPE = { INT16: 3, INT64: 5, STRING: 6, BINARY: 7, STRING_ARRAY: 8, I18N_STRING: 9 } as const;
/** Bytes per item, by type; 0 for strings. */
export const ITEM_SIZE = [0, 1, 1, 2, 4, 8, 0, 1, 0, 0];

const TYPE = HEADER_TYPE;

/** The caller checks that all entries are within `data`; `malformed` creates the error for a string without an end. */
export class HeaderValues {
  readonly #data: Uint8Array;
  readonly #entries: ReadonlyMap<number, HeaderEntry>;
  readonly #malformed: (problem: string) => Error;

  constructor(data: Uint8Array, entries: ReadonlyMap<number, HeaderEntry>, malformed: (problem: string) => Error) {
    this.#data = data;
    this.#entries = entries;
    this.#malformed = malformed;
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
      if (at >= this.#data.length || end < 0) throw this.#malformed(`a text of entry ${tag} does not end`);
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
