import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of repodata as it lies on the mirror; what repomd.xml says of it is true unless `says` has something else. */
export interface RawFile {
  readonly bytes: Uint8Array;
  /** `.xml.gz` and the like. */
  readonly extension: string;
  /** Size when opened, to be promised. */
  readonly openSize?: number;
  /** The `<checksum>` element. */
  readonly checksum?: string;
}

/** Writes a repository of files that may be anything, with a repomd.xml that vouches for them. */
export function writeRawRepository(directory: string, files: Readonly<Record<string, RawFile>>): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, 'repodata'), { recursive: true });
  const records = Object.entries(files).map(([type, { bytes, extension, openSize, checksum }]) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const href = `repodata/${digest.slice(0, 8)}-${type}${extension}`;
    writeFileSync(join(directory, href), bytes);
    const promise = openSize === undefined ? '' : `<open-size>${openSize}</open-size>`;
    return `<data type="${type}">${checksum ?? `<checksum type="sha256">${digest}</checksum>`}<location href="${href}"/><timestamp>1736000000</timestamp><size>${bytes.length}</size>${promise}</data>\n`;
  });
  writeFileSync(
    join(directory, 'repodata/repomd.xml'),
    `<?xml version="1.0"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>\n${records.join('')}</repomd>\n`,
  );
}
