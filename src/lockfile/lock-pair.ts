import type { Lockfile } from './lockfile.ts';
import type { LockName } from './lockfile-diff.ts';

/** The locks of one set and architecture in two states. */
export interface LockPair {
  readonly name: LockName;
  readonly before: Lockfile;
  readonly after: Lockfile;
}

interface RenamedLock {
  readonly name: LockName;
  /** Old name of the set. */
  readonly from: string;
}

export interface PairedLocks {
  readonly pairs: readonly LockPair[];
  readonly added: readonly Lockfile[];
  readonly removed: readonly Lockfile[];
  readonly renamed: readonly RenamedLock[];
}

/**
 * Pairs by set, then architecture, independent of the order of the locks. A removed and an added set count as one renamed set if their
 * requests or their packages are the same.
 */
export function pairLocks(before: readonly Lockfile[], after: readonly Lockfile[]): PairedLocks {
  const old = new Map(before.map((lock) => [keyOf(lock), lock]));
  const now = new Map(after.map((lock) => [keyOf(lock), lock]));
  const pairs: LockPair[] = [];
  const pair = (previous: Lockfile, lock: Lockfile): void => {
    pairs.push({ name: nameOf(lock), before: previous, after: lock });
    old.delete(keyOf(previous));
    now.delete(keyOf(lock));
  };
  for (const [key, lock] of [...now]) {
    const previous = old.get(key);
    if (previous) pair(previous, lock);
  }
  const renamed: RenamedLock[] = [];
  for (const lock of [...now.values()].sort(compareLockNames)) {
    const previous = [...old.values()].sort(compareLockNames).find((candidate) => isSameUnderAnotherName(candidate, lock));
    if (!previous) continue;
    renamed.push({ name: nameOf(lock), from: previous.package_set });
    pair(previous, lock);
  }
  return {
    pairs: pairs.sort((a, b) => compareLockNames(a.name, b.name)),
    added: [...now.values()].sort(compareLockNames),
    removed: [...old.values()].sort(compareLockNames),
    renamed,
  };
}

const nameOf = ({ package_set, architecture }: Lockfile): LockName => ({ package_set, architecture });

function isSameUnderAnotherName(before: Lockfile, after: Lockfile): boolean {
  if (before.architecture !== after.architecture || after.packages.length === 0) return false;
  if (before.manifest_digest !== undefined && before.manifest_digest === after.manifest_digest) return true;
  const names = (lock: Lockfile): string => JSON.stringify(lock.packages.map(({ name, arch }) => `${name}.${arch}`).sort());
  return before.packages.length === after.packages.length && names(before) === names(after);
}

function compareLockNames(a: LockName, b: LockName): number {
  if (a.package_set !== b.package_set) return a.package_set < b.package_set ? -1 : 1;
  return a.architecture < b.architecture ? -1 : a.architecture > b.architecture ? 1 : 0;
}

const keyOf = ({ package_set: set, architecture }: LockName): string => `${set}\n${architecture}`;
