import { plural } from '../base/quantity.ts';
import type { LockName } from './lockfile-diff.ts';

/**
 * Describes some of all locks as briefly as possible but exactly: `all 24 locks`, `all sets on s390x`, `launcherbase, handlerbase`,
 * `launcherbase (x86_64, s390x), handlerbase-s390x`.
 */
export function describeLocks(some: readonly LockName[], all: readonly LockName[]): string {
  if (some.length === all.length && all.length > 1) return `all ${plural(all.length, 'lock')}`;
  const sets = groupBy(some, (lock) => lock.package_set);
  const architectures = groupBy(some, (lock) => lock.architecture);
  const count = (key: 'package_set' | 'architecture', value: string): number => all.filter((lock) => lock[key] === value).length;
  const wholeArchitectures = [...architectures].every(([name, locks]) => locks.length === count('architecture', name) && locks.length > 1);
  if (wholeArchitectures) return `all sets on ${[...architectures.keys()].join(', ')}`;
  return [...sets]
    .map(([name, locks]) => {
      if (locks.length === 1) return `${name}-${locks[0]!.architecture}`;
      return locks.length === count('package_set', name) ? name : `${name} (${locks.map((lock) => lock.architecture).join(', ')})`;
    })
    .join(', ');
}

function groupBy(locks: readonly LockName[], keyOf: (lock: LockName) => string): Map<string, LockName[]> {
  const groups = new Map<string, LockName[]>();
  for (const lock of locks) {
    const group = groups.get(keyOf(lock));
    if (group) group.push(lock);
    else groups.set(keyOf(lock), [lock]);
  }
  return groups;
}
