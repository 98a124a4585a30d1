import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * Writes a repository a test can read at a glance. A line is a package, `name-[epoch:]version-release.arch`, then what it has:
 * `requires: a, b >= 2; provides: c; conflicts: d; source: s`. Packages of one version of one name always have the same checksum.
 */
export function writeRepository(directory: string, lines: readonly string[], options: SmallRepository = {}): void {
  const { timestamp = 1736000000 } = options;
  rmSync(join(directory, 'repodata'), { recursive: true, force: true });
  mkdirSync(join(directory, 'repodata'), { recursive: true });
  const files = Object.entries({ primary: primaryXml(lines), other: options.other, updateinfo: options.updateinfo });
  const records = files.map(([type, xml]) => (xml === undefined ? '' : writeRecord(directory, type, { xml, timestamp })));
  writeFileSync(
    join(directory, 'repodata/repomd.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>${timestamp}</revision>${records.join('')}</repomd>\n`,
  );
}

export interface SmallRepository {
  readonly timestamp?: number;
  /** Text of other.xml; `otherXml` makes it. */
  readonly other?: string;
  /** Text of updateinfo.xml. */
  readonly updateinfo?: string;
}

/** Changelogs by package: `{ 'glibc-2-1.noarch': ['1736000000 A <a@test> - 2-1 | - fix'] }`, oldest first. */
export function otherXml(changelogs: Readonly<Record<string, readonly string[]>>): string {
  const packages = Object.entries(changelogs).map(([nevra, entries]) => {
    const changes = entries.map((entry) => {
      const [, date, author, text] = /^(\d+) (.*) \| (.*)$/s.exec(entry)!;
      return `<changelog author="${author!.replaceAll('<', '&lt;')}" date="${date}">${text}</changelog>`;
    });
    return `<package pkgid="${sha256(nevra)}" name="n" arch="noarch"><version epoch="0" ver="1" rel="1"/>${changes.join('')}</package>`;
  });
  return `<otherdata xmlns="http://linux.duke.edu/metadata/other" packages="${packages.length}">${packages.join('')}</otherdata>`;
}

function writeRecord(directory: string, type: string, { xml, timestamp }: { readonly xml: string; readonly timestamp: number }): string {
  const packed = gzipSync(xml);
  const digest = sha256(packed);
  writeFileSync(join(directory, `repodata/${digest}-${type}.xml.gz`), packed);
  return `<data type="${type}">
<checksum type="sha256">${digest}</checksum><open-checksum type="sha256">${sha256(xml)}</open-checksum>
<location href="repodata/${digest}-${type}.xml.gz"/><timestamp>${timestamp}</timestamp><size>${packed.length}</size><open-size>${Buffer.byteLength(xml)}</open-size>
</data>`;
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
