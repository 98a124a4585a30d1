/** The solver's answer as plain objects: packages, why each is there, and what `ignore` left unmet. */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import { REL } from '../pool/ids.ts';
import type { IdLists, PackageRecord, Pool } from '../pool/pool.ts';
import type { SpecJob } from './jobs.ts';
import type { DependencyEdge, UnmetRequirement } from './resolution.ts';

export interface Answer {
  readonly packages: readonly PackageRecord[];
  /** For each package the indexes of those that it needs or, with weak dependencies, brings in; ascending. */
  readonly dependencies: readonly (readonly number[])[];
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
  /** With the words of every relation: more work than all the rest, and not always wanted. */
  makeEdges(): DependencyEdge[];
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
  /** Index of each kept package, and one more. */
  const place = new Int32Array(pool.end);
  kept.forEach((s, index) => {
    place[s] = index + 1;
  });
  const world = { pool, kept, place, isInstalled };
  const needed = kept.map(() => new Set<number>());
  const unmet: UnmetRequirement[] = [];
  const found: number[] = [];
  const collect = (lists: IdLists, s: number, isRequired: boolean): void => {
    const own = needed[place[s]! - 1]!;
    for (let i = lists.start[s]!, end = lists.start[s + 1]!; i < end; i++) {
      const dep = lists.ids[i] as DepId;
      found.length = 0;
      addInstalledProviders(pool, dep, isInstalled, found);
      if (found.length === 0 || found.includes(s)) continue;
      let isThere = false;
      for (const p of found) {
        if (place[p] === 0) continue;
        isThere = true;
        own.add(place[p]! - 1);
      }
      if (isRequired && !isThere) {
        unmet.push({ package: pool.nevra(s as SolvableId), relation: pool.describeDep(dep), ignored: nevras(pool, found) });
      }
    }
  };
  for (const s of kept) {
    collect(pool.requires, s, true);
    if (how.weak) collect(pool.recommends, s, false);
  }
  if (how.weak) for (const { from, to } of supplementEdges(world)) needed[from]!.add(to);
  const ignored = [...installed].filter(isIgnored).map((s) => pool.strings.get(pool.name[s] as StringId));
  return {
    packages: kept.map((s) => pool.record(s as SolvableId)),
    dependencies: needed.map((set) => [...set].sort((a, b) => a - b)),
    ignored: [...new Set(ignored)].sort(),
    unmet,
    makeEdges: () => makeEdges(world, how),
  };
}

interface World {
  readonly pool: Pool;
  readonly kept: readonly number[];
  readonly place: Int32Array;
  readonly isInstalled: Uint8Array;
}

function makeEdges(world: World, how: { readonly jobs: readonly SpecJob[]; readonly weak: boolean }): DependencyEdge[] {
  const { pool, kept, place, isInstalled } = world;
  const edges: DependencyEdge[] = [];
  const collect = (lists: IdLists, kind: DependencyEdge['kind'], s: number): void => {
    for (let i = lists.start[s]!; i < lists.start[s + 1]!; i++) {
      const dep = lists.ids[i] as DepId;
      const providers: number[] = [];
      addInstalledProviders(pool, dep, isInstalled, providers);
      if (providers.includes(s)) continue;
      for (const p of providers) {
        if (place[p] !== 0) edges.push({ from: place[s]! - 1, to: place[p]! - 1, relation: pool.describeDep(dep), kind });
      }
    }
  };
  for (const job of how.jobs) {
    for (const s of job.candidates) if (place[s] !== 0) edges.push({ from: -1, to: place[s]! - 1, relation: job.spec, kind: 'request' });
  }
  for (const s of kept) {
    collect(pool.requires, 'requires', s);
    if (how.weak) collect(pool.recommends, 'recommends', s);
  }
  return how.weak ? [...edges, ...supplementEdges(world)] : edges;
}

/** A supplement is the other way round: the package that is there brings in the one that supplements it. */
function supplementEdges({ pool, kept, place, isInstalled }: World): DependencyEdge[] {
  const edges: DependencyEdge[] = [];
  const { start, ids } = pool.supplements;
  for (const s of kept) {
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i] as DepId;
      const relation = pool.describeDep(dep);
      const providers: number[] = [];
      addInstalledProviders(pool, dep, isInstalled, providers);
      for (const p of providers) {
        if (place[p] !== 0 && p !== s) edges.push({ from: place[p]! - 1, to: place[s]! - 1, relation, kind: 'supplements' });
      }
    }
  }
  return edges;
}

/** Installed packages that a dependency is about, each once; of a condition, only what it asks for and not what it depends on. */
function addInstalledProviders(pool: Pool, dep: DepId, isInstalled: Uint8Array, found: number[]): void {
  const { relations } = pool;
  if (dep < 0) {
    const flags = relations.flags(dep);
    if (flags === REL.AND || flags === REL.OR) {
      addInstalledProviders(pool, relations.name(dep), isInstalled, found);
      addInstalledProviders(pool, relations.evr(dep), isInstalled, found);
      return;
    }
    if (flags === REL.COND || flags === REL.UNLESS) {
      const right = relations.evr(dep);
      const hasElse = right < 0 && relations.flags(right) === REL.ELSE;
      const conditions: number[] = [];
      addInstalledProviders(pool, hasElse ? relations.name(right) : right, isInstalled, conditions);
      if (conditions.length > 0 === (flags === REL.COND)) addInstalledProviders(pool, relations.name(dep), isInstalled, found);
      else if (hasElse) addInstalledProviders(pool, relations.evr(right), isInstalled, found);
      return;
    }
  }
  const providers = pool.providersOf(dep);
  for (let i = 0; i < providers.length; i++) {
    const p = providers[i]!;
    if (isInstalled[p] === 1 && !found.includes(p)) found.push(p);
  }
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
