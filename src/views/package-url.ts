import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { urlOfPackage } from '../lockfile/rpms-lock.ts';
import { distributionOf, namespaceOf } from './distribution.ts';

/** `pkg:rpm/...` in its canonical form: qualifiers in alphabetical order, escaped as packageurl-js does it. */
export function packageUrl(locked: LockedPackage, lock: Lockfile): string {
  const namespace = namespaceOf(locked, lock);
  const qualifiers: Readonly<Record<string, string | undefined>> = {
    arch: locked.arch,
    checksum: `sha256:${locked.sha256}`,
    distro: distributionOf(lock),
    download_url: locked.repository === undefined ? urlOfPackage(locked, lock) : undefined,
    epoch: locked.epoch === '0' ? undefined : locked.epoch,
    repository_id: locked.repository,
    upstream: locked.source,
  };
  const query = new URLSearchParams(Object.entries(qualifiers).filter((entry): entry is [string, string] => !!entry[1]));
  const path = ['pkg:rpm', ...(namespace === undefined ? [] : [namespace]), encodeURIComponent(locked.name)].join('/');
  return `${path}@${versionOf(locked)}?${query.toString().replaceAll('+', '%20')}`;
}

/** As in common parsers of package URLs: a plus is not escaped here, but everywhere else. */
const versionOf = ({ version, release }: LockedPackage): string =>
  encodeURIComponent(`${version}-${release}`).replaceAll('%3A', ':').replaceAll('%2B', '+');
