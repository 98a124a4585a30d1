import { rpmvercmp } from '../rpm/rpmvercmp.ts';
import type { LockedPackage } from './lockfile.ts';

export type PackageVersion = Pick<LockedPackage, 'epoch' | 'version' | 'release'>;

/** `epoch:version-release`, the epoch left out when it is 0: how people write versions. */
export const versionText = ({ epoch, version, release }: PackageVersion): string =>
  epoch === '0' || epoch === '' ? `${version}-${release}` : `${epoch}:${version}-${release}`;

/** The same with the epoch always there: how a manifest has it. */
export const fullVersionText = ({ epoch, version, release }: PackageVersion): string => `${epoch || '0'}:${version}-${release}`;

/** As precise as an old value: an epoch if it had one, a release if it had one. */
export function writtenAs(old: string, version: PackageVersion): string {
  const epoch = old.includes(':') ? `${version.epoch}:` : '';
  return old.replace(/^\d+:/, '').includes('-') ? `${epoch}${version.version}-${version.release}` : `${epoch}${version.version}`;
}

/** Negative when `a` is older, as rpm sees it. */
export function comparePackageVersions(a: PackageVersion, b: PackageVersion): number {
  const epochs = Number(a.epoch) - Number(b.epoch);
  return epochs !== 0 ? epochs : rpmvercmp(a.version, b.version) || rpmvercmp(a.release, b.release);
}

/** Whether a hold's or constraint's glob allows a version: on `version`, `version-release` or `epoch:version-release`. */
export function matchesVersion(matches: (text: string) => boolean, of: PackageVersion): boolean {
  return matches(of.version) || matches(`${of.version}-${of.release}`) || matches(fullVersionText(of));
}
