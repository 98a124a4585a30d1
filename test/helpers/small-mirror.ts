import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * Writes a repository a test can read at a glance. A line is a package, `name-[epoch:]version-release.arch`, then what it has:
 * `requires: a, b >= 2; provides: c; conflicts: d; source: s`. Packages of one version of one name always have the same checksum.
 */
export function writeRepository(directory: string, lines: readonly string[], { timestamp = 1736000000 } = {}): void {
  const primary = Buffer.from(primaryXml(lines));
  const packed = gzipSync(primary);
  const digest = sha256(packed);
  rmSync(join(directory, 'repodata'), { recursive: true, force: true });
  mkdirSync(join(directory, 'repodata'), { recursive: true });
  writeFileSync(join(directory, `repodata/${digest}-primary.xml.gz`), packed);
  writeFileSync(
    join(directory, 'repodata/repomd.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>${timestamp}</revision><data type="primary">
<checksum type="sha256">${digest}</checksum><open-checksum type="sha256">${sha256(primary)}</open-checksum>
<location href="repodata/${digest}-primary.xml.gz"/><timestamp>${timestamp}</timestamp><size>${packed.length}</size><open-size>${primary.length}</open-size>
</data></repomd>\n`,
  );
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

function primaryXml(lines: readonly string[]): string {
  const packages = lines.map(packageXml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${lines.length}">${packages}</metadata>`;
}

function packageXml(line: string): string {
  const [, nevra = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line)!;
  const [, name, epoch = '0', version, release, arch] = /^(.+)-(?:(\d+):)?([^-:]+)-([^-]+)\.([^.]+)$/.exec(nevra)!;
  const parts = new Map(
    rest
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => /^\s*(\w+):\s*(.*?)\s*$/.exec(part)!.slice(1) as [string, string]),
  );
  const relations = (kind: string, own = ''): string => {
    const entries = (parts.get(kind) ?? '').split(',').filter((entry) => entry.trim() !== '');
    return `<rpm:${kind}>${own}${entries.map((entry) => entryXml(entry.trim())).join('')}</rpm:${kind}>`;
  };
  const self = entryXml(`${name} = ${epoch}:${version}-${release}`);
  const source = `${parts.get('source') ?? name}-${version}-${release}.src.rpm`;
  return `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version epoch="${epoch}" ver="${version}" rel="${release}"/>
<checksum type="sha256" pkgid="YES">${sha256(nevra)}</checksum><summary>s</summary><time file="1" build="1"/><size package="1000" installed="1" archive="1"/>
<location href="Packages/${name}-${version}-${release}.${arch}.rpm"/><format><rpm:sourcerpm>${source}</rpm:sourcerpm>
${relations('provides', self)}${relations('requires')}${relations('conflicts')}${relations('obsoletes')}</format></package>\n`;
}

const FLAGS: Readonly<Record<string, string>> = { '=': 'EQ', '<': 'LT', '>': 'GT', '<=': 'LE', '>=': 'GE' };

function entryXml(text: string): string {
  const [name = '', operator = '', evr = ''] = text.split(' ');
  if (operator === '') return `<rpm:entry name="${name}"/>`;
  const [, epoch = '0', version, release] = /^(?:(\d+):)?([^-]+)(?:-(.+))?$/.exec(evr)!;
  return `<rpm:entry name="${name}" flags="${FLAGS[operator]}" epoch="${epoch}" ver="${version}"${release === undefined ? '' : ` rel="${release}"`}/>`;
}
