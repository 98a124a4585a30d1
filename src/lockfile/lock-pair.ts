import type { Lockfile } from './lockfile.ts';
import type { LockName } from './lockfile-diff.ts';

/** The same set and architecture in two states. */
export interface LockPair {
  readonly name: LockName;
  readonly before: Lockfile;
  readonly after: Lockfile;
}

export interface PairedLocks {
  readonly pairs: readonly LockPair[];
  readonly added: readonly Lockfile[];
  readonly removed: readonly Lockfile[];
}

/** By set, then architecture, whatever order the locks come in. */
export function pairLocks(before: readonly Lockfile[], after: readonly Lockfile[]): PairedLocks {
  const old = new Map(before.map((lock) => [keyOf(lock), lock]));
  const now = new Map(after.map((lock) => [keyOf(lock), lock]));
  const pairs: LockPair[] = [];
  for (const [key, lock] of now) {
    const previous = old.get(key);
    if (previous) pairs.push({ name: { package_set: lock.package_set, architecture: lock.architecture }, before: previous, after: lock });
  }
  return {
    pairs: pairs.sort((a, b) => compareLockNames(a.name, b.name)),
    added: [...now]
      .filter(([key]) => !old.has(key))
      .map(([, lock]) => lock)
      .sort(compareLockNames),
    removed: [...old]
      .filter(([key]) => !now.has(key))
      .map(([, lock]) => lock)
      .sort(compareLockNames),
  };
}

export function compareLockNames(a: LockName, b: LockName): number {
  if (a.package_set !== b.package_set) return a.package_set < b.package_set ? -1 : 1;
  return a.architecture < b.architecture ? -1 : a.architecture > b.architecture ? 1 : 0;
}

const keyOf = ({ package_set: set, architecture }: LockName): string => `${set}\n${architecture}`;
