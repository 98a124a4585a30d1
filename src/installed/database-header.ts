/**
 * Reads headers in an rpm database: without lead, signature and magic number, and with entries that rpm added at installation
 * after the region of the package (rpm, lib/header.c: headerImport, headerExport). All numbers are big-endian.
 */
import { RpmDepsError } from '../base/errors.ts';
import { HEADER_TYPE, type HeaderEntry, HeaderValues, ITEM_SIZE } from '../rpm/header-values.ts';
import { TAG } from '../rpm/rpm-tags.ts';

export type DatabaseHeader = Pick<HeaderValues, 'strings' | 'string' | 'numbers' | 'binary'>;

const ENTRY_SIZE = 16;
// rpm's own limits (hdrchkTags, hdrchkData).
const MAX_ENTRIES = 65_535;
const MAX_DATA = 256 << 20;
const MAX_ITEMS = 1 << 21;
/** Smaller tags are regions, i18n tables and signatures of installed packages. */
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
  const entries = new Map<number, HeaderEntry>();
  for (let i = 0; i < count; i++) {
    const at = 8 + i * ENTRY_SIZE;
    const tag = view.getInt32(at);
    const entry = { type: view.getUint32(at + 4), offset: view.getInt32(at + 8), count: view.getUint32(at + 12) };
    if (tag >= FIRST_REGION && tag <= LAST_REGION) continue;
    if (!fits(entry, data)) throw invalidDatabase(where, `entry ${tag} of a header is malformed`);
    if (!entries.has(tag)) entries.set(tag, entry);
  }
  return new HeaderValues(data, entries, (problem) => invalidDatabase(where, problem));
}

export function invalidDatabase(where: string, why: string, cause?: unknown): RpmDepsError {
  return new RpmDepsError('RPMDB_INVALID', `the rpm database ${where} cannot be read: ${why}`, {
    hint: 'the image or the folder may be damaged: pull or build it again, or list its packages under `base: { packages: [...] }`',
    cause,
  });
}

function fits({ type, offset, count }: HeaderEntry, data: Uint8Array): boolean {
  const size = ITEM_SIZE[type];
  if (size === undefined || type === 0 || offset < 0 || offset > data.length) return false;
  if (type !== HEADER_TYPE.BINARY && count > MAX_ITEMS) return false;
  return size === 0 ? offset < data.length || count === 0 : size * count <= data.length - offset;
}
