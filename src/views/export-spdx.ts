import { sha256 } from '../base/sha256.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { packageEdges } from '../lockfile/package-edges.ts';
import { versionText } from '../lockfile/package-version.ts';
import { urlOfPackage } from '../lockfile/rpms-lock.ts';
import { packageUrl } from './package-url.ts';

const ROOT = 'SPDXRef-Root';

/** An SPDX 2.3 document for one lock. Its namespace is derived from its content, so that the same lock gives the same bytes. */
export function renderSpdx(lock: Lockfile): string {
  const name = `${lock.package_set}-${lock.architecture}`;
  const { requested, dependencies } = packageEdges(lock);
  const lockedPackages = [...new Map(lock.packages.map((locked) => [idOf(locked), locked])).values()];
  const relations = [
    relation('SPDXRef-DOCUMENT', 'DESCRIBES', ROOT),
    ...lockedPackages.map((locked) => relation(ROOT, 'CONTAINS', idOf(locked))),
    ...unique(requested).map((id) => relation(ROOT, 'DEPENDS_ON', id)),
    ...lockedPackages.flatMap((locked) => unique(dependencies.get(locked) ?? []).map((id) => relation(idOf(locked), 'DEPENDS_ON', id))),
  ];
  const packages = [
    { name, SPDXID: ROOT, downloadLocation: 'NOASSERTION', ...UNKNOWN },
    ...lockedPackages.map((locked) => describe(locked, lock)),
  ];
  const digest = sha256(JSON.stringify([name, packages, relations]));
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `urn:rpm-deps:${encodeURIComponent(name)}:sha256:${digest}`,
    creationInfo: { created: timeOf(lock.generated), creators: ['Tool: rpm-deps'] },
    documentDescribes: [ROOT],
    packages,
    relationships: relations,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Lockfiles do not record licences. */
const UNKNOWN = {
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const;

const idOf = ({ name, sha256 }: LockedPackage): string => `SPDXRef-${name.replace(/[^A-Za-z0-9.-]/g, '-')}-${sha256.slice(0, 16)}`;

const unique = (lockedPackages: readonly LockedPackage[]): string[] => [...new Set(lockedPackages.map(idOf))].sort();

const relation = (from: string, relationshipType: string, to: string): Record<string, string> => ({
  spdxElementId: from,
  relationshipType,
  relatedSpdxElement: to,
});

/** SPDX requires whole seconds in UTC. */
const timeOf = (generated: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(generated) ? generated : '1970-01-01T00:00:00Z');

function describe(locked: LockedPackage, lock: Lockfile): Record<string, unknown> {
  return {
    name: locked.name,
    SPDXID: idOf(locked),
    versionInfo: versionText(locked),
    packageFileName: locked.filename,
    downloadLocation: urlOfPackage(locked, lock) ?? 'NOASSERTION',
    ...UNKNOWN,
    ...(locked.source === undefined || locked.source === '' ? {} : { sourceInfo: `built from ${locked.source}` }),
    checksums: [{ algorithm: 'SHA256', checksumValue: locked.sha256 }, ...otherDigest(locked)],
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: packageUrl(locked, lock) }],
  };
}

function otherDigest({ digest }: LockedPackage): { readonly algorithm: string; readonly checksumValue: string }[] {
  const [type = '', checksumValue = ''] = digest?.split(':') ?? [];
  return /^(?:md5|sha1|sha224|sha384|sha512)$/.test(type) ? [{ algorithm: type.toUpperCase(), checksumValue }] : [];
}
