/**
 * rpm's own "ndb" database, `Packages.db` (rpm, lib/backend/ndb/rpmpkg.c): pages of slots, each naming a blob. SUSE uses it.
 * All numbers are little-endian.
 *
 *     header  "RpmP", version, generation, pages of slots, next package, ...   32 bytes
 *     slot    "Slot", package, first block, blocks                            16 bytes; from byte 32 to the end of the slot pages
 *     blob    "BlbS", package, generation, length | header | checksum, length, "BlbE"
 */
import { invalidDatabase } from './database-header.ts';

const HEADER_MAGIC = 0x506d7052;
const SLOT_MAGIC = 0x746f6c53;
const BLOB_MAGIC = 0x53626c42;
const PAGE_BYTES = 4096;
const BLOCK_BYTES = 16;
const SLOT_BYTES = 16;
const FIRST_SLOT = 32;
const BLOB_HEAD_BYTES = 16;

/** The header blobs of a database, in the order of its slots. */
export function* readNdb(file: Uint8Array, where: string): Generator<Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < PAGE_BYTES || view.getUint32(0, true) !== HEADER_MAGIC) throw invalidDatabase(where, 'it is not of the format ndb');
  const version = view.getUint32(4, true);
  if (version !== 0) throw invalidDatabase(where, `its format is ndb of the unknown version ${version}`);
  const end = view.getUint32(12, true) * PAGE_BYTES;
  if (end === 0 || end > file.length) throw invalidDatabase(where, 'it is cut off');
  for (let at = FIRST_SLOT; at < end; at += SLOT_BYTES) {
    if (view.getUint32(at, true) !== SLOT_MAGIC) throw invalidDatabase(where, 'a slot is damaged');
    const id = view.getUint32(at + 4, true);
    const start = view.getUint32(at + 8, true) * BLOCK_BYTES;
    const bytes = view.getUint32(at + 12, true) * BLOCK_BYTES;
    // The slot is free.
    if (id === 0 || start === 0) continue;
    if (bytes < BLOB_HEAD_BYTES || start + bytes > file.length) throw invalidDatabase(where, `package ${id} lies outside of the file`);
    if (view.getUint32(start, true) !== BLOB_MAGIC || view.getUint32(start + 4, true) !== id)
      throw invalidDatabase(where, `package ${id} is damaged`);
    const length = view.getUint32(start + 12, true);
    if (length > bytes - BLOB_HEAD_BYTES) throw invalidDatabase(where, `package ${id} is damaged`);
    yield file.subarray(start + BLOB_HEAD_BYTES, start + BLOB_HEAD_BYTES + length);
  }
}
