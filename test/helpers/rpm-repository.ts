import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { filelistsXml, primaryXml } from '../../src/repodata/repodata-xml.ts';
import { readRpmPackage } from '../../src/rpm/rpm-package.ts';

export interface RpmRepository {
  /** Paths of RPM files by what `href` says of them, as XML has it. */
  readonly rpms: Readonly<Record<string, string>>;
  /** `xml:base` of all of them. */
  readonly base?: string;
  /** Name of the checksums of packages, as primary.xml and createrepo have it. */
  readonly packageChecksum?: string;
  /** The same for repomd.xml. */
  readonly repomdChecksum?: string;
  /** More files, by their type in repomd.xml; they are packed. */
  readonly more?: Readonly<Record<string, string>>;
  /** Last changes. */
  readonly editPrimary?: (xml: string) => string;
  readonly editRepomd?: (xml: string) => string;
}

/** Files of `repodata/` for real RPM files, by name: what createrepo_c would write if it wrote whatever a test needs. */
export async function rpmRepodata(repository: RpmRepository): Promise<Map<string, Uint8Array>> {
  const { rpms, base, packageChecksum = 'sha256', repomdChecksum = 'sha256', more = {} } = repository;
  const read = await Promise.all(Object.entries(rpms).map(async ([href, path]) => ({ href, path, rpm: await readRpmPackage(path) })));
  // What they need is not here.
  let primary = primaryXml(read.map(({ rpm }, i) => ({ rpm, location: `place-${i}` }))).replace(/<rpm:requires>.*?<\/rpm:requires>/gs, '');
  let filelists = filelistsXml(read.map(({ rpm }, i) => ({ rpm, location: `place-${i}` })));
  for (const [i, { href, path, rpm }] of read.entries()) {
    primary = primary.replace(`<location href="place-${i}"`, `<location${base === undefined ? '' : ` xml:base="${base}"`} href="${href}"`);
    const digest = digestOf(packageChecksum, readFileSync(path));
    primary = primary.replace(
      `<checksum type="sha256" pkgid="YES">${rpm.sha256}`,
      `<checksum type="${packageChecksum}" pkgid="YES">${digest}`,
    );
    filelists = filelists.replaceAll(rpm.sha256, digest);
  }
  const files = new Map<string, Uint8Array>();
  const records = Object.entries({ primary: repository.editPrimary?.(primary) ?? primary, filelists, ...more }).map(([type, text]) => {
    const packed = gzipSync(text);
    files.set(`repodata/${type}.xml.gz`, packed);
    const checksum = (name: string, bytes: Uint8Array | string): string =>
      `<${name} type="${repomdChecksum}">${digestOf(repomdChecksum, bytes)}</${name}>`;
    return `<data type="${type}">${checksum('checksum', packed)}${checksum('open-checksum', text)}<location href="repodata/${type}.xml.gz"/>
<timestamp>1736000000</timestamp><size>${packed.length}</size><open-size>${Buffer.byteLength(text)}</open-size></data>\n`;
  });
  const repomd = `<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>\n${records.join('')}</repomd>\n`;
  files.set('repodata/repomd.xml', Buffer.from(repository.editRepomd?.(repomd) ?? repomd));
  return files;
}

/** `sha` is SHA-1, as old createrepo wrote. */
const digestOf = (type: string, bytes: Uint8Array | string): string =>
  createHash(type === 'sha' ? 'sha1' : type)
    .update(bytes)
    .digest('hex');
