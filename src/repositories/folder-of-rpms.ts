/**
 * Reads a local folder of RPMs without `repodata/` as a repository: creates metadata from the headers of the files, and caches it until
 * the files change.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { shortPrintable } from '../base/printable.ts';
import { GENERATOR } from '../base/version.ts';
import { writeAllOrNothing } from '../io/atomic-file.ts';
import { makeRepodata, type RepodataFile } from '../repodata/make-repodata.ts';
import type { PlacedPackage } from '../repodata/repodata-xml.ts';
import { readRpmPackage } from '../rpm/rpm-package.ts';
import type { KeepingContext } from './kept-answer.ts';
import { cacheKey } from './metadata-cache.ts';
import { singleFlight } from './single-flight.ts';

type FolderContext = Pick<KeepingContext, 'http' | 'cache'> & { readonly emit: Emit };

interface MadeMetadata {
  readonly repomd: Uint8Array;
  /** Folder of the created metadata files. */
  readonly baseurl: string;
}

/** The cached state: the files, the reasons for skipped files, and repomd.xml. */
interface KeptFolder {
  readonly files: readonly string[];
  readonly mistakes: readonly string[];
  readonly repomd: string;
}

interface FoundFile {
  /** Relative to the folder, with slashes. */
  readonly location: string;
  /** Changes if the file changes. */
  readonly state: string;
  readonly mistake?: string;
}

interface ReadOrder {
  readonly id: string;
  readonly folder: string;
  readonly found: readonly FoundFile[];
  /** Folder for the metadata files. */
  readonly place: string;
  readonly emit: Emit;
}

const MAX_ENTRIES = 200_000;
const MAX_FILE_BYTES = 16 * 2 ** 30;
/** Maximum characters of all headers, including paths. */
const MAX_CHARACTERS = 256 * 2 ** 20;
/** Maximum number of skipped files that are named. */
const MAX_NAMED = 10;

/** undefined if `baseurl` is not such a folder. Skips files that are not valid RPMs, with a warning. */
export function readFolderOfRpms(id: string, baseurl: string, context: FolderContext): Promise<MadeMetadata | undefined> {
  const work = JSON.stringify(['folder', baseurl, context.cache.path('')]);
  return singleFlight(context.http, work, () => readNow(id, baseurl, context));
}

async function readNow(id: string, baseurl: string, context: FolderContext): Promise<MadeMetadata | undefined> {
  const folder = pathOf(baseurl);
  if (folder === undefined || existsSync(join(folder, 'repodata'))) return undefined;
  const found = await listRpms(id, folder);
  if (found.length === 0) return undefined;
  const { cache, emit } = context;
  const name = `headers-${cacheKey(GENERATOR, baseurl)}`;
  const place = cache.path(`${name}.repository`);
  const files = statesOf(found);
  const known = parseKept(await cache.read(name));
  const isSame = known !== undefined && JSON.stringify(known.files) === JSON.stringify(files) && isWhole(place, known.repomd);
  const kept = isSame ? known : await readHeaders({ id, folder, found, place, emit });
  // Do not cache if a file changed while it was read: the next run reads it again.
  if (!isSame && JSON.stringify(statesOf(await listRpms(id, folder))) === JSON.stringify(files)) {
    await cache.write(name, JSON.stringify({ ...kept, files }));
  }
  for (const text of kept.mistakes.slice(0, MAX_NAMED)) {
    emit({ kind: 'warning', code: 'RPM_SKIPPED', text: `repository ${id}: ${text}; it is skipped` });
  }
  if (kept.mistakes.length > MAX_NAMED) {
    const text = `repository ${id}: ${kept.mistakes.length - MAX_NAMED} more files are not RPMs and are skipped`;
    emit({ kind: 'warning', code: 'RPM_SKIPPED', text });
  }
  return { repomd: Buffer.from(kept.repomd), baseurl: pathToFileURL(`${place}/`).href };
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

const statesOf = (found: readonly FoundFile[]): string[] => found.map(({ location, state }) => `${location}\0${state}`);

/** Files named `*.rpm` in the folder and its subfolders, without following links to folders. Sorted by name. */
async function listRpms(id: string, folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const left = [''];
  let entries = 0;
  for (let below = left.pop(); below !== undefined; below = left.pop()) {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])) {
      if (++entries > MAX_ENTRIES) throw tooMuch(id, folder, `more than ${MAX_ENTRIES} files`);
      const location = `${below}${entry.name}`;
      if (entry.isDirectory()) left.push(`${location}/`);
      else if (entry.name.endsWith('.rpm')) found.push(await describeFile(folder, location));
    }
  }
  return found.sort((a, b) => (a.location < b.location ? -1 : 1));
}

async function describeFile(folder: string, location: string): Promise<FoundFile> {
  const shown = `\`${shortPrintable(location)}\``;
  const info = await stat(join(folder, location), { bigint: true }).catch(() => undefined);
  if (info === undefined || !info.isFile()) return { location, state: 'none', mistake: `${shown} is not a file that can be read` };
  const state = [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(' ');
  return info.size > MAX_FILE_BYTES ? { location, state, mistake: `${shown} has ${info.size} bytes` } : { location, state };
}

async function readHeaders({ id, folder, found, place, emit }: ReadOrder): Promise<Omit<KeptFolder, 'files'>> {
  const packages: PlacedPackage[] = [];
  const mistakes: string[] = [];
  let characters = 0;
  emit({ kind: 'stage', stage: 'scan', text: `reading the headers of ${found.length} RPMs` });
  for (const { location, mistake } of found) {
    const read = mistake ?? (await readOne(folder, location));
    if (typeof read === 'string') mistakes.push(read);
    else {
      packages.push(read);
      characters += read.rpm.headerEnd + read.rpm.files.reduce((sum, { path }) => sum + path.length, 0);
      if (characters > MAX_CHARACTERS) throw tooMuch(id, folder, `more than ${MAX_CHARACTERS} bytes of headers`);
    }
  }
  const files = makeAll(id, folder, packages);
  await writeAllOrNothing(files.map(({ location, content }) => ({ path: join(place, location), content }))).catch((error: unknown) => {
    if (!(error instanceof RpmDepsError) || error.code !== 'WRITE_FAILED') throw error;
    const hint = 'headers of a folder of RPMs are kept in the cache: set RPM_DEPS_CACHE_DIR to a directory';
    throw new RpmDepsError('WRITE_FAILED', error.message, { hint, details: error.details, cause: error });
  });
  return { mistakes, repomd: String(files.at(-1)!.content) };
}

function makeAll(id: string, folder: string, packages: readonly PlacedPackage[]): RepodataFile[] {
  try {
    return makeRepodata(packages);
  } catch (error) {
    if (error instanceof RangeError) throw tooMuch(id, folder, 'more packages than rpm-deps can read from one folder');
    throw error;
  }
}

/** Returns the reason if the file is not a usable package. */
async function readOne(folder: string, location: string): Promise<PlacedPackage | string> {
  const shown = `\`${shortPrintable(location)}\``;
  try {
    const rpm = await readRpmPackage(join(folder, location));
    return { rpm, location };
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'RPM_INVALID') {
      return `${shown} is not a valid RPM: ${error.message.replace(/^.* is not a valid RPM: /s, '')}`;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof RpmDepsError) throw error;
    return `${shown} cannot be read: ${code}`;
  }
}

function parseKept(bytes: Uint8Array | undefined): KeptFolder | undefined {
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as KeptFolder);
}

/** Whether all files listed in repomd.xml are still in the cache; their checksums are checked when they are read. */
const isWhole = (place: string, repomd: string): boolean =>
  [...repomd.matchAll(/<location href="([^"]*)"/g)].every(([, href = '']) => existsSync(join(place, href)));

function tooMuch(id: string, folder: string, what: string): RpmDepsError {
  return new RpmDepsError('METADATA_INVALID', `repository ${id} cannot be read: ${shortPrintable(folder)} has ${what}`, {
    hint: 'run createrepo_c there, or use a smaller folder',
  });
}
