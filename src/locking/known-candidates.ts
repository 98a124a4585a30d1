import type { CandidateLookup, CandidateVersion } from '../lockfile/candidates.ts';
import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import type { SolvableId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { findVisibility } from '../resolution/visibility.ts';
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
    found.set(architecture, candidatesIn(pool, names, sets));
  }
  return (name, architecture) => found.get(architecture)?.get(name) ?? [];
}

/** Whether a solvable may be chosen for at least one of the sets: not excluded, not hidden by modules. */
export function visibleTo(pool: Pool, sets: readonly PackageSet[]): (s: number) => boolean {
  const hidden = hiddenBySets(pool, sets);
  return (s) => pool.archRank[s] !== 0 && hidden.some((column) => column?.[s] !== 1);
}

function candidatesIn(pool: Pool, names: ReadonlySet<string>, sets: readonly PackageSet[]): Map<string, readonly CandidateVersion[]> {
  const isVisible = visibleTo(pool, sets);
  const candidates = new Map<string, readonly CandidateVersion[]>();
  for (const name of names) {
    const id = pool.strings.find(name);
    const solvables = id === 0 ? [] : [...pool.withName(id)].filter(isVisible);
    candidates.set(
      name,
      solvables.map((s) => pool.record(s as SolvableId)),
    );
  }
  return candidates;
}

/** One column for each different way in which sets hide packages. */
function hiddenBySets(pool: Pool, sets: readonly PackageSet[]): (Uint8Array | undefined)[] {
  const columns = new Map<string, Uint8Array | undefined>();
  for (const { modules, exclude } of sets) {
    const key = JSON.stringify([modules, exclude]);
    if (!columns.has(key)) columns.set(key, findVisibility(pool, { install: [], modules, exclude }).hidden);
  }
  return columns.size === 0 ? [undefined] : [...columns.values()];
}
