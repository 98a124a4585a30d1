import { joinUrl } from '../base/urls.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { versionText } from '../lockfile/pin-version.ts';
import type { ExportFormat } from './export-names.ts';

/** How a format is written, and what it can hold. */
interface ExportWriter {
  readonly write: (locks: readonly Lockfile[]) => string;
  /** Whether it holds one set for one architecture only. */
  readonly single?: boolean;
  /** Whether it needs what schema 1.0 does not have: where packages come from. */
  readonly needsLocations?: boolean;
}

/** One entry a format: what a new one needs beside its name in export-names.ts. */
export const EXPORT_WRITERS: Readonly<Record<ExportFormat, ExportWriter>> = {
  'rpms.lock.yaml': { write: renderRpmsLock, needsLocations: true },
  'packages.manifest.yaml': { write: renderPackageManifest, needsLocations: true },
  bazeldnf: { write: ([lock]) => renderBazeldnf(lock!), single: true, needsLocations: true },
  cyclonedx: { write: ([lock]) => renderCycloneDx(lock!), single: true, needsLocations: true },
  list: { write: renderList },
};

/** Where the file of a pin is: the base URL of its repository, then its place there; undefined where the lock does not tell. */
const urlOf = (pin: Pin, { repositories = [] }: Lockfile): string | undefined => {
  const base = repositories.find(({ id }) => id === pin.repository)?.baseurl;
  if (base === undefined || pin.location === undefined) return undefined;
  return joinUrl(base, pin.location);
};

/** Pins of all locks of an architecture, each file once, with the lock that it stands in. */
function unionOf(locks: readonly Lockfile[], architecture: string): { readonly pin: Pin; readonly lock: Lockfile }[] {
  const found = new Map<string, { pin: Pin; lock: Lockfile }>();
  for (const lock of locks) {
    if (lock.architecture !== architecture) continue;
    for (const pin of lock.packages) if (!found.has(pin.sha256)) found.set(pin.sha256, { pin, lock });
  }
  return [...found.values()].sort((a, b) => (a.pin.filename < b.pin.filename ? -1 : a.pin.filename > b.pin.filename ? 1 : 0));
}

const architecturesOf = (locks: readonly Lockfile[]): string[] => [...new Set(locks.map(({ architecture }) => architecture))].sort();

/** A YAML scalar: JSON's double quotes are YAML's. */
const scalar = (text: string): string =>
  /^[A-Za-z0-9/][A-Za-z0-9 ._/+~^-]*$/.test(text) && !/^[\d.+-]+$|^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text.trim()
    : JSON.stringify(text);

/** `rpms.lock.yaml` of rpm-lockfile-prototype, as hermeto reads it (lockfileVersion 1). */
function renderRpmsLock(locks: readonly Lockfile[]): string {
  const lines = ['---', 'lockfileVersion: 1', 'lockfileVendor: redhat', 'arches:'];
  for (const architecture of architecturesOf(locks)) {
    lines.push(`- arch: ${architecture}`, '  packages:');
    for (const { pin, lock } of unionOf(locks, architecture)) {
      lines.push(
        `  - url: ${JSON.stringify(urlOf(pin, lock) ?? pin.filename)}`,
        `    repoid: ${scalar(pin.repository ?? '')}`,
        ...(pin.size === undefined ? [] : [`    size: ${pin.size}`]),
        `    checksum: sha256:${pin.sha256}`,
        `    name: ${scalar(pin.name)}`,
        `    evr: ${JSON.stringify(versionText(pin))}`,
        ...(pin.source === undefined ? [] : [`    sourcerpm: ${scalar(pin.source)}`]),
      );
    }
    lines.push('  source: []', '  module_metadata: []');
  }
  return `${lines.join('\n')}\n`;
}

/** `packages.manifest.yaml` of dnf5 (libpkgmanifest, schema 0.2.2). */
function renderPackageManifest(locks: readonly Lockfile[]): string {
  const repositories = new Map(
    locks.flatMap((lock) => (lock.repositories ?? []).map(({ id, baseurl }) => [`${id}-${lock.architecture}`, baseurl] as const)),
  );
  const lines = ['document: rpm-package-manifest', 'version: 0.2.2', 'data:', '  repositories:'];
  for (const [id, baseurl] of repositories) lines.push(`  - id: ${scalar(id)}`, `    baseurl: ${JSON.stringify(baseurl)}`);
  lines.push('  packages:');
  for (const architecture of architecturesOf(locks)) {
    lines.push(`    ${architecture}:`);
    for (const { pin } of unionOf(locks, architecture)) {
      lines.push(
        `    - name: ${scalar(pin.name)}`,
        `      repo_id: ${scalar(`${pin.repository ?? ''}-${architecture}`)}`,
        `      location: ${JSON.stringify(pin.location ?? pin.filename)}`,
        `      checksum: sha256:${pin.sha256}`,
        ...(pin.size === undefined ? [] : [`      size: ${pin.size}`]),
        `      evr: ${JSON.stringify(versionText(pin))}`,
        ...(pin.source === undefined ? [] : [`      srpm: ${scalar(pin.source)}`]),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** bazeldnf's lock JSON for one lock: tabs, no newline at the end. */
function renderBazeldnf(lock: Lockfile): string {
  const repositories = Object.fromEntries((lock.repositories ?? []).map(({ id, baseurl }) => [id, [baseurl]]));
  const rpms = lock.packages.map((pin) => ({
    id: pin.name,
    name: pin.name,
    integrity: `sha256-${Buffer.from(pin.sha256, 'hex').toString('base64')}`,
    urls: [pin.location ?? pin.filename],
    repository: pin.repository ?? '',
    dependencies: pin.dependencies ?? [],
  }));
  const { package_set: name, requested: targets = [], ignored = [] } = lock;
  return JSON.stringify({ name, repositories, rpms, targets, ...(ignored.length === 0 ? {} : { ignored }) }, null, '\t');
}

/** Names of digests in CycloneDX; it has none for SHA-224. */
const HASH_NAMES: Readonly<Record<string, string>> = { md5: 'MD5', sha1: 'SHA-1', sha384: 'SHA-384', sha512: 'SHA-512' };

function otherHash({ digest }: Pin): { readonly alg: string; readonly content: string }[] {
  const [type = '', content = ''] = digest?.split(':') ?? [];
  const alg = HASH_NAMES[type];
  return alg === undefined ? [] : [{ alg, content }];
}

/** A CycloneDX 1.5 bill of materials for one lock. Nothing in it depends on when or where it is made. */
function renderCycloneDx(lock: Lockfile): string {
  const reference = (pin: Pin): string => {
    const qualifiers = [
      `arch=${pin.arch}`,
      ...(pin.epoch === '0' ? [] : [`epoch=${pin.epoch}`]),
      ...(pin.source ? [`upstream=${encodeURIComponent(pin.source)}`] : []),
    ];
    return `pkg:rpm/${encodeURIComponent(pin.name)}@${encodeURIComponent(`${pin.version}-${pin.release}`)}?${qualifiers.join('&')}`;
  };
  const byName = new Map(lock.packages.map((pin) => [pin.name, reference(pin)]));
  const name = `${lock.package_set}-${lock.architecture}`;
  const components = lock.packages.map((pin) => ({
    type: 'library',
    'bom-ref': reference(pin),
    name: pin.name,
    version: versionText(pin),
    purl: reference(pin),
    hashes: [{ alg: 'SHA-256', content: pin.sha256 }, ...otherHash(pin)],
    ...(urlOf(pin, lock) === undefined ? {} : { externalReferences: [{ type: 'distribution', url: urlOf(pin, lock) }] }),
  }));
  const dependencies = lock.packages.map((pin) => ({
    ref: reference(pin),
    dependsOn: (pin.dependencies ?? []).flatMap((other) => byName.get(other) ?? []).sort(),
  }));
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      ...(lock.generated === '' ? {} : { timestamp: lock.generated }),
      component: { type: 'container', 'bom-ref': name, name },
      tools: { components: [{ type: 'application', name: 'rpm-deps' }] },
    },
    components,
    dependencies,
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** One `name-epoch:version-release.arch` a line: what dnf installs. */
function renderList(locks: readonly Lockfile[]): string {
  const names = locks.flatMap(({ packages }) =>
    packages.map((pin) => `${pin.name}-${pin.epoch}:${pin.version}-${pin.release}.${pin.arch}`),
  );
  return [...new Set(names)]
    .sort()
    .map((name) => `${name}\n`)
    .join('');
}
