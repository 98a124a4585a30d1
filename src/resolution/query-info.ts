/** Everything that the repositories contain about one package. */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { IdLists, PackageRecord, Pool } from '../pool/pool.ts';
import { PackageQuery } from './package-query.ts';

export interface ArchitectureInfo {
  readonly architecture: string;
  /** All versions in the repositories, newest first; of equal versions the one for this architecture first. */
  readonly packages: readonly PackageRecord[];
  /** Provides of the newest version. */
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  /** Names of packages that require or recommend a capability of the newest version. */
  readonly required_by: readonly string[];
  readonly recommended_by: readonly string[];
}

/** Information about the package that a name or NEVRA matches; undefined if the architecture has no such package, or several. */
export function queryInfo(pool: Pool, spec: string): ArchitectureInfo | undefined {
  const solvables = new PackageQuery(pool, undefined).byNevra(spec).solvables.filter((s) => pool.archRank[s] !== 0);
  if (new Set(solvables.map((s) => pool.name[s])).size !== 1) return undefined;
  const rank = (s: number): number => pool.archRank[s]!;
  const sorted = [...solvables].sort(
    (a, b) => pool.compareEvr(pool.evr[b] as StringId, pool.evr[a] as StringId) || rank(a) - rank(b) || a - b,
  );
  const newest = sorted[0]!;
  return {
    architecture: pool.architecture,
    packages: sorted.map((s) => pool.record(s as SolvableId)),
    provides: texts(pool, pool.provides, newest),
    requires: texts(pool, pool.requires, newest),
    required_by: dependents(pool, pool.requires, newest),
    recommended_by: dependents(pool, pool.recommends, newest),
  };
}

function texts(pool: Pool, { start, ids }: IdLists, s: number): string[] {
  return [...new Set([...ids.subarray(start[s]!, start[s + 1]!)].map((dep) => pool.describeDep(dep as DepId)))].sort();
}

function dependents(pool: Pool, { start, ids }: IdLists, target: number): string[] {
  const isMet = new Map<number, boolean>();
  const names = new Set<string>();
  for (let s = 1; s < pool.end; s++) {
    if (pool.archRank[s] === 0 || pool.name[s] === pool.name[target]) continue;
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i]!;
      let met = isMet.get(dep);
      if (met === undefined) {
        met = pool.providersOf(dep as DepId).includes(target);
        isMet.set(dep, met);
      }
      if (!met) continue;
      names.add(pool.strings.get(pool.name[s] as StringId));
      break;
    }
  }
  return [...names].sort();
}
