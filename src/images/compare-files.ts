import { posix } from 'node:path';
import { equalCapabilities, parseFileCapabilities, readFileCapabilities } from '../rpm/file-capabilities.ts';
import { FILE_FLAG, type PackagedFile, type RpmInstallation, VERIFY } from '../rpm/installation.ts';
import type { ImageTree } from './image-tree.ts';
import { SET_ID, type TarEntry } from './tar-index.ts';

/** A file in the image that differs from its package, or a privileged file that belongs to no package. */
export interface FileDifference {
  readonly path: string;
  /** NEVRA; empty for `unpackaged`. */
  readonly package: string;
  readonly what: 'unpackaged' | 'missing' | 'type' | 'content' | 'link' | 'mode' | 'owner' | 'device' | 'capabilities';
  readonly expected: string;
  readonly found: string;
}

/** Files that an installation omits on purpose. */
export interface LeftOut {
  readonly docs: boolean;
  /** Whether a path was removed after the installation. */
  readonly isRemoved?: (path: string) => boolean;
  /** By path, capabilities that files have instead of those of their package. */
  readonly capabilities?: Readonly<Record<string, string>>;
  /** Languages to install; undefined for all. */
  readonly languages: readonly string[] | undefined;
}

interface Owner {
  readonly file: PackagedFile;
  readonly installation: RpmInstallation;
  readonly emptied: ReadonlySet<string>;
}

interface Ids {
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

/** MISSINGOK of rpmfiles.h: the file may be absent. */
const MISSING_OK = 8;
const TYPE = { MASK: 0o170000, FIFO: 0o010000, CHARACTER: 0o020000, DIRECTORY: 0o040000, BLOCK: 0o060000, FILE: 0o100000, LINK: 0o120000 };
const TYPE_NAMES: Readonly<Record<number, TarEntry['type']>> = {
  [TYPE.FIFO]: 'fifo',
  [TYPE.CHARACTER]: 'character device',
  [TYPE.DIRECTORY]: 'directory',
  [TYPE.BLOCK]: 'block device',
  [TYPE.FILE]: 'file',
  [TYPE.LINK]: 'link',
};

/**
 * Compares files as `rpm --verify` does, but with the packages themselves and not with the image's database. It does not compare times, the content
 * of configuration files, and what a package excludes from verification.
 */
export async function compareFiles(
  tree: ImageTree,
  installations: readonly RpmInstallation[],
  leftOut: LeftOut,
): Promise<FileDifference[]> {
  const owners = new Map<string, Owner[]>();
  for (const installation of installations) {
    const emptied = emptiedFolders(installation, leftOut);
    for (const file of installation.files) {
      const known = owners.get(file.path);
      if (known === undefined) owners.set(file.path, [{ file, installation, emptied }]);
      else known.push({ file, installation, emptied });
    }
  }
  const ids = { users: await idsIn(tree, '/etc/passwd'), groups: await idsIn(tree, '/etc/group') };
  const differences: FileDifference[] = [];
  for (const [path, several] of owners) {
    // Packages may share a file, and rpm installs one of them: any of them may be in the image.
    let first: FileDifference | undefined;
    for (const owner of several) {
      const difference = await compareFile(tree, path, owner, ids, leftOut);
      if (difference === undefined) {
        first = undefined;
        break;
      }
      first ??= difference;
    }
    if (first !== undefined) differences.push(first);
  }
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Files with setuid, setgid or capabilities that belong to no package. A ghost entry of a package allows only the bits that the package
 * gives it.
 */
export function unpackagedFiles(tree: ImageTree, installations: readonly RpmInstallation[], leftOut: LeftOut): FileDifference[] {
  const found = new Set(tree.privilegedFiles());
  if (found.size === 0) return [];
  for (const { files } of installations) {
    for (const { path, flags, mode } of files) {
      const entry = tree.find(path);
      if (entry === undefined || ((flags & FILE_FLAG.GHOST) !== 0 && entry.mode !== (mode & 0o7777))) continue;
      found.delete(entry);
    }
  }
  for (const path of Object.keys(leftOut.capabilities ?? {})) {
    const entry = tree.find(path);
    if (entry !== undefined && (entry.mode & SET_ID) === 0) found.delete(entry);
  }
  return [...found].map(({ path, mode, uid, gid, capabilities }) => {
    const rights = [
      ...((mode & SET_ID) === 0 ? [] : [`mode ${octal(mode)} of ${uid}:${gid}`]),
      ...(capabilities === undefined ? [] : ['capabilities']),
    ];
    return { path, package: '', what: 'unpackaged' as const, expected: 'nothing', found: rights.join(', ') };
  });
}

async function compareFile(
  tree: ImageTree,
  path: string,
  { file, installation, emptied }: Owner,
  ids: Ids,
  leftOut: LeftOut,
): Promise<FileDifference | undefined> {
  if ((file.flags & FILE_FLAG.GHOST) !== 0) return undefined;
  const differs = (what: FileDifference['what'], expected: string, found: string): FileDifference => {
    return { path, package: installation.nevra, what, expected, found };
  };
  const entry = tree.find(path);
  const type = TYPE_NAMES[file.mode & TYPE.MASK] ?? 'file';
  if (entry === undefined) {
    const mayBeMissing = emptied.has(path) || isOmitted(file, leftOut) || isNeverThere(file, leftOut);
    return mayBeMissing ? undefined : differs('missing', type, 'nothing');
  }
  if (entry.type !== type) return differs('type', type, entry.type);
  const isChecked = (bit: number): boolean => (file.verify & bit) !== 0;
  if (type === 'link') return !isChecked(VERIFY.LINK) || entry.link === file.link ? undefined : differs('link', file.link, entry.link);
  const content = await compareContent(tree, entry, file, installation);
  if (content !== undefined) return differs('content', content.expected, content.found);
  if (/device/.test(type) && isChecked(VERIFY.DEVICE)) {
    const [major, minor] = [(file.device >> 8) & 0xfff, (file.device & 0xff) | ((file.device >> 12) & 0xfff00)];
    if (entry.major !== major || entry.minor !== minor) return differs('device', `${major}:${minor}`, `${entry.major}:${entry.minor}`);
  }
  const owner = expectedOwner(file, ids);
  if (isChecked(VERIFY.MODE) && entry.mode !== owner.mode) return differs('mode', octal(owner.mode), octal(entry.mode));
  const isOwner = (!isChecked(VERIFY.USER) || entry.uid === owner.uid) && (!isChecked(VERIFY.GROUP) || entry.gid === owner.gid);
  if (!isOwner) return differs('owner', `${owner.uid}:${owner.gid} (${file.user}:${file.group})`, `${entry.uid}:${entry.gid}`);
  if (type === 'file' && isChecked(VERIFY.CAPABILITIES)) {
    const text = leftOut.capabilities?.[path] ?? file.capabilities;
    return compareCapabilities(entry, { ...file, capabilities: text }, differs);
  }
  return undefined;
}

async function compareContent(
  tree: ImageTree,
  entry: TarEntry,
  file: PackagedFile,
  installation: RpmInstallation,
): Promise<{ expected: string; found: string } | undefined> {
  if (entry.type !== 'file' || (file.flags & FILE_FLAG.CONFIG) !== 0) return undefined;
  if ((file.verify & VERIFY.SIZE) !== 0 && entry.size !== file.size)
    return { expected: `${file.size} bytes`, found: `${entry.size} bytes` };
  if ((file.verify & VERIFY.DIGEST) === 0 || file.digest === '') return undefined;
  const found = await tree.digest(entry, installation.digestAlgorithm);
  const name = installation.digestAlgorithm;
  return found === file.digest ? undefined : { expected: `${name}:${file.digest}`, found: `${name}:${found}` };
}

function compareCapabilities(
  { capabilities }: TarEntry,
  file: PackagedFile,
  differs: (what: FileDifference['what'], expected: string, found: string) => FileDifference,
): FileDifference | undefined {
  const expected = file.capabilities === '' ? undefined : parseFileCapabilities(file.capabilities);
  const found = capabilities === undefined ? undefined : readFileCapabilities(capabilities);
  if (equalCapabilities(expected, found)) return undefined;
  return differs('capabilities', file.capabilities || 'none', capabilities === undefined ? 'none' : 'others');
}

/** If the user does not exist when rpm installs a file, root owns the file and it has no setuid bit (rpmfiStat). */
function expectedOwner({ user, group, mode }: PackagedFile, { users, groups }: Ids): { uid: number; gid: number; mode: number } {
  const [uid, gid] = [user === 'root' ? 0 : users.get(user), group === 'root' ? 0 : groups.get(group)];
  const cleared = (uid === undefined ? 0o4000 : 0) | (gid === undefined ? 0o2000 : 0);
  return { uid: uid ?? 0, gid: gid ?? 0, mode: mode & 0o7777 & ~cleared };
}

/** Whether rpm itself omits a file: documentation, or a language that was not selected. `de` includes `de_AT`. */
function isOmitted({ flags, language }: PackagedFile, { docs, languages }: LeftOut): boolean {
  if (docs && (flags & FILE_FLAG.DOC) !== 0) return true;
  if (languages === undefined || language === '') return false;
  return !language.split('|').some((one) => languages.some((wanted) => wanted.startsWith(one)));
}

/** Directories whose files are all omitted: rpm omits them too. */
function emptiedFolders({ files }: RpmInstallation, leftOut: LeftOut): ReadonlySet<string> {
  const emptied = new Set<string>();
  if (!leftOut.docs && leftOut.languages === undefined) return emptied;
  const filled = new Set<string>();
  for (const file of files) {
    const isFolder = (file.mode & TYPE.MASK) === TYPE.DIRECTORY;
    const folders = isOmitted(file, leftOut) ? emptied : filled;
    let folder = isFolder ? '' : posix.dirname(file.path);
    for (; folder.length > 1 && !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder);
  }
  return new Set([...emptied].filter((folder) => !filled.has(folder)));
}

function isNeverThere(file: PackagedFile, { isRemoved }: LeftOut): boolean {
  if (isRemoved?.(file.path) === true || (file.flags & MISSING_OK) !== 0) return true;
  // Exports have no entry for the root directory; engines create /dev, and may not be able to create devices.
  return file.path === '/' || [TYPE.CHARACTER, TYPE.BLOCK].includes(file.mode & TYPE.MASK);
}

async function idsIn(tree: ImageTree, path: string): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const line of ((await tree.text(path)) ?? '').split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id !== undefined && /^[0-9]+$/.test(id) && !ids.has(name)) ids.set(name, Number(id));
  }
  return ids;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
