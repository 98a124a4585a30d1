import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { urlOfPin } from '../lockfile/rpms-lock.ts';
import { distributionOf, namespaceOf } from './distribution.ts';

/** `pkg:rpm/...` in its canonical form: qualifiers in alphabetical order, escaped as packageurl-js does it. */
export function packageUrl(pin: Pin, lock: Lockfile): string {
  const namespace = namespaceOf(pin, lock);
  const qualifiers: Readonly<Record<string, string | undefined>> = {
    arch: pin.arch,
    checksum: `sha256:${pin.sha256}`,
    distro: distributionOf(lock),
    download_url: pin.repository === undefined ? urlOfPin(pin, lock) : undefined,
    epoch: pin.epoch === '0' ? undefined : pin.epoch,
    repository_id: pin.repository,
    upstream: pin.source,
  };
  const query = new URLSearchParams(Object.entries(qualifiers).filter((entry): entry is [string, string] => !!entry[1]));
  const path = ['pkg:rpm', ...(namespace === undefined ? [] : [namespace]), encodeURIComponent(pin.name)].join('/');
  return `${path}@${versionOf(pin)}?${query.toString().replaceAll('+', '%20')}`;
}

/** As the parsers of package URLs write it: a plus stays here, and is escaped everywhere else. */
const versionOf = ({ version, release }: Pin): string =>
  encodeURIComponent(`${version}-${release}`).replaceAll('%3A', ':').replaceAll('%2B', '+');
