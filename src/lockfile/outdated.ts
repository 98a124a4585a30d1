import { isHoldExpired } from '../manifest/holds.ts';
import type { Hold } from '../manifest/manifest.ts';
import { globMatcher } from '../rpm/glob.ts';
import { type CandidateLookup, newestOf } from './candidates.ts';
import type { LockedPackage, Lockfile } from './lockfile.ts';
import type { LockName } from './lockfile-diff.ts';
import type { ManifestPin } from './manifest-pins.ts';
import { comparePackageVersions, matchesVersion, versionText } from './package-version.ts';
import { sourcesByPackage } from './source-names.ts';

/** Packages of one source with the same outdated versions: one row for all locks. */
export interface OutdatedRow {
  readonly source: string;
  readonly packages: readonly string[];
  readonly locked: string;
  /** Newest version in the repositories of these architectures; null if they have none. */
  readonly newest: string | null;
  /** Newest version that holds allow; differs from `newest` only if a hold forbids that one. */
  readonly newest_allowed: string | null;
  /** `gone`: no repository of the architecture has the locked version any more. `held`: a hold forbids all newer versions. */
  readonly status: 'gone' | 'outdated' | 'held';
  readonly architectures: readonly string[];
  readonly locks: readonly LockName[];
  /** Pins in the manifest: names under `versions` or specs. */
  readonly pinned_by: readonly string[];
  readonly hold: { readonly version: string; readonly reason: string; readonly until: string | null } | null;
}

export interface OutdatedOptions {
  readonly holds: readonly Hold[];
  readonly pins: readonly ManifestPin[];
  /** YYYY-MM-DD */
  readonly today: string;
}

/** Compares locked packages with the newest versions. A package that is up to date has no row. Order: gone first, held last, then by source. */
export function outdatedPackages(locks: readonly Lockfile[], candidates: CandidateLookup, options: OutdatedOptions): OutdatedRow[] {
  const holds = options.holds
    .filter((hold) => !isHoldExpired(hold, options.today))
    .map((hold): ActiveHold => ({ hold, isHeld: globMatcher(hold.package), allows: globMatcher(hold.version) }));
  const sources = sourcesByPackage(locks);
  const rows = new Map<string, MutableRow>();
  const statusOf = cachedStatusOf(candidates, holds);
  for (const { package_set, architecture, packages } of locks) {
    for (const lockedPackage of packages) {
      const status = statusOf(lockedPackage, architecture, package_set);
      if (!status) continue;
      const source = sources.get(lockedPackage.name) ?? lockedPackage.name;
      const key = JSON.stringify([
        source,
        versionText(lockedPackage),
        status.newest,
        status.newest_allowed,
        status.status,
        status.hold?.version,
      ]);
      const row = rows.get(key) ?? newRow(source, versionText(lockedPackage), status);
      rows.set(key, row);
      row.packages.add(lockedPackage.name);
      row.architectures.add(architecture);
      row.locks.set(`${package_set}\n${architecture}`, { package_set, architecture });
    }
  }
  return [...rows.values()].map((row) => finish(row, options.pins)).sort(compareRows);
}

interface ActiveHold {
  readonly hold: Hold;
  readonly isHeld: (name: string) => boolean;
  readonly allows: (version: string) => boolean;
}

interface PinStatus extends Pick<OutdatedRow, 'newest' | 'newest_allowed' | 'status'> {
  /** The hold that forbids the newest version. */
  readonly hold: Hold | undefined;
}

interface MutableRow extends Pick<OutdatedRow, 'source' | 'locked' | 'newest' | 'newest_allowed' | 'status' | 'hold'> {
  readonly packages: Set<string>;
  readonly architectures: Set<string>;
  readonly locks: Map<string, LockName>;
}

function newRow(source: string, locked: string, { hold, ...status }: PinStatus): MutableRow {
  const shown = hold ? { version: hold.version, reason: hold.reason, until: hold.until ?? null } : null;
  return { source, locked, ...status, hold: shown, packages: new Set(), architectures: new Set(), locks: new Map() };
}

/** Cached, because the same package is in most lockfiles of an architecture. */
function cachedStatusOf(
  candidates: CandidateLookup,
  holds: readonly ActiveHold[],
): (lockedPackage: LockedPackage, architecture: string, set: string) => PinStatus | undefined {
  const statuses = new Map<string, PinStatus | undefined>();
  const lists = new Map<ReturnType<CandidateLookup>, number>();
  return (lockedPackage, architecture, set) => {
    const available = candidates(lockedPackage.name, architecture, set);
    // Sets with the same repositories get the same list object.
    const number = lists.get(available) ?? lists.size;
    lists.set(available, number);
    const key = `${architecture} ${number} ${lockedPackage.name} ${lockedPackage.epoch}:${lockedPackage.version}-${lockedPackage.release}`;
    if (statuses.has(key)) return statuses.get(key);
    const status = statusOf(
      lockedPackage,
      available,
      holds.filter(({ isHeld }) => isHeld(lockedPackage.name)),
    );
    statuses.set(key, status);
    return status;
  };
}

function statusOf(
  lockedPackage: LockedPackage,
  available: ReturnType<CandidateLookup>,
  holds: readonly ActiveHold[],
): PinStatus | undefined {
  const newest = newestOf(available);
  const isGone = !available.some((version) => comparePackageVersions(version, lockedPackage) === 0);
  if (!isGone && (newest === undefined || comparePackageVersions(newest, lockedPackage) <= 0)) return undefined;
  const allowed = newestOf(available.filter((version) => holds.every(({ allows }) => matchesVersion(allows, version))));
  const canMove = allowed !== undefined && comparePackageVersions(allowed, lockedPackage) > 0;
  return {
    newest: newest ? versionText(newest) : null,
    newest_allowed: allowed ? versionText(allowed) : null,
    status: isGone ? 'gone' : canMove ? 'outdated' : 'held',
    hold: newest && holds.find(({ allows }) => !matchesVersion(allows, newest))?.hold,
  };
}

function finish(row: MutableRow, pins: readonly ManifestPin[]): OutdatedRow {
  const pinnedBy = pins
    .filter((pin) => pin.packages.some((name) => row.packages.has(name)))
    .map((pin) => pin.variable ?? pin.template ?? '')
    .filter((text) => text !== '');
  return {
    source: row.source,
    packages: [...row.packages].sort(),
    locked: row.locked,
    newest: row.newest,
    newest_allowed: row.newest_allowed,
    status: row.status,
    architectures: [...row.architectures].sort(),
    locks: [...row.locks.values()],
    pinned_by: pinnedBy,
    hold: row.hold,
  };
}

const ORDER: readonly OutdatedRow['status'][] = ['gone', 'outdated', 'held'];

const compareRows = (a: OutdatedRow, b: OutdatedRow): number =>
  ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
  (a.source < b.source ? -1 : a.source > b.source ? 1 : 0) ||
  (a.locked < b.locked ? -1 : a.locked > b.locked ? 1 : 0);
