import type { CandidateLookup, CandidateVersion } from '../lockfile/candidates.ts';
import { filtersFor, type Manifest, type PackageSet } from '../manifest/manifest.ts';
import { repositoriesOfSet } from '../manifest/repositories-for.ts';
import type { Pool } from '../pool/pool.ts';
import { queryPackages } from '../resolution/query-packages.ts';
import type { PoolSource } from './pools.ts';

type Found = ReadonlyMap<string, readonly CandidateVersion[]>;

/**
 * Reads the versions of packages from the repositories of each architecture, one architecture in memory at a time. Skips versions that
 * all sets of the architecture exclude or hide by modules; if a set is named, also versions that none of its repositories has.
 */
export async function readCandidates(
  manifest: Manifest,
  /** Package names by architecture. */
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  pools: PoolSource,
): Promise<CandidateLookup> {
  const all = new Map<string, Found>();
  const ofSets = new Map<string, Found>();
  for (const [architecture, names] of wanted) {
    const pool = await pools(architecture);
    if (pool === undefined) continue;
    const sets = manifest.sets.filter((set) => set.architectures.includes(architecture));
    all.set(architecture, versionsOf(pool, sets, architecture, names));
    for (const alike of setsByRepositories(sets)) {
      const ids = repositoriesOfSet(manifest, alike[0]!, architecture).map(({ id }) => id);
      const found = versionsOf(pool.onlyRepositories(ids), alike, architecture, names);
      for (const { name } of alike) ofSets.set(`${architecture} ${name}`, found);
    }
  }
  return (name, architecture, set) => (ofSets.get(`${architecture} ${set}`) ?? all.get(architecture))?.get(name) ?? [];
}

function versionsOf(pool: Pool, sets: readonly PackageSet[], architecture: string, names: ReadonlySet<string>): Found {
  const packagesNamed = queryPackages(pool, filtersFor(sets, architecture));
  return new Map([...names].map((name) => [name, packagesNamed(name).filter(({ isVisible }) => isVisible)]));
}

/** Groups of sets that use the same repositories; only sets that name repositories. */
function setsByRepositories(sets: readonly PackageSet[]): PackageSet[][] {
  const groups = new Map<string, PackageSet[]>();
  for (const set of sets) {
    if (set.repositories === undefined) continue;
    const key = JSON.stringify(set.repositories);
    groups.set(key, [...(groups.get(key) ?? []), set]);
  }
  return [...groups.values()];
}
