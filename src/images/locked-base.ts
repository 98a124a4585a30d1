/** Locks on top of a base: the image, the packages of it that stay, and the changes that rpm makes to the others. */
import { RpmDepsError } from '../base/errors.ts';
import { installedDigest } from '../installed/base-image.ts';
import type { LockedPackage } from '../lockfile/lockfile.ts';
import type { Nevra } from '../rpm/nevra.ts';
import { formatNevra, parseNevra } from '../rpm/nevra.ts';
import type { PulledBase } from './check-base.ts';
import { imageReference } from './image-reference.ts';
import type { DigestedLock } from './locked-images.ts';

/** The base image: from the flag, else the one that the lock was made on, by its digest. */
export function baseOf({ lock, path }: DigestedLock, flag: string | undefined): string | undefined {
  if (flag !== undefined) return imageReference(flag, '--base');
  const { base } = lock;
  if (base === undefined) return undefined;
  if (base.image !== undefined && base.digest !== undefined) {
    const repository = base.image
      .replace(/^docker:\/\//, '')
      .replace(/@.*$/, '')
      .replace(/:[^:/]*$/, '');
    return imageReference(`${repository}@${base.digest}`, `the base in ${path}`);
  }
  throw new RpmDepsError('USAGE', `${path} is locked on top of ${base.rpmdb ?? 'a list of packages'}, not of an image`, {
    hint: 'choose the image that has these packages with --base',
  });
}

/** Throws if the packages of a base differ from those at the time of locking. */
export function checkLockedBase({ image, packages }: PulledBase, { lock, path }: DigestedLock): void {
  const { base } = lock;
  if (base === undefined) return;
  const isThere = new Set(packages.map(formatNevra));
  const absent = goneOf(lock.packages, base.removed).filter((nevra) => !isThere.has(nevra));
  const isListed = base.image === undefined && base.rpmdb === undefined;
  if (absent.length === 0 && (isListed || installedDigest(packages) === base.installed_digest)) return;
  throw new RpmDepsError('CHECK_FAILED', `the base ${image} does not have the packages that ${path} was locked on`, {
    hint: 'omit --base, or lock on top of this image with `rpm-deps update`',
    details: absent.map((nevra) => `not in the base: ${nevra}`),
    data: { base: image, locked: base.installed_digest, found: installedDigest(packages) },
  });
}

/** The packages of the base that the lock neither replaces nor removes. */
export function remainingOf(packages: readonly Nevra[], { lock }: DigestedLock): readonly Nevra[] {
  const gone = new Set(goneOf(lock.packages, lock.base?.removed));
  return packages.filter((entry) => !gone.has(formatNevra(entry)));
}

const goneOf = (lockedPackages: readonly LockedPackage[], removed: readonly string[] = []): readonly string[] => [
  ...lockedPackages.flatMap(({ replaces = [] }) => replaces),
  ...removed,
];

export interface UpgradeArguments {
  /** Arguments of `rpm -e`, separated by spaces. */
  readonly removed: string;
  /** Files of packages that are installed beside another version, separated by spaces. */
  readonly beside: string;
}

/** undefined for a lock without a base: its packages are installed and replace nothing. */
export function upgradeArguments(digested: DigestedLock, packages: readonly Nevra[]): UpgradeArguments | undefined {
  const { lock, path } = digested;
  if (lock.base === undefined) return undefined;
  const remaining = new Set(remainingOf(packages, digested).map(({ name, arch }) => `${name}.${arch}`));
  return {
    removed: (lock.base.removed ?? []).map((text) => removalOf(text, path)).join(' '),
    beside: lock.packages
      .filter(({ name, arch }) => remaining.has(`${name}.${arch}`))
      .map(({ filename }) => filename)
      .join(' '),
  };
}

/** NEVRA without the epoch, because older versions of rpm do not accept it; rejects texts that a shell or rpm could misread. */
function removalOf(text: string, path: string): string {
  const nevra = parseNevra(text);
  const label = nevra === undefined ? '' : `${nevra.name}-${nevra.version}-${nevra.release}.${nevra.arch}`;
  if (/^[A-Za-z0-9_][A-Za-z0-9_.+~^-]*$/.test(label)) return label;
  throw new RpmDepsError('LOCKFILE_INVALID', `${path} has an invalid package to remove: ${JSON.stringify(text.slice(0, 200))}`);
}
