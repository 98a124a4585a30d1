/** Differences between the bases of two states of the locks, and the base packages that locks replace or remove. */
import type { LockPair } from './lock-pair.ts';
import type { LockedBase, LockedPackage, Lockfile } from './lockfile.ts';
import type { BaseChange, BasePackageChange, BaseState, ErasedPackage, LockName, ReplacedPackage } from './lockfile-diff.ts';
import { versionText } from './package-version.ts';

type InstalledEntry = Pick<LockedPackage, 'name' | 'epoch' | 'version' | 'release' | 'arch'>;

/** Installed packages of a base that are known without a network request. */
export type InstalledLookup = (base: LockedBase, architecture: string) => readonly InstalledEntry[] | undefined;

/** Bases that differ: one entry for all locks with the same difference. */
export function baseChanges(pairs: readonly LockPair[], installedOf: InstalledLookup = () => undefined): BaseChange[] {
  const byText = new Map<string, { change: Omit<BaseChange, 'installed'>; installed: BaseChange['installed'][number][] }>();
  for (const { name, before: old, after: now } of pairs) {
    if (isSameBase(old.base, now.base)) continue;
    const [from, to] = [old.base, now.base].map((base) => base && installedOf(base, name.architecture));
    const change = {
      before: stateOf(old.base),
      after: stateOf(now.base),
      packages: from === undefined || to === undefined ? null : changedPackages(from, to),
    };
    const key = JSON.stringify(change);
    const known = byText.get(key) ?? { change, installed: [] };
    byText.set(key, known);
    known.installed.push({ ...name, before: old.base?.installed_digest ?? null, after: now.base?.installed_digest ?? null });
  }
  return [...byText.values()].map(({ change, installed }) => ({ ...change, installed }));
}

/** Whether the image and its installed packages are the same; packages that a lock removes from it do not count. */
function isSameBase(a: LockedBase | undefined, b: LockedBase | undefined): boolean {
  const text = (base: LockedBase | undefined): string => JSON.stringify([stateOf(base), base?.architecture_digest, base?.installed_digest]);
  return text(a) === text(b);
}

const stateOf = (base: LockedBase | undefined): BaseState | null =>
  base === undefined
    ? null
    : {
        place: base.image ?? base.rpmdb ?? 'packages of the manifest',
        containerfile: base.containerfile ?? null,
        digest: base.digest ?? null,
      };

/** By name; several installed versions of a name are reported together. */
function changedPackages(before: readonly InstalledEntry[], after: readonly InstalledEntry[]): BasePackageChange[] {
  const versions = (entries: readonly InstalledEntry[]): Map<string, string> => {
    const byName = new Map<string, Set<string>>();
    for (const entry of entries) byName.set(entry.name, (byName.get(entry.name) ?? new Set()).add(versionText(entry)));
    return new Map([...byName].map(([name, texts]) => [name, [...texts].sort().join(', ')]));
  };
  const [old, now] = [versions(before), versions(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .sort()
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }));
}

/** Locked packages that replace packages of the base, unless the old state has the same replacement. */
export function replacedPackages(before: readonly Lockfile[], after: readonly Lockfile[]): ReplacedPackage[] {
  const keyOf = ({ package_set: set, architecture }: Lockfile, row: Replacement): string => JSON.stringify([set, architecture, row]);
  const known = new Set(before.flatMap((lock) => replacements(lock).map((row) => keyOf(lock, row))));
  const byText = new Map<string, { readonly row: Replacement; readonly locks: LockName[] }>();
  for (const lock of after) {
    for (const row of replacements(lock)) {
      if (known.has(keyOf(lock, row))) continue;
      const text = JSON.stringify(row);
      const entry = byText.get(text) ?? { row, locks: [] };
      byText.set(text, entry);
      entry.locks.push({ package_set: lock.package_set, architecture: lock.architecture });
    }
  }
  return [...byText.values()].map(({ row, locks }) => ({ ...row, locks }));
}

type Replacement = Omit<ReplacedPackage, 'locks'>;

const replacements = ({ packages }: Lockfile): Replacement[] =>
  packages.flatMap((locked) =>
    locked.replaces === undefined || locked.replaces.length === 0
      ? []
      : [{ package: locked.name, version: versionText(locked), replaces: locked.replaces }],
  );

/** Packages of the base that the new locks remove and the old ones do not. */
export function erasedPackages(before: readonly Lockfile[], after: readonly Lockfile[]): ErasedPackage[] {
  const keyOf = ({ package_set: set, architecture }: Lockfile, nevra: string): string => `${set}\n${architecture}\n${nevra}`;
  const known = new Set(before.flatMap((lock) => (lock.base?.removed ?? []).map((nevra) => keyOf(lock, nevra))));
  const locks = new Map<string, LockName[]>();
  for (const lock of after) {
    for (const nevra of lock.base?.removed ?? []) {
      if (known.has(keyOf(lock, nevra))) continue;
      locks.set(nevra, [...(locks.get(nevra) ?? []), { package_set: lock.package_set, architecture: lock.architecture }]);
    }
  }
  return [...locks].map(([nevra, where]) => ({ package: nevra, locks: where }));
}
