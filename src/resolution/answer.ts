/** The solver's answer as plain objects: packages, why each is there, and what `ignore` left unmet. */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import { REL } from '../pool/ids.ts';
import type { IdLists, PackageRecord, Pool } from '../pool/pool.ts';
import type { SpecJob } from './jobs.ts';
import type { DependencyEdge, UnmetRequirement } from './resolution.ts';

export interface Answer {
  readonly packages: readonly PackageRecord[];
  readonly edges: readonly DependencyEdge[];
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
}

export function describeAnswer(
  pool: Pool,
  installed: Int32Array,
  how: { readonly jobs: readonly SpecJob[]; readonly ignored: Uint8Array | undefined; readonly weak: boolean },
): Answer {
  const isInstalled = new Uint8Array(pool.end);
  for (const s of installed) isInstalled[s] = 1;
  const isIgnored = (s: number): boolean => how.ignored?.[s] === 1;
  const kept = [...installed].filter((s) => !isIgnored(s)).sort((a, b) => comparePackages(pool, a, b));
  const indexOf = new Map(kept.map((s, index) => [s, index]));

  const edges: DependencyEdge[] = [];
  const unmet: UnmetRequirement[] = [];
  const collect = (lists: IdLists, kind: DependencyEdge['kind'], s: number): void => {
    for (let i = lists.start[s]!; i < lists.start[s + 1]!; i++) {
      const dep = lists.ids[i] as DepId;
      const providers = installedProviders(pool, dep, isInstalled);
      if (providers.length === 0 || providers.includes(s)) continue;
      const relation = pool.describeDep(dep);
      const there = providers.filter((p) => indexOf.has(p));
      for (const p of there) edges.push({ from: indexOf.get(s)!, to: indexOf.get(p)!, relation, kind });
      if (there.length > 0 || kind !== 'requires') continue;
      unmet.push({ package: pool.nevra(s as SolvableId), relation, ignored: nevras(pool, providers) });
    }
  };
  for (const job of how.jobs) {
    for (const s of job.candidates) if (indexOf.has(s)) edges.push({ from: -1, to: indexOf.get(s)!, relation: job.spec, kind: 'request' });
  }
  for (const s of kept) {
    collect(pool.requires, 'requires', s);
    if (how.weak) collect(pool.recommends, 'recommends', s);
  }
  if (how.weak) edges.push(...supplementEdges(pool, kept, indexOf, isInstalled));
  const ignored = [...installed].filter(isIgnored).map((s) => pool.strings.get(pool.name[s] as StringId));
  return { packages: kept.map((s) => pool.record(s as SolvableId)), edges, ignored: [...new Set(ignored)].sort(), unmet };
}

/** A supplement is the other way round: the package that is there brings in the one that supplements it. */
function supplementEdges(
  pool: Pool,
  kept: readonly number[],
  indexOf: ReadonlyMap<number, number>,
  isInstalled: Uint8Array,
): DependencyEdge[] {
  const edges: DependencyEdge[] = [];
  const { start, ids } = pool.supplements;
  for (const s of kept) {
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i] as DepId;
      const relation = pool.describeDep(dep);
      for (const p of installedProviders(pool, dep, isInstalled)) {
        const from = indexOf.get(p);
        if (from !== undefined && p !== s) edges.push({ from, to: indexOf.get(s)!, relation, kind: 'supplements' });
      }
    }
  }
  return edges;
}

/** Installed packages that a dependency is about; of a condition, only what it asks for and not what it depends on. */
function installedProviders(pool: Pool, dep: DepId, isInstalled: Uint8Array): number[] {
  const { relations } = pool;
  if (dep < 0) {
    const flags = relations.flags(dep);
    if (flags === REL.AND || flags === REL.OR) {
      return union(installedProviders(pool, relations.name(dep), isInstalled), installedProviders(pool, relations.evr(dep), isInstalled));
    }
    if (flags === REL.COND || flags === REL.UNLESS) {
      const right = relations.evr(dep);
      const hasElse = right < 0 && relations.flags(right) === REL.ELSE;
      const condition = hasElse ? relations.name(right) : right;
      const holds = installedProviders(pool, condition, isInstalled).length > 0;
      if (holds === (flags === REL.COND)) return installedProviders(pool, relations.name(dep), isInstalled);
      return hasElse ? installedProviders(pool, relations.evr(right), isInstalled) : [];
    }
  }
  return [...pool.providersOf(dep)].filter((s) => isInstalled[s] === 1);
}

function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])];
}

function nevras(pool: Pool, solvables: readonly number[]): string[] {
  return solvables.map((s) => pool.nevra(s as SolvableId)).sort();
}

/** By name, then architecture, then version: byte-wise, whatever the locale. */
function comparePackages(pool: Pool, a: number, b: number): number {
  return (
    pool.strings.compare(pool.name[a] as StringId, pool.name[b] as StringId) ||
    pool.strings.compare(pool.arch[a] as StringId, pool.arch[b] as StringId) ||
    pool.compareEvr(pool.evr[a] as StringId, pool.evr[b] as StringId)
  );
}
