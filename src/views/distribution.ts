/**
 * The distribution of packages, for scanners: `namespace` and `distro` of package URLs. Parts that a lockfile does
 * not reveal are omitted.
 */
import type { LockedPackage, LockedRepository, Lockfile } from '../lockfile/lockfile.ts';

interface Vendor {
  readonly namespace: string;
  /** ID of os-release. */
  readonly id: string;
  /** The package that owns os-release. */
  readonly release: RegExp;
  /** Matches an id or base URL of a repository. */
  readonly repository: RegExp;
  readonly keys: readonly string[];
  /** Whether VERSION_ID of os-release includes the minor version. */
  readonly minor?: boolean;
}

const VENDORS: readonly Vendor[] = [
  {
    namespace: 'fedora',
    id: 'fedora',
    release: /^fedora-release(?:-common)?$/,
    repository: /fedora|epel|\bcopr\b/i,
    keys: [],
  },
  {
    namespace: 'centos',
    id: 'centos',
    release: /^centos-(?:stream-)?release$/,
    repository: /centos|\b\d+-stream\b/i,
    keys: ['99DB70FAE1D7CE227FB6488205B555B38483C65D'],
  },
  {
    namespace: 'almalinux',
    id: 'almalinux',
    release: /^almalinux-release$/,
    repository: /alma(?:linux)?/i,
    keys: ['BF18AC2876178908D6E71267D36CB86CB86B3716'],
    minor: true,
  },
  {
    namespace: 'rocky',
    id: 'rocky',
    release: /^rocky-release$/,
    repository: /rocky/i,
    keys: ['21CB256AE16FC54C6E652949702D426D350D275D'],
    minor: true,
  },
  {
    namespace: 'redhat',
    id: 'rhel',
    release: /^redhat-release$/,
    repository: /redhat|\bubi-?\d|\brhel/i,
    keys: ['567E347AD0044ADE55BA8A5F199E2F91FD431D51'],
    minor: true,
  },
  { namespace: 'opensuse', id: 'opensuse', release: /^openSUSE-release$/, repository: /opensuse/i, keys: [], minor: true },
];

const vendorOf = ({ id, baseurl, gpgkey_fingerprints: keys = [] }: LockedRepository): Vendor | undefined =>
  VENDORS.find((vendor) => vendor.keys.some((key) => keys.includes(key))) ??
  VENDORS.find(({ repository }) => repository.test(id)) ??
  VENDORS.find(({ repository }) => repository.test(baseurl));

/** The publisher of the package's repository, else the distribution of its lock. */
export function namespaceOf(locked: LockedPackage, lock: Lockfile): string | undefined {
  const repository = lock.repositories?.find(({ id }) => id === locked.repository);
  return ((repository && vendorOf(repository)) ?? system(lock)?.vendor)?.namespace;
}

/** `centos-9`, `fedora-42`, `rhel-9.4`: ID and VERSION_ID of os-release. */
export function distributionOf(lock: Lockfile): string | undefined {
  const { vendor, version } = system(lock) ?? {};
  return vendor === undefined || version === undefined ? undefined : `${vendor.id}-${version}`;
}

interface System {
  readonly vendor: Vendor;
  readonly version: string | undefined;
}

const systems = new WeakMap<Lockfile, { readonly found: System | undefined }>();

function system(lock: Lockfile): System | undefined {
  let entry = systems.get(lock);
  if (entry === undefined) {
    entry = { found: findSystem(lock) };
    systems.set(lock, entry);
  }
  return entry.found;
}

/** By the release package if one is locked; else by the repositories of most packages and the number in their releases. */
function findSystem({ packages, repositories = [] }: Lockfile): System | undefined {
  for (const { name, version } of packages) {
    const vendor = VENDORS.find(({ release }) => release.test(name));
    if (vendor !== undefined) return { vendor, version: vendor.minor === true ? version : version.split('.')[0] };
  }
  const vendors = new Map(repositories.map((repository) => [repository.id, vendorOf(repository)]));
  const vendor = mostFrequent(packages.map(({ repository }) => vendors.get(repository ?? '')));
  if (vendor === undefined) return undefined;
  const tag = vendor.id === 'fedora' ? /\.fc(\d+)/ : /\.el(\d+)/;
  const major = mostFrequent(packages.map(({ release }) => tag.exec(release)?.[1]));
  return { vendor, version: major };
}

function mostFrequent<T>(values: readonly (T | undefined)[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
