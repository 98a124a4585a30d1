import type { LockedPackage, Lockfile } from './lockfile.ts';
import { requestedNames } from './requested-names.ts';

/** Dependencies between the packages of one lockfile. The lockfile lists names only, and a name can match packages of several architectures. */
export interface PackageEdges {
  readonly requested: readonly LockedPackage[];
  /** An entry for each package, in the order of the lock. */
  readonly dependencies: ReadonlyMap<LockedPackage, readonly LockedPackage[]>;
}

export function packageEdges(lock: Lockfile): PackageEdges {
  const byName = new Map<string, LockedPackage[]>();
  for (const locked of lock.packages) {
    const known = byName.get(locked.name);
    if (known === undefined) byName.set(locked.name, [locked]);
    else known.push(locked);
  }
  const named = (name: string, arch: string): readonly LockedPackage[] => ofArchitecture(byName.get(name) ?? [], arch);
  const dependencies = new Map(
    lock.packages.map((locked) => {
      const arch = locked.arch === 'noarch' ? lock.architecture : locked.arch;
      return [
        locked,
        [...new Set(locked.dependencies ?? [])].flatMap((name) => named(name, arch)).filter((other) => other !== locked),
      ] as const;
    }),
  );
  const requested = [...requestedNames(lock).byName].flatMap(([name, specs]) => {
    const lockedPackages = byName.get(name) ?? [];
    const asked = lockedPackages.filter(({ arch }) => specs.some((spec) => spec.endsWith(`.${arch}`)));
    return asked.length > 0 ? asked : ofArchitecture(lockedPackages, lock.architecture);
  });
  // What nothing leads to is locked for those that name it: one package may require `libx` and `libx(x86-32)`.
  const reached = new Set([...requested, ...[...dependencies.values()].flat()]);
  for (const locked of lock.packages) {
    if (reached.has(locked) || byName.get(locked.name)!.length < 2) continue;
    for (const [other, needed] of dependencies) {
      if (other.name !== locked.name && other.dependencies?.includes(locked.name)) needed.push(locked);
    }
  }
  return { requested, dependencies };
}

/** Packages of the same architecture or noarch; all packages if there are none, because the lock contains no more. */
function ofArchitecture(lockedPackages: readonly LockedPackage[], arch: string): readonly LockedPackage[] {
  if (lockedPackages.length < 2) return lockedPackages;
  const same = lockedPackages.filter((locked) => locked.arch === arch || locked.arch === 'noarch');
  return same.length > 0 ? same : lockedPackages;
}
