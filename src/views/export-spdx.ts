import { sha256 } from '../base/sha256.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { packageEdges } from '../lockfile/package-edges.ts';
import { versionText } from '../lockfile/pin-version.ts';
import { urlOfPin } from '../lockfile/rpms-lock.ts';
import { packageUrl } from './package-url.ts';

const ROOT = 'SPDXRef-Root';

/** An SPDX 2.3 document for one lock. Its namespace follows from its content, so that the same lock gives the same bytes. */
export function renderSpdx(lock: Lockfile): string {
  const name = `${lock.package_set}-${lock.architecture}`;
  const { requested, dependencies } = packageEdges(lock);
  const pins = [...new Map(lock.packages.map((pin) => [idOf(pin), pin])).values()];
  const relations = [
    relation('SPDXRef-DOCUMENT', 'DESCRIBES', ROOT),
    ...pins.map((pin) => relation(ROOT, 'CONTAINS', idOf(pin))),
    ...unique(requested).map((id) => relation(ROOT, 'DEPENDS_ON', id)),
    ...pins.flatMap((pin) => unique(dependencies.get(pin) ?? []).map((id) => relation(idOf(pin), 'DEPENDS_ON', id))),
  ];
  const packages = [{ name, SPDXID: ROOT, downloadLocation: 'NOASSERTION', ...UNKNOWN }, ...pins.map((pin) => describe(pin, lock))];
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

/** A lockfile does not say under which licence a package is. */
const UNKNOWN = {
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const;

const idOf = ({ name, sha256 }: Pin): string => `SPDXRef-${name.replace(/[^A-Za-z0-9.-]/g, '-')}-${sha256.slice(0, 16)}`;

const unique = (pins: readonly Pin[]): string[] => [...new Set(pins.map(idOf))].sort();

const relation = (from: string, relationshipType: string, to: string): Record<string, string> => ({
  spdxElementId: from,
  relationshipType,
  relatedSpdxElement: to,
});

/** SPDX wants whole seconds in UTC. */
const timeOf = (generated: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(generated) ? generated : '1970-01-01T00:00:00Z');

function describe(pin: Pin, lock: Lockfile): Record<string, unknown> {
  return {
    name: pin.name,
    SPDXID: idOf(pin),
    versionInfo: versionText(pin),
    packageFileName: pin.filename,
    downloadLocation: urlOfPin(pin, lock) ?? 'NOASSERTION',
    ...UNKNOWN,
    ...(pin.source === undefined || pin.source === '' ? {} : { sourceInfo: `built from ${pin.source}` }),
    checksums: [{ algorithm: 'SHA256', checksumValue: pin.sha256 }, ...otherDigest(pin)],
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: packageUrl(pin, lock) }],
  };
}

function otherDigest({ digest }: Pin): { readonly algorithm: string; readonly checksumValue: string }[] {
  const [type = '', checksumValue = ''] = digest?.split(':') ?? [];
  return /^(?:md5|sha1|sha224|sha384|sha512)$/.test(type) ? [{ algorithm: type.toUpperCase(), checksumValue }] : [];
}
