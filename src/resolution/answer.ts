/** Converts the solver's result to plain objects: packages, why each is installed, and requirements that `ignore` left unmet. */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { IdLists, PackageRecord, Pool } from '../pool/pool.ts';
import { providerListsOf } from '../solver/provider-lists.ts';
import { RichNormalizer } from '../solver/rich-dependencies.ts';
import { changesOf, type SystemChanges } from './changes.ts';
import type { SpecJob } from './jobs.ts';
import { askedFor, FORBIDDEN, isBoolean, metBy, REQUIRED } from './met-by.ts';
import type { DependencyEdge, UnmetRequirement } from './resolution.ts';

export interface Answer {
  readonly packages: readonly PackageRecord[];
  /** For each package the indexes of the packages that it requires or, with weak dependencies, recommends; ascending. */
  readonly dependencies: readonly (readonly number[])[];
  /** Specs with the indexes of the matching packages, ascending. */
  readonly requests: readonly { readonly spec: string; readonly packages: readonly number[] }[];
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
  readonly changes: SystemChanges;
  /** Edges with the text of every relation: computed only on request, because this takes longer than everything else. */
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
  // Packages that were installed before are not part of the result.
  const kept = [...installed].filter((s) => s >= pool.installedEnd && !isIgnored(s)).sort((a, b) => comparePackages(pool, a, b));
  /** Index + 1 of each kept package; 0 for the others. */
  const place = new Int32Array(pool.end);
  kept.forEach((s, index) => {
    place[s] = index + 1;
  });
  const normalizer = new RichNormalizer(pool, providerListsOf(pool));
  const world = { pool, normalizer, kept, place, isInstalled };
  const isKept = how.ignored === undefined ? isInstalled : isInstalled.map((there, s) => (isIgnored(s) ? 0 : there));
  const needed = kept.map(() => new Set<number>());
  const unmet: UnmetRequirement[] = [];
  const found: number[] = [];
  const collectUnmet = (s: number): void => {
    for (let i = pool.requires.start[s]!, end = pool.requires.start[s + 1]!; i < end; i++) {
      const dep = pool.requires.ids[i] as DepId;
      if (metBy(normalizer, dep, REQUIRED, isKept, s).isMet) continue;
      const ignored = metBy(normalizer, dep, REQUIRED, isInstalled, s).packages.filter(isIgnored);
      unmet.push({ package: pool.nevra(s as SolvableId), relation: pool.describeDep(dep), ignored: nevras(pool, ignored) });
    }
  };
  const collect = (lists: IdLists, s: number): void => {
    const own = needed[place[s]! - 1]!;
    for (let i = lists.start[s]!, end = lists.start[s + 1]!; i < end; i++) {
      found.length = 0;
      addPackagesFor(world, lists, lists.ids[i] as DepId, s, found);
      for (const p of found) if (place[p] !== 0) own.add(place[p]! - 1);
    }
  };
  for (const s of kept) {
    for (const { lists } of reasonLists(pool, how.weak)) collect(lists, s);
    if (how.ignored !== undefined) collectUnmet(s);
  }
  if (how.weak) for (const { from, to } of supplementEdges(world)) needed[from]!.add(to);
  const ignored = [...installed].filter(isIgnored).map((s) => pool.strings.get(pool.name[s] as StringId));
  return {
    packages: kept.map((s) => pool.record(s as SolvableId)),
    dependencies: needed.map((set) => [...set].sort((a, b) => a - b)),
    requests: answers(how.jobs, place),
    ignored: [...new Set(ignored)].sort(),
    unmet,
    changes: changesOf(pool, kept, isInstalled),
    makeEdges: () => makeEdges(world, how),
  };
}

/** One spec may have several jobs: a glob or a group has one for each name. */
function answers(jobs: readonly SpecJob[], place: Int32Array): Answer['requests'] {
  const found = new Map<string, Set<number>>();
  for (const { spec, candidates } of jobs) {
    const packages = found.get(spec) ?? new Set();
    found.set(spec, packages);
    for (const s of candidates) if (place[s] !== 0) packages.add(place[s]! - 1);
  }
  return [...found].map(([spec, packages]) => ({ spec, packages: [...packages].sort((a, b) => a - b) }));
}

interface World {
  readonly pool: Pool;
  readonly normalizer: RichNormalizer;
  readonly kept: readonly number[];
  readonly place: Int32Array;
  readonly isInstalled: Uint8Array;
}

interface ReasonList {
  readonly lists: IdLists;
  readonly kind: DependencyEdge['kind'];
}

/** The kinds of dependencies by which a package can install others. */
function reasonLists(pool: Pool, weak: boolean): ReasonList[] {
  const required: ReasonList[] = [
    { lists: pool.requires, kind: 'requires' },
    { lists: pool.conflicts, kind: 'conflicts' },
  ];
  return weak ? [...required, { lists: pool.recommends, kind: 'recommends' }] : required;
}

function makeEdges(world: World, how: { readonly jobs: readonly SpecJob[]; readonly weak: boolean }): DependencyEdge[] {
  const { pool, kept, place, isInstalled } = world;
  const edges: DependencyEdge[] = [];
  const collect = ({ lists, kind }: ReasonList, s: number): void => {
    for (let i = lists.start[s]!; i < lists.start[s + 1]!; i++) {
      const dep = lists.ids[i] as DepId;
      const packages: number[] = [];
      addPackagesFor(world, lists, dep, s, packages);
      for (const p of packages) {
        if (place[p] !== 0) edges.push({ from: place[s]! - 1, to: place[p]! - 1, relation: pool.describeDep(dep), kind });
      }
    }
  };
  for (const job of how.jobs) {
    if (job.condition !== undefined && !job.condition.some((s) => isInstalled[s] === 1)) continue;
    for (const s of job.candidates) if (place[s] !== 0) edges.push({ from: -1, to: place[s]! - 1, relation: job.spec, kind: 'request' });
  }
  for (const s of kept) for (const list of reasonLists(pool, how.weak)) collect(list, s);
  return how.weak ? [...edges, ...supplementEdges(world)] : edges;
}

/** Supplements are reversed edges: from the supplemented package to the one that supplements it. */
function supplementEdges(world: World): DependencyEdge[] {
  const { pool, kept, place } = world;
  const edges: DependencyEdge[] = [];
  const { start, ids } = pool.supplements;
  for (const s of kept) {
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i] as DepId;
      const relation = pool.describeDep(dep);
      for (const p of supplementedBy(world, dep)) {
        if (place[p] !== 0 && p !== s) edges.push({ from: place[p]! - 1, to: place[s]! - 1, relation, kind: 'supplements' });
      }
    }
  }
  return edges;
}

/** A supplement may no longer be met at the end, as `(a unless b)` after b was installed: then all packages that it can name count. */
function supplementedBy({ pool, normalizer, isInstalled }: World, dep: DepId): readonly number[] {
  const { packages } = metBy(normalizer, dep, REQUIRED, isInstalled, 0);
  return packages.length > 0 ? packages : askedFor(pool, dep, isInstalled);
}

/** Installed packages that meet a dependency of `self`; none if `self` meets it. */
function addPackagesFor({ pool, normalizer, isInstalled }: World, lists: IdLists, dep: DepId, self: number, found: number[]): void {
  if (isBoolean(pool, dep)) {
    const form = lists === pool.conflicts ? FORBIDDEN : REQUIRED;
    for (const p of metBy(normalizer, dep, form, isInstalled, self).packages) found.push(p);
    return;
  }
  if (lists === pool.conflicts) return;
  const providers = pool.providersOf(dep);
  for (let i = 0; i < providers.length; i++) {
    const p = providers[i]!;
    if (isInstalled[p] !== 1) continue;
    if (p === self) {
      found.length = 0;
      return;
    }
    found.push(p);
  }
}

function nevras(pool: Pool, solvables: readonly number[]): string[] {
  return solvables.map((s) => pool.nevra(s as SolvableId)).sort();
}

/** By name, then architecture, then version: byte-wise, independent of the locale. */
function comparePackages(pool: Pool, a: number, b: number): number {
  return (
    pool.strings.compare(pool.name[a] as StringId, pool.name[b] as StringId) ||
    pool.strings.compare(pool.arch[a] as StringId, pool.arch[b] as StringId) ||
    pool.compareEvr(pool.evr[a] as StringId, pool.evr[b] as StringId)
  );
}
