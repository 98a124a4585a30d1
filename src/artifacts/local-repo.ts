import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sha256 } from '../base/sha256.ts';
import { writeAllOrNothing, writeFailed } from '../io/atomic-file.ts';
import { readRpmPackage } from '../rpm/rpm-package.ts';
import { filelistsXml, otherXml, type PlacedPackage, primaryXml, type RepomdEntry, repomdXml } from './repodata-xml.ts';

const OUR_FILES = /^[0-9a-f]{64}-(?:(?:primary|filelists|other)\.xml|modules\.yaml)\.gz$/;

/**
 * Writes `directory`/repodata for the RPM files at `rpmPaths` (below `directory`), so that dnf takes exactly these. The same files give the same
 * bytes: no clock and no file time goes in. repomd.xml comes last and by renaming, so that a reader sees the old repository or the new one.
 * `modules` are the texts of modules.yaml, of which dnf wants to know where packages of modules are among them.
 */
export async function writeRepodata(directory: string, rpmPaths: readonly string[], modules: readonly string[] = []): Promise<void> {
  const packages: PlacedPackage[] = [];
  for (const path of rpmPaths) packages.push({ rpm: await readRpmPackage(path), location: locationOf(directory, path) });
  packages.sort((a, b) => (a.location < b.location ? -1 : a.location > b.location ? 1 : 0));
  const repodata = join(directory, 'repodata');
  const files = [
    fileOf('primary', primaryXml(packages)),
    fileOf('filelists', filelistsXml(packages)),
    fileOf('other', otherXml(packages)),
    ...(modules.length === 0 ? [] : [fileOf('modules', joinDocuments(modules))]),
  ];
  const entries = files.map(({ entry }) => entry);
  const newest = packages.reduce((latest, { rpm }) => Math.max(latest, rpm.buildTime), 0);
  await writeAllOrNothing([
    ...files.map(({ entry, bytes }) => ({ path: join(directory, entry.location), content: bytes })),
    { path: join(repodata, 'repomd.xml'), content: repomdXml(entries, newest) },
  ]);
  await removeOld(repodata, entries).catch((error: unknown) => {
    throw writeFailed(repodata, error);
  });
}

function locationOf(directory: string, path: string): string {
  const location = relative(directory, path).split(sep).join('/');
  if (location.startsWith('../')) throw new Error(`${path} is not below ${directory}`);
  // Characters such as ^ ~ and + stay as they are: dnf encodes the location itself.
  return location;
}

/** One YAML file with the documents of all. */
const joinDocuments = (texts: readonly string[]): string =>
  texts
    .map((text) => text.replace(/^\ufeff/, ''))
    .map((text) => `${/^(?:#[^\n]*\n|\s)*---/.test(text) ? '' : '---\n'}${text}${text.endsWith('\n') ? '' : '\n'}`)
    .join('');

function fileOf(type: RepomdEntry['type'], text: string): { readonly entry: RepomdEntry; readonly bytes: Uint8Array } {
  const open = Buffer.from(text);
  const bytes = gzipSync(open, { level: 9 });
  // The tenth byte names the operating system that compressed.
  bytes[9] = 0xff;
  const checksum = sha256(bytes);
  const sizes = { sizeBytes: bytes.length, openSizeBytes: open.length };
  return {
    entry: {
      type,
      location: `repodata/${checksum}-${type}.${type === 'modules' ? 'yaml' : 'xml'}.gz`,
      checksum,
      openChecksum: sha256(open),
      ...sizes,
    },
    bytes,
  };
}

/** Files of an earlier run that repomd.xml names no more. Others are not ours to remove. */
async function removeOld(repodata: string, entries: readonly RepomdEntry[]): Promise<void> {
  const current = new Set(entries.map(({ location }) => location.slice('repodata/'.length)));
  for (const name of await readdir(repodata))
    if (OUR_FILES.test(name) && !current.has(name)) await rm(join(repodata, name), { force: true });
}
