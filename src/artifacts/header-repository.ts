import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sha256 } from '../base/sha256.ts';
import { writeAllOrNothing } from '../io/atomic-file.ts';
import type { HeaderOfPin } from '../lockfile/rebuild-lock.ts';
import { filelistsXml, primaryXml, type RepomdEntry, repomdXml } from './repodata-xml.ts';

/** Writes the metadata of packages of which only the headers are here. */
export async function writeHeaderRepository(directory: string, headers: readonly HeaderOfPin[]): Promise<void> {
  const packages = headers
    .map(({ rpm, location }) => ({ rpm, location }))
    .sort((a, b) => (a.location < b.location ? -1 : a.location > b.location ? 1 : 0));
  const files = [fileOf('primary', primaryXml(packages)), fileOf('filelists', filelistsXml(packages))];
  const newest = packages.reduce((latest, { rpm }) => Math.max(latest, rpm.buildTime), 0);
  await writeAllOrNothing([
    ...files.map(({ entry, bytes }) => ({ path: join(directory, entry.location), content: bytes })),
    {
      path: join(directory, 'repodata/repomd.xml'),
      content: repomdXml(
        files.map(({ entry }) => entry),
        newest,
      ),
    },
  ]);
}

function fileOf(type: 'primary' | 'filelists', text: string): { readonly entry: RepomdEntry; readonly bytes: Uint8Array } {
  const open = Buffer.from(text);
  const bytes = gzipSync(open);
  const checksum = sha256(bytes);
  const location = `repodata/${checksum}-${type}.xml.gz`;
  const sizes = { sizeBytes: bytes.length, openSizeBytes: open.length };
  return { entry: { type, location, checksum, openChecksum: sha256(open), ...sizes }, bytes };
}
