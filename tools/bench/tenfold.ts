/** Writes a repository ten times as large as a real one: each package nine more times with another name and correspondingly renamed dependencies. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Writes `copies` times the packages of the repository at `source` to `target`; returns their number. */
export function multiplyRepository(source: string, target: string, copies: number): number {
  const repodata = join(source, 'repodata');
  const name = readdirSync(repodata).find((file) => file.endsWith('primary.xml.gz'))!;
  const text = gunzipSync(readFileSync(join(repodata, name))).toString('utf8');
  const start = text.indexOf('<package ');
  const end = text.lastIndexOf('</metadata>');
  const packages = text.slice(start, end);
  const count = packages.split('<package ').length - 1;
  const head = text.slice(0, start).replace(/packages="\d+"/, `packages="${count * copies}"`);
  const parts = Array.from({ length: copies }, (_, i) => Buffer.from(i === 0 ? packages : renamed(packages, `-x${i}`)));
  const opened = Buffer.concat([Buffer.from(head), ...parts, Buffer.from(text.slice(end))]);
  const packed = gzipSync(opened, { level: 6 });
  mkdirSync(join(target, 'repodata'), { recursive: true });
  writeFileSync(join(target, 'repodata/primary.xml.gz'), packed);
  writeFileSync(
    join(target, 'repodata/repomd.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>
<data type="primary"><checksum type="sha256">${sha256(packed)}</checksum><open-checksum type="sha256">${sha256(opened)}</open-checksum>
<location href="repodata/primary.xml.gz"/><timestamp>1736208000</timestamp><size>${packed.length}</size><open-size>${opened.length}</open-size></data>
</repomd>
`,
  );
  return count * copies;
}

/** Appends `suffix` to all names except paths and rich dependencies, so that a closed set of packages stays closed. */
function renamed(packages: string, suffix: string): string {
  return packages
    .replace(/<name>([^<]+)<\/name>/g, `<name>$1${suffix}</name>`)
    .replace(/(<rpm:entry name=")((?!rpmlib\()[^/(][^"]*)"/g, `$1$2${suffix}"`);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
