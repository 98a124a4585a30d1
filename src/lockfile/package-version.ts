import { rpmvercmp } from '../rpm/rpmvercmp.ts';
import type { LockedPackage } from './lockfile.ts';

export type PackageVersion = Pick<LockedPackage, 'epoch' | 'version' | 'release'>;

/** `epoch:version-release`, without the epoch if it is 0: how people write versions. */
export const versionText = ({ epoch, version, release }: PackageVersion): string =>
  epoch === '0' || epoch === '' ? `${version}-${release}` : `${epoch}:${version}-${release}`;

/** The same, always with the epoch, as in a manifest. */
export const fullVersionText = ({ epoch, version, release }: PackageVersion): string => `${epoch || '0'}:${version}-${release}`;

/** With an epoch or release only if the old value has one. */
export function writtenAs(old: string, version: PackageVersion): string {
  const epoch = old.includes(':') ? `${version.epoch}:` : '';
  return old.replace(/^\d+:/, '').includes('-') ? `${epoch}${version.version}-${version.release}` : `${epoch}${version.version}`;
}

/** Negative if `a` is older in rpm's order. */
export function comparePackageVersions(a: PackageVersion, b: PackageVersion): number {
  const epochs = Number(a.epoch) - Number(b.epoch);
  return epochs !== 0 ? epochs : rpmvercmp(a.version, b.version) || rpmvercmp(a.release, b.release);
}

/** Whether a hold's or constraint's glob allows a version: on `version`, `version-release` or `epoch:version-release`. */
export function matchesVersion(matches: (text: string) => boolean, of: PackageVersion): boolean {
  return matches(of.version) || matches(`${of.version}-${of.release}`) || matches(fullVersionText(of));
}
