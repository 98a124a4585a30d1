/**
 * Reads `rpmdb.sqlite`, the database of Fedora and Enterprise Linux 9 and newer: a table `Packages` with the header of each package. Uses
 * SQLite's WebAssembly build: `node:sqlite` is not in Node 20, and experimental in later versions.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { invalidDatabase } from './database-header.ts';

/** The used part of the library. */
interface Reader {
  rows(sql: string): readonly Readonly<Record<string, unknown>>[];
  close(): void;
}

/** The header blobs of a database, ordered by package number. `wal`: content of `rpmdb.sqlite-wal`, if it exists. */
export async function readSqlite(file: Uint8Array, wal: Uint8Array | undefined, where: string): Promise<readonly Uint8Array[]> {
  if (Buffer.from(file.buffer, file.byteOffset, 16).toString('latin1') !== 'SQLite format 3\0')
    throw invalidDatabase(where, 'it is not an SQLite database');
  const directory = await mkdtemp(join(tmpdir(), 'rpm-deps-rpmdb-'));
  try {
    const path = join(directory, 'rpmdb.sqlite');
    await writeFile(path, file);
    if (wal !== undefined && wal.length > 0) await writeFile(`${path}-wal`, wal);
    const reader = open(path);
    try {
      return blobs(reader, where);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof Error && !(error instanceof RpmDepsError)) throw invalidDatabase(where, error.message, error);
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function blobs(reader: Reader, where: string): readonly Uint8Array[] {
  // Refuse a view or a computed column: it could run SQL of an attacker.
  const tables = reader.rows("SELECT type, sql FROM sqlite_master WHERE name = 'Packages'");
  const isTable = tables.length === 1 && tables[0]!['type'] === 'table' && !/\b(AS|VIRTUAL|GENERATED)\b/i.test(String(tables[0]!['sql']));
  if (!isTable) throw invalidDatabase(where, 'it has no table `Packages`');
  return reader.rows('SELECT blob FROM Packages ORDER BY hnum').map(({ blob }) => {
    if (!(blob instanceof Uint8Array)) throw invalidDatabase(where, 'a package is not a header');
    return blob;
  });
}

/** The rpm database is in WAL mode. Without shared memory, SQLite opens it only in exclusive mode. */
const ALONE = 'PRAGMA locking_mode = EXCLUSIVE';

function open(path: string): Reader {
  const { Database } = createRequire(import.meta.url)('node-sqlite3-wasm') as typeof import('node-sqlite3-wasm');
  const database = new Database(path);
  database.exec(ALONE);
  return { rows: (sql) => database.all(sql) as Record<string, unknown>[], close: () => database.close() };
}
