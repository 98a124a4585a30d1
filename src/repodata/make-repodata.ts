/** Writes the files of `repodata/` from package headers. */
import { gzipSync } from 'node:zlib';
import { sha256 } from '../base/sha256.ts';
import { filelistsXml, otherXml, type PlacedPackage, primaryXml, type RepomdEntry, repomdXml } from './repodata-xml.ts';

export interface RepodataFile {
  /** Relative to the folder of the repository. */
  readonly location: string;
  readonly content: string | Uint8Array;
}

/** Reproducible: the result depends on no clock, file time or order of the packages. repomd.xml is the last file. */
export function makeRepodata(packages: readonly PlacedPackage[], modules: readonly string[] = []): RepodataFile[] {
  const sorted = [...packages].sort((a, b) => (a.location < b.location ? -1 : a.location > b.location ? 1 : 0));
  const files = [
    fileOf('primary', primaryXml(sorted)),
    fileOf('filelists', filelistsXml(sorted)),
    fileOf('other', otherXml(sorted)),
    ...(modules.length === 0 ? [] : [fileOf('modules', joinDocuments(modules))]),
  ];
  const newest = sorted.reduce((latest, { rpm }) => Math.max(latest, rpm.buildTime), 0);
  const repomd = repomdXml(
    files.map(({ entry }) => entry),
    newest,
  );
  return [
    ...files.map(({ entry, bytes }) => ({ location: entry.location, content: bytes })),
    { location: 'repodata/repomd.xml', content: repomd },
  ];
}

/** Joins all documents into one YAML file. */
const joinDocuments = (texts: readonly string[]): string =>
  texts
    .map((text) => text.replace(/^\ufeff/, ''))
    .map((text) => `${/^(?:#[^\n]*\n|\s)*---/.test(text) ? '' : '---\n'}${text}${text.endsWith('\n') ? '' : '\n'}`)
    .join('');

function fileOf(type: RepomdEntry['type'], text: string): { readonly entry: RepomdEntry; readonly bytes: Uint8Array } {
  const open = Buffer.from(text);
  const bytes = gzipSync(open, { level: 9 });
  // The tenth byte of gzip is the operating system: 255 is "unknown".
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
