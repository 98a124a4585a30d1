/** Finds locked packages that a new resolution would downgrade, and whether that was requested. */
import type { Lockfile } from '../lockfile/lockfile.ts';
import { sourceName } from '../lockfile/source-names.ts';
import type { PackageRecord } from '../pool/pool.ts';
import type { ResolveRequest } from '../resolution/resolution.ts';
import { compareEvr, formatEvr, parseEvr } from '../rpm/evr.ts';
import { globMatcher } from '../rpm/glob.ts';
import { possibleNevras } from '../rpm/nevra.ts';
import { parseRelation, satisfies } from '../rpm/relation.ts';

export interface Downgrade {
  readonly name: string;
  /** `epoch:version-release`. */
  readonly from: string;
  readonly to: string;
  /** Repository of the locked package; undefined if the lock does not record it. */
  readonly repository: string | undefined;
  /** Name of the source RPM. */
  readonly source: string | undefined;
}

/** All packages, or packages and source RPMs with these names (globs). */
export type AllowedDowngrades = true | readonly string[];

type Versioned = Pick<PackageRecord, 'name' | 'epoch' | 'version' | 'release' | 'arch'>;

/** Matches by name and architecture, the newest if several versions are installed; by name alone if the architecture changes. */
export function findDowngrades(before: Lockfile | undefined, after: readonly Versioned[]): Downgrade[] {
  const newest = newestBy(after, ({ name, arch }) => `${name}.${arch}`);
  const byName = newestBy(after, ({ name }) => name);
  const found = new Map<string, Downgrade>();
  for (const lockedPackage of newestBy(before?.packages ?? [], ({ name, arch }) => `${name}.${arch}`).values()) {
    const now = newest.get(`${lockedPackage.name}.${lockedPackage.arch}`) ?? byName.get(lockedPackage.name);
    if (now === undefined) continue;
    const [from, to] = [formatEvr(lockedPackage), formatEvr(now)];
    const known = found.get(lockedPackage.name);
    if (compareEvr(to, from) >= 0 || (known !== undefined && compareEvr(known.from, from) >= 0)) continue;
    found.set(lockedPackage.name, {
      name: lockedPackage.name,
      from,
      to,
      repository: lockedPackage.repository,
      source: sourceName(lockedPackage.source),
    });
  }
  return [...found.values()];
}

function newestBy<T extends Versioned>(packages: readonly T[], keyOf: (record: T) => string): Map<string, T> {
  const newest = new Map<string, T>();
  for (const record of packages) {
    const known = newest.get(keyOf(record));
    if (known === undefined || compareEvr(formatEvr(record), formatEvr(known)) > 0) newest.set(keyOf(record), record);
  }
  return newest;
}

export function isAllowed({ name, source }: Downgrade, allowed: AllowedDowngrades): boolean {
  if (allowed === true) return true;
  return allowed.map(globMatcher).some((matches) => matches(name) || (source !== undefined && matches(source)));
}

/** Whether a spec requests another version than the locked one, so that the downgrade is intended. */
export function isPinned({ name, from }: Downgrade, { install }: Pick<ResolveRequest, 'install'>): boolean {
  const locked = parseEvr(from);
  return install.some((spec) => {
    const relation = parseRelation(spec);
    if (relation?.evr !== undefined) return relation.name === name && !satisfies({ name, operator: '=', evr: from }, relation);
    const readings = possibleNevras(spec).filter(
      (reading) => reading.name === name && reading.version !== undefined && /\d/.test(reading.version),
    );
    const parts = ['epoch', 'version', 'release'] as const;
    return (
      readings.length > 0 &&
      !readings.some((reading) => parts.every((part) => reading[part] === undefined || globMatcher(reading[part])(locked[part])))
    );
  });
}
