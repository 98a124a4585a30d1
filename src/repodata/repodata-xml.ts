import type { RelationKind, RpmPackage, RpmRelation } from '../rpm/rpm-package.ts';

/** A package and the path of its file, relative to the repository. */
export interface PlacedPackage {
  readonly rpm: RpmPackage;
  readonly location: string;
}

/** One file of repodata, as repomd.xml lists it. */
export interface RepomdEntry {
  readonly type: 'primary' | 'filelists' | 'other' | 'modules';
  readonly location: string;
  readonly checksum: string;
  readonly openChecksum: string;
  readonly sizeBytes: number;
  readonly openSizeBytes: number;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://linux.duke.edu/metadata';
/** In the order of createrepo_c. */
const KINDS: readonly RelationKind[] = [
  'provides',
  'requires',
  'conflicts',
  'obsoletes',
  'suggests',
  'enhances',
  'recommends',
  'supplements',
];
const PRIMARY_FILE = /^\/etc\/|bin\/|^\/usr\/lib\/sendmail$/;

export function primaryXml(packages: readonly PlacedPackage[]): string {
  const head = `<metadata xmlns="${NAMESPACE}/common" xmlns:rpm="${NAMESPACE}/rpm" packages="${packages.length}">\n`;
  return `${DECLARATION}${head}${packages.map(primaryPackage).join('')}</metadata>\n`;
}

export function filelistsXml(packages: readonly PlacedPackage[]): string {
  const file = ({ path, kind }: RpmPackage['files'][number]) =>
    `  <file${kind === 'file' ? '' : ` type="${kind}"`}>${escapeXml(path)}</file>\n`;
  return listing({ root: 'filelists', packages, body: (rpm) => rpm.files.map(file).join('') });
}

export function otherXml(packages: readonly PlacedPackage[]): string {
  const entry = ({ author, time, text }: RpmPackage['changelog'][number]) =>
    `  <changelog author="${escapeXml(author)}" date="${time}">${escapeXml(text)}</changelog>\n`;
  return listing({ root: 'otherdata', packages, body: (rpm) => rpm.changelog.map(entry).join('') });
}

export function repomdXml(entries: readonly RepomdEntry[], timestamp: number): string {
  const data = entries.map(
    (entry) => `  <data type="${entry.type}">
    <checksum type="sha256">${entry.checksum}</checksum>
    <open-checksum type="sha256">${entry.openChecksum}</open-checksum>
    <location href="${entry.location}"/>
    <timestamp>${timestamp}</timestamp>
    <size>${entry.sizeBytes}</size>
    <open-size>${entry.openSizeBytes}</open-size>
  </data>
`,
  );
  return `${DECLARATION}<repomd xmlns="${NAMESPACE}/repo" xmlns:rpm="${NAMESPACE}/rpm">\n  <revision>${timestamp}</revision>\n${data.join('')}</repomd>\n`;
}

function primaryPackage({ rpm, location }: PlacedPackage): string {
  const { texts } = rpm;
  const relations = KINDS.map((kind) => relationList(kind, kind === 'requires' ? withoutOwnFiles(rpm) : rpm.relations[kind])).join('');
  const files = rpm.files.filter(({ path }) => PRIMARY_FILE.test(path));
  return `<package type="rpm">
  <name>${escapeXml(rpm.name)}</name>
  <arch>${escapeXml(rpm.arch)}</arch>
  <version ${evr(rpm)}/>
  <checksum type="sha256" pkgid="YES">${rpm.sha256}</checksum>
  <summary>${escapeXml(texts.summary)}</summary>
  <description>${escapeXml(texts.description)}</description>
  <packager>${escapeXml(texts.packager)}</packager>
  <url>${escapeXml(texts.url)}</url>
  <time file="${rpm.buildTime}" build="${rpm.buildTime}"/>
  <size package="${rpm.sizeBytes}" installed="${rpm.installedBytes}" archive="${rpm.archiveBytes}"/>
  <location href="${escapeXml(location)}"/>
  <format>
    <rpm:license>${escapeXml(texts.license)}</rpm:license>
    <rpm:vendor>${escapeXml(texts.vendor)}</rpm:vendor>
    <rpm:group>${escapeXml(texts.group)}</rpm:group>
    <rpm:buildhost>${escapeXml(texts.buildhost)}</rpm:buildhost>
    <rpm:sourcerpm>${escapeXml(texts.sourcerpm)}</rpm:sourcerpm>
    <rpm:header-range start="${rpm.headerStart}" end="${rpm.headerEnd}"/>
${relations}${files.map(({ path, kind }) => `    <file${kind === 'file' ? '' : ` type="${kind}"`}>${escapeXml(path)}</file>\n`).join('')}  </format>
</package>
`;
}

/** Omits required paths that the package itself contains. */
function withoutOwnFiles(rpm: RpmPackage): readonly RpmRelation[] {
  const own = new Set(rpm.files.map(({ path }) => path));
  return rpm.relations.requires.filter(({ name }) => !own.has(name));
}

function relationList(kind: RelationKind, relations: readonly RpmRelation[]): string {
  if (relations.length === 0) return '';
  const entry = (relation: RpmRelation): string => {
    const release = relation.release === '' ? '' : ` rel="${escapeXml(relation.release)}"`;
    const version =
      relation.flags === undefined
        ? ''
        : ` flags="${relation.flags}" epoch="${escapeXml(relation.epoch)}" ver="${escapeXml(relation.version)}"${release}`;
    return `      <rpm:entry name="${escapeXml(relation.name)}"${version}${kind === 'requires' && relation.isPre ? ' pre="1"' : ''}/>\n`;
  };
  return `    <rpm:${kind}>\n${relations.map(entry).join('')}    </rpm:${kind}>\n`;
}

function listing({
  root,
  packages,
  body,
}: {
  root: 'filelists' | 'otherdata';
  packages: readonly PlacedPackage[];
  body: (rpm: RpmPackage) => string;
}): string {
  const namespace = root === 'filelists' ? 'filelists' : 'other';
  const entries = packages.map(
    ({ rpm }) =>
      `<package pkgid="${rpm.sha256}" name="${escapeXml(rpm.name)}" arch="${escapeXml(rpm.arch)}">\n  <version ${evr(rpm)}/>\n${body(rpm)}</package>\n`,
  );
  return `${DECLARATION}<${root} xmlns="${NAMESPACE}/${namespace}" packages="${packages.length}">\n${entries.join('')}</${root}>\n`;
}

function evr({ epoch, version, release }: RpmPackage): string {
  return `epoch="${escapeXml(epoch)}" ver="${escapeXml(version)}" rel="${escapeXml(release)}"`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Replaces characters that XML 1.0 cannot contain by question marks. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?');
}
