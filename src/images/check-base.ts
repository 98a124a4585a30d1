import { RpmDepsError } from '../base/errors.ts';
import type { Nevra } from '../rpm/nevra.ts';
import type { DatabaseFormat } from './database-place.ts';
import type { DigestedLock } from './locked-images.ts';

/** A base image: its packages, and the location of its rpm database. */
export interface PulledBase {
  readonly image: string;
  /** Directories with an rpm database. */
  readonly databases: readonly string[];
  /** Format of the first of them. */
  readonly format?: DatabaseFormat | undefined;
  readonly packages: readonly Nevra[];
  /** Lines of a Containerfile with its ENV, USER, CMD and similar settings. */
  readonly settings: readonly string[];
}

/** Packages that may be installed in several versions at once. */
const INSTALL_ONLY = /^kernel(?:-|$)/;

/**
 * Throws if installing a lock on a base would give it a second database or files of two versions. Returns the directory of the
 * database, undefined if the base has none.
 */
export function checkBase(base: PulledBase, lock: DigestedLock, dbpath: string | undefined): string | undefined {
  const { image, databases, packages } = base;
  if (databases.length > 1) {
    throw new RpmDepsError('CHECK_FAILED', `the base ${image} has two rpm databases: ${databases.join(' and ')}`, {
      hint: 'use a base with only one rpm database',
    });
  }
  const [place] = databases;
  if (place !== undefined && dbpath !== undefined && place !== dbpath) {
    throw new RpmDepsError(
      'USAGE',
      `the rpm database of the base ${image} is in ${place}, and --dbpath ${dbpath} would create a second one`,
      {
        hint: 'omit --dbpath: the database of the base is used',
      },
    );
  }
  // A lock that was made on a base lists the packages that it upgrades there.
  if (lock.lock.base !== undefined) return place;
  const conflicts = otherVersions(lock, packages);
  if (conflicts.length === 0) return place;
  throw new RpmDepsError('CHECK_FAILED', `the base ${image} has other versions of packages that ${lock.path} locks`, {
    hint: 'use a base with the locked versions, or leave these packages out of the set',
    details: conflicts,
    data: { base: image, conflicts },
  });
}

/** `NAME.ARCH: the base has X, locked is Y`, by name. */
function otherVersions({ lock }: DigestedLock, installed: readonly Nevra[]): readonly string[] {
  const evr = ({ epoch, version, release }: Omit<Nevra, 'name' | 'arch'>): string =>
    `${epoch === '0' ? '' : `${epoch}:`}${version}-${release}`;
  const inBase = new Map<string, string[]>();
  for (const entry of installed) {
    const key = `${entry.name}.${entry.arch}`;
    inBase.set(key, [...(inBase.get(key) ?? []), evr(entry)]);
  }
  const conflicts = lock.packages.flatMap((locked) => {
    const key = `${locked.name}.${locked.arch}`;
    const versions = inBase.get(key);
    if (versions === undefined || versions.includes(evr(locked)) || INSTALL_ONLY.test(locked.name)) return [];
    return [`${key}: the base has ${versions.join(' and ')}, locked is ${evr(locked)}`];
  });
  return [...new Set(conflicts)].sort();
}
