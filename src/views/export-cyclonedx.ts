import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { packageEdges } from '../lockfile/package-edges.ts';
import { versionText } from '../lockfile/pin-version.ts';
import { urlOfPin } from '../lockfile/rpms-lock.ts';
import { packageUrl } from './package-url.ts';

/** A CycloneDX 1.6 bill of materials for one lock. Nothing in it depends on when or where it is made. */
export function renderCycloneDx(lock: Lockfile): string {
  const name = `${lock.package_set}-${lock.architecture}`;
  const purls = new Map(lock.packages.map((pin) => [pin, packageUrl(pin, lock)]));
  const references = (pins: readonly Pin[]): string[] => [...new Set(pins.map((pin) => purls.get(pin)!))].sort();
  const { requested, dependencies } = packageEdges(lock);
  const needed = new Set([...dependencies.values()].flat());
  // Without a request, as in schema 1.0, and for specs that no name answers: what nothing else needs.
  const roots = [...requested, ...lock.packages.filter((pin) => !needed.has(pin))];
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
    components: onePerPurl(lock.packages, purls).map((pin) => component(pin, lock, purls.get(pin)!)),
    dependencies: [
      { ref: name, dependsOn: references(roots) },
      ...onePerPurl(lock.packages, purls).map((pin) => ({
        ref: purls.get(pin)!,
        dependsOn: references(dependencies.get(pin) ?? []),
      })),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

const onePerPurl = (pins: readonly Pin[], purls: ReadonlyMap<Pin, string>): Pin[] => [
  ...new Map(pins.map((pin) => [purls.get(pin)!, pin])).values(),
];

function component(pin: Pin, lock: Lockfile, purl: string): Record<string, unknown> {
  const url = urlOfPin(pin, lock);
  return {
    type: 'library',
    'bom-ref': purl,
    name: pin.name,
    version: versionText(pin),
    hashes: [{ alg: 'SHA-256', content: pin.sha256 }, ...otherHash(pin)],
    purl,
    ...(url === undefined ? {} : { externalReferences: [{ type: 'distribution', url }] }),
  };
}

/** Names of digests in CycloneDX; it has none for SHA-224. */
const HASH_NAMES: Readonly<Record<string, string>> = { md5: 'MD5', sha1: 'SHA-1', sha384: 'SHA-384', sha512: 'SHA-512' };

function otherHash({ digest }: Pin): { readonly alg: string; readonly content: string }[] {
  const [type = '', content = ''] = digest?.split(':') ?? [];
  const alg = HASH_NAMES[type];
  return alg === undefined ? [] : [{ alg, content }];
}
