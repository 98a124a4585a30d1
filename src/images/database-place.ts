import { posix } from 'node:path';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { FILE_FLAG, type RpmInstallation } from '../rpm/installation.ts';
import type { ImageTree } from './image-tree.ts';

/** rpm's database directory: first in Fedora since 36, EL 10 and openSUSE; second in older ones, such as EL 8 and 9. */
export const SYSIMAGE_DATABASE = '/usr/lib/sysimage/rpm';
export const VAR_DATABASE = '/var/lib/rpm';
/** The directory without the database becomes a link to the other, so that programs find it in both. */
export const DATABASE_PLACES = [SYSIMAGE_DATABASE, VAR_DATABASE] as const;

/** rpm's names of its database formats, by the file of each format. */
export type DatabaseFormat = 'sqlite' | 'ndb' | 'bdb';
const DATABASE_FILES: ReadonlyMap<string, DatabaseFormat> = new Map([
  ['rpmdb.sqlite', 'sqlite'],
  ['Packages.db', 'ndb'],
  ['Packages', 'bdb'],
]);
/** Distribution tags in releases of packages whose rpm uses /var/lib/rpm. */
const VAR_DISTRIBUTIONS = /\.(?:el[5-9]|fc(?:[12]?[0-9]|3[0-5])|amzn[0-9]*|azl[0-9]+|cm[12])(?:[._~+]|$)/;
const DIRECTORY = 0o040000;
const TYPE_MASK = 0o170000;

/**
 * The database directory of the rpm in these packages: the directory that one of them owns, or whose database files it owns. If none does,
 * rpm is not among them, and the default of their distribution is used.
 */
export function databasePlace(lock: Lockfile, installations: readonly RpmInstallation[]): string {
  const owned: string[] = [];
  for (const { name, files } of installations) {
    for (const { path, mode, flags } of files) {
      const isGhost = (flags & FILE_FLAG.GHOST) !== 0;
      if (isGhost && DATABASE_FILES.has(posix.basename(path)) && /\/rpm$/.test(posix.dirname(path))) return posix.dirname(path);
      const isPlace = path === VAR_DATABASE || path === SYSIMAGE_DATABASE;
      if (isPlace && (mode & TYPE_MASK) === DIRECTORY) owned[name === 'rpm' ? 'unshift' : 'push'](path);
    }
  }
  return owned[0] ?? (isOfVarDistribution(lock) ? VAR_DATABASE : SYSIMAGE_DATABASE);
}

function isOfVarDistribution({ packages }: Lockfile): boolean {
  return packages.filter(({ release }) => VAR_DISTRIBUTIONS.test(release)).length * 2 > packages.length;
}

/** Directories of an image with an rpm database, links resolved: more than one is an error. */
export function databasesIn(tree: ImageTree, also: readonly string[] = []): readonly string[] {
  const places = [...also, ...DATABASE_PLACES].filter((place) =>
    tree.filesIn(place).some((path) => DATABASE_FILES.has(posix.basename(path)) && (tree.find(path)?.size ?? 0) > 0),
  );
  return [...new Set(places.map((place) => tree.realPath(place)!))];
}

/** The format of the database in a directory; undefined if there is none. */
export function databaseFormat(tree: ImageTree, place: string | undefined): DatabaseFormat | undefined {
  if (place === undefined) return undefined;
  const files = tree.filesIn(place).filter((path) => (tree.find(path)?.size ?? 0) > 0);
  return [...DATABASE_FILES].find(([name]) => files.some((path) => posix.basename(path) === name))?.[1];
}

/** The directory according to the macros of the image's own rpm; undefined if it has no rpm. */
export async function configuredDatabase(tree: ImageTree): Promise<string | undefined> {
  const files = ['/usr/lib/rpm/macros', ...macroFiles(tree, '/usr/lib/rpm/macros.d'), ...macroFiles(tree, '/etc/rpm'), '/etc/rpm/macros'];
  const macros = new Map<string, string>();
  for (const file of files) {
    for (const [, name, body] of ((await tree.text(file)) ?? '').matchAll(/^%(\w+)[ \t]+(\S.*?)[ \t]*$/gm)) macros.set(name!, body!);
  }
  const place = expand('%{_dbpath}', macros, 0);
  return /^\/[^%\s]*$/.test(place) ? place : undefined;
}

function macroFiles(tree: ImageTree, directory: string): readonly string[] {
  return tree
    .filesIn(directory)
    .filter((path) => /\/macros\.[^/]*$/.test(path) && !path.includes('.rpm'))
    .sort();
}

function expand(text: string, macros: ReadonlyMap<string, string>, depth: number): string {
  if (depth > 10) return text;
  return text.replaceAll(/%\{\??(\w+)\}|%(\w+)/g, (whole, braced: string | undefined, bare: string | undefined) => {
    const body = macros.get(braced ?? bare ?? '');
    return body === undefined ? whole : expand(body, macros, depth + 1);
  });
}
