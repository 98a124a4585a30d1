import { isHoldExpired } from '../manifest/holds.ts';
import type { Hold } from '../manifest/manifest.ts';
import { globMatcher } from '../version/glob.ts';
import { type CandidateLookup, newestOf } from './candidates.ts';
import type { Lockfile, Pin } from './lockfile.ts';
import type { LockName } from './lockfile-diff.ts';
import type { ManifestPin } from './manifest-pins.ts';
import { comparePinVersions, versionText } from './pin-version.ts';
import { sourceName } from './source-names.ts';

/** Packages of one source that are behind alike: one row, whatever the number of locks. */
export interface OutdatedRow {
  readonly source: string;
  readonly packages: readonly string[];
  readonly locked: string;
  /** Newest in the repositories of these architectures; null when they have none at all. */
  readonly newest: string | null;
  /** `gone`: the locked version is in no repository of the architecture any more. */
  readonly status: 'gone' | 'outdated' | 'held';
  readonly architectures: readonly string[];
  readonly locks: readonly LockName[];
  /** Where the manifest pins it: names under `versions` or specs. */
  readonly pinned_by: readonly string[];
  readonly hold: { readonly version: string; readonly reason: string; readonly until: string | null } | null;
}

export interface OutdatedOptions {
  readonly holds: readonly Hold[];
  readonly pins: readonly ManifestPin[];
  /** YYYY-MM-DD */
  readonly today: string;
}

/** What is locked against the newest there is. What is up to date makes no row. Gone first, then held last, by source. */
export function outdatedPackages(locks: readonly Lockfile[], candidates: CandidateLookup, options: OutdatedOptions): OutdatedRow[] {
  const holds = options.holds
    .filter((hold) => !isHoldExpired(hold, options.today))
    .map((hold) => ({ hold, matches: globMatcher(hold.package) }));
  const sources = new Map<string, string>();
  for (const { packages } of locks) for (const { name, source } of packages) if (sourceName(source)) sources.set(name, sourceName(source)!);
  const rows = new Map<string, MutableRow>();
  const judge = remembered(candidates);
  for (const { package_set, architecture, packages } of locks) {
    for (const pin of packages) {
      const verdict = judge(pin, architecture);
      if (!verdict) continue;
      const hold = holds.find(({ matches }) => matches(pin.name))?.hold;
      const status = verdict.gone ? 'gone' : hold ? 'held' : 'outdated';
      const source = sources.get(pin.name) ?? pin.name;
      const key = JSON.stringify([source, versionText(pin), verdict.newest, status]);
      const row = rows.get(key) ?? newRow(source, versionText(pin), verdict.newest, status, hold);
      rows.set(key, row);
      row.packages.add(pin.name);
      row.architectures.add(architecture);
      row.locks.set(`${package_set}\n${architecture}`, { package_set, architecture });
    }
  }
  return [...rows.values()].map((row) => finish(row, options.pins)).sort(compareRows);
}

interface MutableRow {
  readonly source: string;
  readonly locked: string;
  readonly newest: string | null;
  readonly status: OutdatedRow['status'];
  readonly hold: OutdatedRow['hold'];
  readonly packages: Set<string>;
  readonly architectures: Set<string>;
  readonly locks: Map<string, LockName>;
}

function newRow(source: string, locked: string, newest: string | null, status: OutdatedRow['status'], hold: Hold | undefined): MutableRow {
  const shown = hold ? { version: hold.version, reason: hold.reason, until: hold.until ?? null } : null;
  return { source, locked, newest, status, hold: shown, packages: new Set(), architectures: new Set(), locks: new Map() };
}

/** The same package is in most locks of an architecture: it is looked up once. */
function remembered(candidates: CandidateLookup): (pin: Pin, architecture: string) => { gone: boolean; newest: string | null } | undefined {
  const verdicts = new Map<string, { gone: boolean; newest: string | null } | undefined>();
  return (pin, architecture) => {
    const key = `${architecture} ${pin.name} ${pin.epoch}:${pin.version}-${pin.release}`;
    if (verdicts.has(key)) return verdicts.get(key);
    const available = candidates(pin.name, architecture);
    const newest = newestOf(available);
    const gone = !available.some((version) => comparePinVersions(version, pin) === 0);
    const isBehind = gone || (newest !== undefined && comparePinVersions(newest, pin) > 0);
    const verdict = isBehind ? { gone, newest: newest ? versionText(newest) : null } : undefined;
    verdicts.set(key, verdict);
    return verdict;
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
