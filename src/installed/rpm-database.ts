/**
 * Finds and reads the rpm database of a root file system. It has three formats: SQLite (Fedora, Enterprise Linux 9
 * and newer), ndb (SUSE), Berkeley DB (Enterprise Linux 8 and older); and three places: `/var/lib/rpm`,
 * `/usr/lib/sysimage/rpm`, `/usr/share/rpm` (ostree).
 */
import { RpmDepsError } from '../base/errors.ts';
import { readBerkeleyDb } from './berkeley-db.ts';
import { invalidDatabase, readDatabaseHeader } from './database-header.ts';
import { type InstalledPackage, toInstalledPackage } from './installed-package.ts';
import { readNdb } from './ndb.ts';

/** Folders of a root file system that may hold the database, without a slash at the start. */
export const DATABASE_FOLDERS: readonly string[] = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'];
/** Database files that are read; a folder has one of the first three. */
export const DATABASE_FILES: readonly string[] = ['rpmdb.sqlite', 'Packages.db', 'Packages', 'rpmdb.sqlite-wal'];
/** Far above the size in distributions; limits the memory that a hostile image can use. */
export const MAX_DATABASE_BYTES = 1 << 30;
const MAX_PACKAGES = 100_000;

/** Reads a file of a root file system; undefined if it does not exist. Follows links within the root. */
export type ReadRootFile = (path: string) => Promise<Uint8Array | undefined>;

export interface InstalledDatabase {
  /** Folder of the database, such as `usr/lib/sysimage/rpm`. */
  readonly folder: string;
  readonly format: 'sqlite' | 'ndb' | 'bdb';
  /** Sorted by name, then version and architecture. */
  readonly packages: readonly InstalledPackage[];
}

/** Finds and reads the database. `where` names the root file system in messages. Throws RPMDB_INVALID: missing, ambiguous or damaged. */
export async function readInstalled(read: ReadRootFile, where: string): Promise<InstalledDatabase> {
  const found: InstalledDatabase[] = [];
  let seen = 0;
  for (const folder of DATABASE_FOLDERS) {
    const database = await readFolder(read, folder, where);
    if (database === undefined) continue;
    seen++;
    if (database.packages.length === 0 || found.some((other) => isSame(other, database))) continue;
    found.push(database);
  }
  const [first, second] = found;
  if (second !== undefined) {
    throw new RpmDepsError('RPMDB_INVALID', `${where} has two rpm databases that differ: ${first!.folder} and ${second.folder}`, {
      hint: 'remove the one that the image does not use, or list its packages under `base: { packages: [...] }`',
    });
  }
  if (first !== undefined) return first;
  throw new RpmDepsError('RPMDB_INVALID', seen > 0 ? `the rpm database of ${where} has no packages` : `${where} has no rpm database`, {
    details: DATABASE_FOLDERS.map((folder) => `looked in /${folder}`),
    hint: 'images such as scratch or distroless have no packages: omit `base`, or list the packages under `base: { packages: [...] }`',
  });
}

/** One folder may be a link to another one. */
const isSame = (a: InstalledDatabase, b: InstalledDatabase): boolean => labels(a) === labels(b);
const labels = ({ packages }: InstalledDatabase): string =>
  packages.map(({ name, epoch, version, release, arch }) => `${name}-${epoch}:${version}-${release}.${arch}`).join('\n');

async function readFolder(read: ReadRootFile, folder: string, where: string): Promise<InstalledDatabase | undefined> {
  for (const [file, format] of FORMATS) {
    const bytes = await read(`${folder}/${file}`);
    // rpm can leave an empty file of another format.
    if (bytes === undefined || bytes.length === 0) continue;
    const name = `${where}: /${folder}/${file}`;
    const packages: InstalledPackage[] = [];
    for await (const blob of blobsOf(format, bytes, { read, folder, name })) {
      const entry = toInstalledPackage(readDatabaseHeader(blob, name), name);
      if (entry !== undefined) packages.push(entry);
      if (packages.length > MAX_PACKAGES) throw invalidDatabase(name, `it has more than ${MAX_PACKAGES} packages`);
    }
    packages.sort((a, b) => order(a.name, b.name) || order(evrOf(a), evrOf(b)) || order(a.arch, b.arch));
    return { folder, format, packages };
  }
  return undefined;
}

const FORMATS = [
  ['rpmdb.sqlite', 'sqlite'],
  ['Packages.db', 'ndb'],
  ['Packages', 'bdb'],
] as const;

async function* blobsOf(
  format: InstalledDatabase['format'],
  bytes: Uint8Array,
  { read, folder, name }: { read: ReadRootFile; folder: string; name: string },
): AsyncGenerator<Uint8Array> {
  if (format === 'ndb') yield* readNdb(bytes, name);
  else if (format === 'bdb') yield* readBerkeleyDb(bytes, name);
  else yield* await (await import('./sqlite.ts')).readSqlite(bytes, await read(`${folder}/rpmdb.sqlite-wal`), name);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const evrOf = ({ epoch, version, release }: InstalledPackage): string => `${epoch}:${version}-${release}`;
