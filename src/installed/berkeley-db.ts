/**
 * Reads `Packages` of Enterprise Linux 8 and older: a hash of Berkeley DB 5, keys are package numbers, values their headers (Berkeley DB,
 * dbinc/db_page.h). Numbers are in the byte order of the machine that wrote the file; the magic number shows which.
 *
 * Supports only what rpm writes: no encryption, no duplicates. A header is larger than a page, so it is stored in a chain of overflow pages.
 */
import { invalidDatabase } from './database-header.ts';

const HASH_MAGIC = 0x061561;
const PAGE = { HASH_UNSORTED: 2, OVERFLOW: 7, HASH_META: 8, HASH: 13 } as const;
const ITEM = { KEY_DATA: 1, OFF_PAGE: 3 } as const;
const PAGE_HEAD_BYTES = 26;
const NEXT_PAGE = 16;
const ITEM_COUNT = 20;
/** Offset of a field in an overflow page: bytes of data on the page. */
const FREE_OFFSET = 22;
const PAGE_TYPE = 25;

/** The header blobs of a database, page by page. */
export function* readBerkeleyDb(file: Uint8Array, where: string): Generator<Uint8Array> {
  if (file.length < 512) throw invalidDatabase(where, 'it is not a Berkeley DB hash');
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const isLittle = view.getUint32(12, true) === HASH_MAGIC;
  if (!isLittle && view.getUint32(12, false) !== HASH_MAGIC) throw invalidDatabase(where, 'it is not a Berkeley DB hash');
  const pageBytes = view.getUint32(20, isLittle);
  const isPower = pageBytes >= 512 && pageBytes <= 65_536 && (pageBytes & (pageBytes - 1)) === 0;
  if (!isPower || view.getUint8(PAGE_TYPE) !== PAGE.HASH_META) throw invalidDatabase(where, 'its first page is damaged');
  if (view.getUint8(24) !== 0) throw invalidDatabase(where, 'it is encrypted');
  const pages = { file, view, isLittle, pageBytes, count: Math.floor(file.length / pageBytes), where };
  for (let page = 1; page < pages.count; page++) {
    const type = view.getUint8(page * pageBytes + PAGE_TYPE);
    if (type === PAGE.HASH || type === PAGE.HASH_UNSORTED) yield* hashPage(pages, page);
  }
}

interface Pages {
  readonly file: Uint8Array;
  readonly view: DataView;
  readonly isLittle: boolean;
  readonly pageBytes: number;
  readonly count: number;
  readonly where: string;
}

/** Items are stored from the end of a page backwards; keys and values alternate. */
function* hashPage(pages: Pages, page: number): Generator<Uint8Array> {
  const { file, view, isLittle, pageBytes, where } = pages;
  const base = page * pageBytes;
  const count = view.getUint16(base + ITEM_COUNT, isLittle);
  if (count % 2 !== 0 || PAGE_HEAD_BYTES + count * 2 > pageBytes) throw invalidDatabase(where, `page ${page} is damaged`);
  const offsetOf = (i: number): number => (i < 0 ? pageBytes : view.getUint16(base + PAGE_HEAD_BYTES + i * 2, isLittle));
  for (let i = 0; i < count; i += 2) {
    const [end, key, value] = [offsetOf(i - 1), offsetOf(i), offsetOf(i + 1)];
    if (!(value >= PAGE_HEAD_BYTES && value < key && key < end && end <= pageBytes))
      throw invalidDatabase(where, `page ${page} is damaged`);
    // Record 0 is the number of the next package.
    if (end - key === 5 && view.getUint32(base + key + 1, isLittle) === 0) continue;
    const type = view.getUint8(base + value);
    if (type === ITEM.KEY_DATA) yield file.subarray(base + value + 1, base + key);
    else if (type === ITEM.OFF_PAGE && key - value >= 12) yield overflow(pages, base + value);
    else throw invalidDatabase(where, `page ${page} has an item of the unknown type ${type}`);
  }
}

/** Item: type, three bytes unused, first page, length. */
function overflow({ file, view, isLittle, pageBytes, count, where }: Pages, item: number): Uint8Array {
  const length = view.getUint32(item + 8, isLittle);
  if (length > file.length) throw invalidDatabase(where, 'a header is larger than the file');
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (let page = view.getUint32(item + 4, isLittle); filled < length; ) {
    const base = page * pageBytes;
    if (page === 0 || page >= count || view.getUint8(base + PAGE_TYPE) !== PAGE.OVERFLOW)
      throw invalidDatabase(where, 'a chain of pages is damaged');
    const here = Math.min(view.getUint16(base + FREE_OFFSET, isLittle), length - filled);
    if (here === 0 || PAGE_HEAD_BYTES + here > pageBytes) throw invalidDatabase(where, 'a chain of pages is damaged');
    bytes.set(file.subarray(base + PAGE_HEAD_BYTES, base + PAGE_HEAD_BYTES + here), filled);
    filled += here;
    page = view.getUint32(base + NEXT_PAGE, isLittle);
  }
  return bytes;
}
