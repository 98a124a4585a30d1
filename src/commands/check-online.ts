import type { Warning } from '../base/warnings.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { metadataChecksum } from '../lockfile/package-digest.ts';
import { olderMetadata, warnOfOlderMetadata } from '../locking/backwards-error.ts';
import { holdsInForce } from '../manifest/holds.ts';
import { filtersFor, type Manifest } from '../manifest/manifest.ts';
import { repositoriesOfSet } from '../manifest/repositories-for.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { type KnownPackage, queryPackages } from '../resolution/query-packages.ts';
import { versionPattern } from '../resolution/visibility.ts';
import { compareEvr, formatEvr } from '../rpm/evr.ts';
import { globMatcher } from '../rpm/glob.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';
import type { OnlineRow } from '../views/check-online.ts';

/** Fix for a package that is gone if the repositories have only older versions, because `lock` does not downgrade. */
const ONLY_OLDER = 'choose a mirror that is up to date; or accept older versions: rpm-deps lock --allow-downgrade NAME';

const FIXES: Readonly<Record<OnlineRow['kind'], string>> = {
  gone: 'rpm-deps lock; rpm-deps bump where the manifest pins it',
  checksum: 'ask the operator of the mirror why; then rpm-deps lock accepts the new checksum',
  behind: 'rpm-deps update; rpm-deps bump where the manifest pins it',
  held: '',
};

export async function checkOnline(manifest: Manifest, locks: readonly Lockfile[], context: Context): Promise<OnlineRow[]> {
  const findings: OnlineRow[] = [];
  const older: Warning[] = [];
  const holds = holdsInForce(manifest.holds, context.now().toISOString().slice(0, 10)).map((hold) => ({
    isHeld: globMatcher(hold.package),
    allows: versionPattern(hold.version),
  }));
  const architectures = [...new Set(locks.map(({ architecture }) => architecture))]
    .filter((name) => manifest.architectures.includes(name))
    .sort();
  for (const architecture of architectures) {
    const pool = await loadArchitecture(manifest, architecture, context, { locks });
    older.push(...olderMetadata(manifest, locks, pool));
    const sets = manifest.sets.filter((set) => set.architectures.includes(architecture));
    const lookups = new Map<string, PackageLookup>();
    const lookupOf = (name: string): PackageLookup => {
      const wanted = sets.find((set) => set.name === name)?.repositories;
      const key = JSON.stringify(wanted ?? null);
      const alike = sets.filter(({ repositories }) => JSON.stringify(repositories ?? null) === key);
      const ids = wanted && repositoriesOfSet(manifest, alike[0]!, architecture).map(({ id }) => id);
      const known =
        lookups.get(key) ?? queryPackages(ids === undefined ? pool : pool.onlyRepositories(ids), filtersFor(alike, architecture));
      lookups.set(key, known);
      return known;
    };
    const lockedPackages = new Map<string, { readonly locked: LockedPackage; readonly sets: string[]; readonly lookup: PackageLookup }>();
    for (const lock of locks.filter((other) => other.architecture === architecture)) {
      for (const locked of lock.packages) {
        const lookup = lookupOf(lock.package_set);
        const key = `${[...lookups.values()].indexOf(lookup)} ${formatNevra(locked)} ${locked.sha256}`;
        const known = lockedPackages.get(key);
        if (known === undefined) lockedPackages.set(key, { locked, lookup, sets: [lock.package_set] });
        else known.sets.push(lock.package_set);
      }
    }
    for (const { locked, sets: named, lookup } of lockedPackages.values()) {
      const allowing = holds.filter(({ isHeld }) => isHeld(locked.name)).map(({ allows }) => allows);
      const finding = compareWithMirror(locked, {
        packages: lookup(locked.name),
        isAllowed: (evr) => allowing.every((allows) => allows(evr)),
      });
      if (finding === undefined) continue;
      const { kind, newest, newer } = finding;
      const fix = kind === 'gone' && newest !== null && newer === 0 ? ONLY_OLDER : FIXES[kind];
      findings.push({ ...finding, architecture, package: formatNevra(locked), sets: named, fix });
    }
  }
  warnOfOlderMetadata(older, locks, context.emit);
  return findings;
}

type PackageLookup = ReturnType<typeof queryPackages>;

interface Choice {
  readonly packages: readonly (KnownPackage & { readonly isVisible: boolean })[];
  readonly isAllowed: (evr: string) => boolean;
}

function compareWithMirror(
  locked: LockedPackage,
  { packages, isAllowed }: Choice,
): Pick<OnlineRow, 'kind' | 'newest' | 'newer'> | undefined {
  const alike = packages.filter(({ arch }) => arch === locked.arch);
  const visible = alike.filter(({ isVisible }) => isVisible);
  const nevra = formatNevra(locked);
  const newest = visible.reduce<KnownPackage | undefined>(
    (best, known) => (best === undefined || compareEvr(formatEvr(known), formatEvr(best)) > 0 ? known : best),
    undefined,
  );
  const newestName = newest === undefined ? null : formatNevra(newest);
  const same = alike.filter((known) => formatNevra(known) === nevra);
  const newerEvrs = new Set(visible.map(formatEvr).filter((other) => compareEvr(other, formatEvr(locked)) > 0));
  const newer = newerEvrs.size;
  if (same.length === 0) return { kind: 'gone', newest: newestName, newer };
  if (!same.some(({ checksum }) => checksum.value.toLowerCase() === metadataChecksum(locked)))
    return { kind: 'checksum', newest: newestName, newer };
  if (newer === 0) return undefined;
  return { kind: [...newerEvrs].some(isAllowed) ? 'behind' : 'held', newest: newestName, newer };
}
