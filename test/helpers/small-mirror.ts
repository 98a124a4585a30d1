import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { InstalledRecord } from '../../src/pool/installed-entry.ts';
import type { RpmRelation } from '../../src/rpm/rpm-package.ts';

/**
 * Writes a repository a test can read at a glance: a line is a package, as `primaryXml` takes them. Packages of one version of one name always
 * have the same checksum.
 */
export function writeRepository(directory: string, lines: readonly string[], options: SmallRepository = {}): void {
  const { timestamp = 1736000000 } = options;
  rmSync(join(directory, 'repodata'), { recursive: true, force: true });
  mkdirSync(join(directory, 'repodata'), { recursive: true });
  const { filelists, modules, group, other, updateinfo } = options;
  const files = Object.entries({ primary: primaryXml(lines), filelists, modules, group, other, updateinfo });
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
  /** Texts of updateinfo.xml, filelists.xml, modules.yaml, comps.xml. */
  readonly updateinfo?: string | undefined;
  readonly filelists?: string | undefined;
  readonly modules?: string | undefined;
  readonly group?: string | undefined;
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

/**
 * primary.xml of packages written as lines: `name-[epoch:]version-release.arch`, then `kind: a, b >= 2, (c or d)` with `;` between kinds. Kinds are those
 * of primary.xml, and `files` (also in primary), `source` (name of the source package) and `unlisted` (only in filelists.xml).
 */
export function primaryXml(lines: readonly string[]): string {
  const packages = lines.map(packageXml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${lines.length}">${packages}</metadata>`;
}

/** filelists.xml of the same packages. */
export function filelistsXml(lines: readonly string[]): string {
  const packages = lines.map((line) => {
    const { nevra, name, epoch, version, release, arch, parts } = readLine(line);
    const files = [...itemsOf(parts, 'files'), ...itemsOf(parts, 'unlisted')].map((file) => `<file>${escaped(file)}</file>`);
    return `<package pkgid="${checksumOf(nevra)}" name="${name}" arch="${arch}"><version epoch="${epoch}" ver="${version}" rel="${release}"/>${files.join('')}</package>`;
  });
  return `<filelists xmlns="http://linux.duke.edu/metadata/filelists" packages="${lines.length}">${packages.join('')}</filelists>`;
}

interface Line {
  readonly nevra: string;
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly parts: ReadonlyMap<string, string>;
}

function readLine(line: string): Line {
  const [, nevra = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line)!;
  const found = /^(.+)-(?:(\d+):)?([^-:]+)-([^-]+)\.([^.]+)$/.exec(nevra);
  if (found === null) throw new Error(`not a package: ${line}`);
  const [, name = '', epoch = '0', version = '', release = '', arch = ''] = found;
  const parts = new Map(
    rest
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const kind = /^\s*(\w+):\s*(.*?)\s*$/.exec(part);
        if (kind === null || !KINDS.has(kind[1]!)) throw new Error(`not "kind: values": ${part}`);
        return [kind[1]!, kind[2]!] as const;
      }),
  );
  return { nevra, name, epoch, version, release, arch, parts };
}

/** The same package as an rpm database describes it. */
export function recordOfLine(line: string): InstalledRecord {
  const { name, epoch, version, release, arch, parts } = readLine(line);
  const relationsOf = (kind: string) =>
    [...(kind === 'provides' ? [`${name} = ${epoch}:${version}-${release}`] : []), ...itemsOf(parts, kind)].map(relationOf);
  return {
    name,
    epoch,
    version,
    release,
    arch,
    source: `${parts.get('source') ?? name}-${version}-${release}.src.rpm`,
    buildTime: Number(parts.get('built') ?? 1),
    relations: Object.fromEntries(RELATIONS.map((kind) => [kind, relationsOf(kind)])),
    files: [...itemsOf(parts, 'files'), ...itemsOf(parts, 'unlisted')].map((path) => ({ path })),
  };
}

function relationOf(text: string): Omit<RpmRelation, 'isPre'> {
  const [name = '', operator = '', evr = ''] = text.startsWith('(') ? [text] : text.split(' ');
  if (operator === '') return { name, flags: undefined, epoch: '', version: '', release: '' };
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?([^-]+)(?:-(.+))?$/.exec(evr)!;
  return { name, flags: FLAGS[operator] as RpmRelation['flags'], epoch, version, release };
}

const RELATIONS = ['provides', 'requires', 'conflicts', 'obsoletes', 'recommends', 'suggests', 'supplements', 'enhances'];
const KINDS = new Set([...RELATIONS, 'files', 'unlisted', 'source', 'built', 'summary', 'license', 'url']);

const itemsOf = (parts: ReadonlyMap<string, string>, kind: string): string[] =>
  (parts.get(kind) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const checksumOf = (nevra: string): string => sha256(nevra);

function packageXml(line: string): string {
  const { nevra, name, epoch, version, release, arch, parts } = readLine(line);
  const self = entryXml(`${name} = ${epoch}:${version}-${release}`);
  const relations = RELATIONS.map((kind) => {
    const entries = itemsOf(parts, kind).map(entryXml).join('');
    return kind === 'provides'
      ? `<rpm:provides>${self}${entries}</rpm:provides>`
      : entries === ''
        ? ''
        : `<rpm:${kind}>${entries}</rpm:${kind}>`;
  });
  const files = itemsOf(parts, 'files').map((file) => `<file>${escaped(file)}</file>`);
  const source = `${parts.get('source') ?? name}-${version}-${release}.src.rpm`;
  return `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version epoch="${epoch}" ver="${version}" rel="${release}"/>
<checksum type="sha256" pkgid="YES">${checksumOf(nevra)}</checksum><summary>${escaped(parts.get('summary') ?? '')}</summary><url>${escaped(parts.get('url') ?? '')}</url><time file="1" build="${parts.get('built') ?? 1}"/><size package="1000" installed="1" archive="1"/>
<location href="Packages/${name}-${version}-${release}.${arch}.rpm"/><format><rpm:sourcerpm>${source}</rpm:sourcerpm><rpm:license>${escaped(parts.get('license') ?? '')}</rpm:license>
${relations.join('')}${files.join('')}</format></package>\n`;
}

const FLAGS: Readonly<Record<string, string>> = { '=': 'EQ', '<': 'LT', '>': 'GT', '<=': 'LE', '>=': 'GE' };

function entryXml(text: string): string {
  if (text.startsWith('(')) return `<rpm:entry name="${escaped(text)}"/>`;
  const [name = '', operator = '', evr = ''] = text.split(' ');
  if (operator === '') return `<rpm:entry name="${escaped(name)}"/>`;
  const [, epoch = '0', version, release] = /^(?:(\d+):)?([^-]+)(?:-(.+))?$/.exec(evr)!;
  return `<rpm:entry name="${escaped(name)}" flags="${FLAGS[operator]}" epoch="${epoch}" ver="${version}"${release === undefined ? '' : ` rel="${release}"`}/>`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
