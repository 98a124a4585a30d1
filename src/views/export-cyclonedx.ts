import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { packageEdges } from '../lockfile/package-edges.ts';
import { versionText } from '../lockfile/package-version.ts';
import { urlOfPackage } from '../lockfile/rpms-lock.ts';
import { packageUrl } from './package-url.ts';

/** A CycloneDX 1.6 bill of materials for one lock. Its content does not depend on the time or place of the run. */
export function renderCycloneDx(lock: Lockfile): string {
  const name = `${lock.package_set}-${lock.architecture}`;
  const purls = new Map(lock.packages.map((locked) => [locked, packageUrl(locked, lock)]));
  const references = (lockedPackages: readonly LockedPackage[]): string[] =>
    [...new Set(lockedPackages.map((locked) => purls.get(locked)!))].sort();
  const { requested, dependencies } = packageEdges(lock);
  const needed = new Set([...dependencies.values()].flat());
  // Without a request (schema 1.0), and for specs without a matching name: the packages that no other needs.
  const roots = [...requested, ...lock.packages.filter((locked) => !needed.has(locked))];
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      ...(lock.generated === '' ? {} : { timestamp: lock.generated }),
      tools: { components: [{ type: 'application', name: 'rpm-deps' }] },
      component: { type: 'container', 'bom-ref': name, name },
    },
    components: onePerPurl(lock.packages, purls).map((locked) => component(locked, lock, purls.get(locked)!)),
    dependencies: [
      { ref: name, dependsOn: references(roots) },
      ...onePerPurl(lock.packages, purls).map((locked) => ({
        ref: purls.get(locked)!,
        dependsOn: references(dependencies.get(locked) ?? []),
      })),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

const onePerPurl = (lockedPackages: readonly LockedPackage[], purls: ReadonlyMap<LockedPackage, string>): LockedPackage[] => [
  ...new Map(lockedPackages.map((locked) => [purls.get(locked)!, locked])).values(),
];

function component(locked: LockedPackage, lock: Lockfile, purl: string): Record<string, unknown> {
  const url = urlOfPackage(locked, lock);
  return {
    type: 'library',
    'bom-ref': purl,
    name: locked.name,
    version: versionText(locked),
    hashes: [{ alg: 'SHA-256', content: locked.sha256 }, ...otherHash(locked)],
    purl,
    ...(url === undefined ? {} : { externalReferences: [{ type: 'distribution', url }] }),
  };
}

/** Names of digests in CycloneDX, which has none for SHA-224. */
const HASH_NAMES: Readonly<Record<string, string>> = { md5: 'MD5', sha1: 'SHA-1', sha384: 'SHA-384', sha512: 'SHA-512' };

function otherHash({ digest }: LockedPackage): { readonly alg: string; readonly content: string }[] {
  const [type = '', content = ''] = digest?.split(':') ?? [];
  const alg = HASH_NAMES[type];
  return alg === undefined ? [] : [{ alg, content }];
}
