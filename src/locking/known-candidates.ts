import type { CandidateLookup, CandidateVersion } from '../lockfile/candidates.ts';
import { filtersFor, type Manifest } from '../manifest/manifest.ts';
import { askPackages } from '../resolution/ask-packages.ts';
import type { PoolSource } from './pools.ts';

/**
 * Reads the versions of packages from the repositories of each architecture, one architecture in memory at a time. What every set of
 * the architecture excludes, or hides by its modules, does not count.
 */
export async function readCandidates(
  manifest: Manifest,
  /** Names by architecture. */
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  pools: PoolSource,
): Promise<CandidateLookup> {
  const found = new Map<string, ReadonlyMap<string, readonly CandidateVersion[]>>();
  for (const [architecture, names] of wanted) {
    const pool = await pools(architecture);
    if (pool === undefined) continue;
    const sets = manifest.sets.filter((set) => set.architectures.includes(architecture));
    const ask = askPackages(pool, filtersFor(sets, architecture));
    found.set(architecture, new Map([...names].map((name) => [name, ask(name).filter(({ isVisible }) => isVisible)])));
  }
  return (name, architecture) => found.get(architecture)?.get(name) ?? [];
}
