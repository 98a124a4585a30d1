import type { Lockfile, Pin } from './lockfile.ts';
import type { ChangeKind } from './lockfile-diff.ts';
import { comparePinVersions } from './pin-version.ts';

/** What happened to one package in one lock. */
export type PackageMove =
  | { readonly kind: 'added'; readonly before: undefined; readonly after: Pin }
  | { readonly kind: 'removed'; readonly before: Pin; readonly after: undefined }
  | { readonly kind: Exclude<ChangeKind, 'added' | 'removed'>; readonly before: Pin; readonly after: Pin };

/** Compares two locks of one set and architecture, package by package. */
export function packageMoves(before: Lockfile, after: Lockfile): PackageMove[] {
  const old = byName(before.packages);
  const now = byName(after.packages);
  const moves: PackageMove[] = [];
  for (const [name, pins] of old) moves.push(...movesOfName(pins, now.get(name) ?? []));
  for (const [name, pins] of now) if (!old.has(name)) moves.push(...movesOfName([], pins));
  return moves;
}

function byName(pins: readonly Pin[]): Map<string, Pin[]> {
  const result = new Map<string, Pin[]>();
  for (const pin of pins) {
    const list = result.get(pin.name);
    if (list) list.push(pin);
    else result.set(pin.name, [pin]);
  }
  return result;
}

/**
 * Pairs pins of one name: first the same version and architecture, then the same architecture, then what is left (a package that
 * became noarch). What finds no partner came or went. Several versions of a name are there for kernels and for two architectures.
 */
function movesOfName(before: readonly Pin[], after: readonly Pin[]): PackageMove[] {
  const moves: PackageMove[] = [];
  let old = [...before].sort(comparePinVersions);
  let now = [...after].sort(comparePinVersions);
  const rounds: ((a: Pin, b: Pin) => boolean)[] = [
    (a, b) => a.arch === b.arch && comparePinVersions(a, b) === 0,
    (a, b) => a.arch === b.arch,
    () => true,
  ];
  for (const isPartner of rounds) {
    const left: Pin[] = [];
    for (const pin of old) {
      const partner = now.find((candidate) => isPartner(pin, candidate));
      if (!partner) {
        left.push(pin);
        continue;
      }
      now = now.filter((candidate) => candidate !== partner);
      for (const kind of changeKinds(pin, partner)) moves.push({ kind, before: pin, after: partner });
    }
    old = left;
  }
  for (const pin of old) moves.push({ kind: 'removed', before: pin, after: undefined });
  for (const pin of now) moves.push({ kind: 'added', before: undefined, after: pin });
  return moves;
}

function changeKinds(before: Pin, after: Pin): Exclude<ChangeKind, 'added' | 'removed'>[] {
  const order = comparePinVersions(before, after);
  if (order !== 0) return [order < 0 ? 'upgraded' : 'downgraded'];
  // The same version of another architecture is another file by nature.
  const isOther = before.arch === after.arch && before.sha256 !== after.sha256;
  const isMoved = before.repository !== undefined && after.repository !== undefined && before.repository !== after.repository;
  return [...(isOther ? (['changed_checksum'] as const) : []), ...(isMoved ? (['changed_repository'] as const) : [])];
}
