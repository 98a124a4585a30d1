/** Reads the entries of a tar file that podman or docker exported: ustar with PAX records, also GNU's long names. Contents stay in the file. */
import type { FileHandle } from 'node:fs/promises';
import { RpmDepsError } from '../base/errors.ts';

/** The setuid and setgid bits of a mode. */
export const SET_ID = 0o6000;

export interface TarEntry {
  /** Absolute, without a slash at the end; `/` for the root. */
  readonly path: string;
  readonly type: 'file' | 'hard link' | 'link' | 'directory' | 'character device' | 'block device' | 'fifo';
  /** Permissions with the setuid, setgid and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Size of the content in bytes, and its offset in the tar file. */
  readonly size: number;
  readonly offset: number;
  /** Offsets of the entry in the tar file, including its records: of the first byte, and after the last one. */
  readonly from: number;
  readonly to: number;
  /** Target of both kinds of links; absolute for hard links. */
  readonly link: string;
  readonly major: number;
  readonly minor: number;
  /** Value of the attribute `security.capability`. */
  readonly capabilities: Uint8Array | undefined;
}

const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hard link',
  '2': 'link',
  '3': 'character device',
  '4': 'block device',
  '5': 'directory',
  '6': 'fifo',
};
const BLOCK = 512;
/** Limit in bytes, far above what names and attributes need. */
const MAX_RECORDS = 4 << 20;
const MAX_ENTRIES = 4_000_000;
const WINDOW = 1 << 18;

interface Records {
  readonly texts: ReadonlyMap<string, string>;
  readonly capabilities: Uint8Array | undefined;
}
const NO_RECORDS: Records = { texts: new Map(), capabilities: undefined };

/** The entries in their order; a later one of the same path replaces an earlier one. Throws PODMAN if the file is not a tar file. */
export async function indexTar(file: FileHandle, what: string): Promise<Map<string, TarEntry>> {
  const { size: end } = await file.stat();
  const window = new Window(file);
  const entries = new Map<string, TarEntry>();
  let records = NO_RECORDS;
  let from = 0;
  for (let at = 0; at + BLOCK <= end; ) {
    const header = await window.read(at, BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (!hasChecksum(header)) throw notTar(what, `a wrong checksum at byte ${at}`);
    const size = recordNumber(records, 'size') ?? readNumber(header, 124, 12);
    const offset = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > end) throw notTar(what, 'it ends too early');
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156]!);
    if (type === 'x' || type === 'L' || type === 'K') {
      if (size > MAX_RECORDS) throw notTar(what, `records of ${size} bytes`);
      records = readRecords(type, await window.read(offset, size), records);
      continue;
    }
    if (type !== 'g') {
      const entry = entryOf(header, { type, size, offset, records, what, from, to: at });
      entries.delete(entry.path);
      entries.set(entry.path, entry);
      if (entries.size > MAX_ENTRIES) throw notTar(what, `more than ${MAX_ENTRIES} files`);
    }
    records = NO_RECORDS;
    from = at;
  }
  return entries;
}

function entryOf(
  header: Buffer,
  {
    type,
    size,
    offset,
    records,
    what,
    ...range
  }: { type: string; size: number; offset: number; records: Records; what: string; from: number; to: number },
): TarEntry {
  const known = TYPES[type];
  if (known === undefined) throw notTar(what, `an entry of type ${JSON.stringify(type)}`);
  const prefix = readText(header, 345, 155);
  const name = records.texts.get('path') ?? `${prefix === '' ? '' : `${prefix}/`}${readText(header, 0, 100)}`;
  const link = records.texts.get('linkpath') ?? readText(header, 157, 100);
  return {
    path: absolute(name),
    type: known,
    mode: readNumber(header, 100, 8) & 0o7777,
    uid: recordNumber(records, 'uid') ?? readNumber(header, 108, 8),
    gid: recordNumber(records, 'gid') ?? readNumber(header, 116, 8),
    size: known === 'file' ? size : 0,
    offset,
    ...range,
    link: known === 'hard link' ? absolute(link) : link,
    major: readNumber(header, 329, 8),
    minor: readNumber(header, 337, 8),
    capabilities: records.capabilities,
  };
}

function absolute(name: string): string {
  return `/${name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
}

/** PAX records: `LENGTH KEY=VALUE\n`, where the value may contain any bytes. */
function readRecords(type: string, data: Buffer, before: Records): Records {
  const texts = new Map(before.texts);
  if (type !== 'x') return { ...before, texts: texts.set(type === 'L' ? 'path' : 'linkpath', readText(data, 0, data.length)) };
  let capabilities = before.capabilities;
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(data.subarray(at, space).toString('latin1'));
    const equals = data.indexOf(0x3d, at);
    if (!Number.isSafeInteger(length) || length < 5 || at + length > data.length || equals < space || equals >= at + length) break;
    const key = data.subarray(space + 1, equals).toString('utf8');
    const value = data.subarray(equals + 1, at + length - 1);
    if (key === 'SCHILY.xattr.security.capability') capabilities = Uint8Array.from(value);
    else if (!key.startsWith('SCHILY.')) texts.set(key, value.toString('utf8'));
    at += length;
  }
  return { texts, capabilities };
}

function recordNumber({ texts }: Records, key: string): number | undefined {
  const text = texts.get(key);
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

function readText(data: Buffer, at: number, length: number): string {
  const field = data.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}

/** Octal digits, or GNU's binary format if the first bit is set. */
function readNumber(header: Buffer, at: number, length: number): number {
  if ((header[at]! & 0x80) !== 0) {
    let value = BigInt(header[at]! & 0x7f);
    for (let i = 1; i < length; i++) value = (value << 8n) | BigInt(header[at + i]!);
    return Number(value);
  }
  const digits = readText(header, at, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

function hasChecksum(header: Buffer): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : header[i]!;
  return sum === readNumber(header, 148, 8);
}

/** Buffers large reads for many small ones. */
class Window {
  readonly #file: FileHandle;
  #data: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read(at: number, length: number): Promise<Buffer> {
    if (at < this.#start || at + length > this.#start + this.#data.length) {
      const buffer = Buffer.alloc(Math.max(WINDOW, length));
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await this.#file.read(buffer, filled, buffer.length - filled, at + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      this.#data = buffer.subarray(0, filled);
      this.#start = at;
    }
    return this.#data.subarray(at - this.#start, at - this.#start + length);
  }
}

function notTar(what: string, reason: string): RpmDepsError {
  return new RpmDepsError('PODMAN', `the export of ${what} is not a tar file that can be read: ${reason}`);
}
