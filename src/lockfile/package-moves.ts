import type { LockedPackage, Lockfile } from './lockfile.ts';
import type { ChangeKind } from './lockfile-diff.ts';
import { comparePackageVersions } from './package-version.ts';

/** The change of one package in one lockfile. */
export type PackageMove =
  | { readonly kind: 'added'; readonly before: undefined; readonly after: LockedPackage }
  | { readonly kind: 'removed'; readonly before: LockedPackage; readonly after: undefined }
  | { readonly kind: Exclude<ChangeKind, 'added' | 'removed'>; readonly before: LockedPackage; readonly after: LockedPackage };

/** Compares two locks of one set and architecture, package by package. */
export function packageMoves(before: Lockfile, after: Lockfile): PackageMove[] {
  const old = byName(before.packages);
  const now = byName(after.packages);
  const moves: PackageMove[] = [];
  for (const [name, lockedPackages] of old) moves.push(...movesOfName(lockedPackages, now.get(name) ?? []));
  for (const [name, lockedPackages] of now) if (!old.has(name)) moves.push(...movesOfName([], lockedPackages));
  return moves;
}

function byName(lockedPackages: readonly LockedPackage[]): Map<string, LockedPackage[]> {
  const result = new Map<string, LockedPackage[]>();
  for (const locked of lockedPackages) {
    const list = result.get(locked.name);
    if (list) list.push(locked);
    else result.set(locked.name, [locked]);
  }
  return result;
}

/**
 * Pairs packages of one name: first by version and architecture, then by architecture, then the rest (a package that
 * became noarch). Packages without a partner were added or removed. Kernels and multilib packages have several entries per name.
 */
function movesOfName(before: readonly LockedPackage[], after: readonly LockedPackage[]): PackageMove[] {
  const moves: PackageMove[] = [];
  let old = [...before].sort(comparePackageVersions);
  let now = [...after].sort(comparePackageVersions);
  const rounds: ((a: LockedPackage, b: LockedPackage) => boolean)[] = [
    (a, b) => a.arch === b.arch && comparePackageVersions(a, b) === 0,
    (a, b) => a.arch === b.arch,
    () => true,
  ];
  for (const isPartner of rounds) {
    const left: LockedPackage[] = [];
    for (const locked of old) {
      const partner = now.find((candidate) => isPartner(locked, candidate));
      if (!partner) {
        left.push(locked);
        continue;
      }
      now = now.filter((candidate) => candidate !== partner);
      for (const kind of changeKinds(locked, partner)) moves.push({ kind, before: locked, after: partner });
    }
    old = left;
  }
  for (const locked of old) moves.push({ kind: 'removed', before: locked, after: undefined });
  for (const locked of now) moves.push({ kind: 'added', before: undefined, after: locked });
  return moves;
}

function changeKinds(before: LockedPackage, after: LockedPackage): Exclude<ChangeKind, 'added' | 'removed'>[] {
  const order = comparePackageVersions(before, after);
  if (order !== 0) return [order < 0 ? 'upgraded' : 'downgraded'];
  // The same version of another architecture always has another checksum.
  const isOther = before.arch === after.arch && before.sha256 !== after.sha256;
  const isMoved = before.repository !== undefined && after.repository !== undefined && before.repository !== after.repository;
  return [...(isOther ? (['changed_checksum'] as const) : []), ...(isMoved ? (['changed_repository'] as const) : [])];
}
