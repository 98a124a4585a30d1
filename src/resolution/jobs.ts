/** Converts specs to jobs for the solver, as dnf does (dnf, Base.install; hawkey, Subject._get_best_selectors). */

import { shortPrintable } from '../base/printable.ts';
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import { hasGlob } from '../rpm/glob.ts';
import { matchesName } from '../solver/match-name.ts';
import type { InstallJob } from '../solver/request.ts';
import { expandGroup } from './groups.ts';
import type { ModuleOptions } from './module-filter.ts';
import type { PackageQuery, SpecMatch } from './package-query.ts';

/** A job with its spec. */
export interface SpecJob extends InstallJob {
  readonly spec: string;
}

/** dnf creates the jobs for packages first, then those for modules, then those for groups, independent of their order in the request. */
export const JOB_KINDS = ['package', 'module', 'group'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export type SpecJobs =
  | { readonly kind: JobKind; readonly jobs: readonly SpecJob[] }
  | { readonly kind: 'unknown-path'; readonly path: StringId }
  /** `because`: a match exists, but it is not usable. */
  | { readonly kind: 'not-found'; readonly suggestions: readonly string[]; readonly because?: string };

/** `modules`: modules that the request enables and disables, for specs that begin with `@`. */
export function jobsForSpec(pool: Pool, query: PackageQuery, spec: string, modules?: ModuleOptions): SpecJobs {
  if (spec.startsWith('@')) return jobsForGroup(pool, query, spec, modules);
  const match = query.bySpec(spec);
  if ('unknownPath' in match) return { kind: 'unknown-path', path: match.unknownPath };
  if (match.solvables.length === 0) return { kind: 'not-found', suggestions: [] };
  const lists = candidateLists(pool, query, spec, match);
  // Everything that it matches is installed.
  if (lists.length === 0) return { kind: 'package', jobs: [] };
  if (!lists.some((list) => list.some((s) => pool.archRank[s] !== 0))) return { kind: 'not-found', suggestions: [] };
  const jobs = lists.map((list) => ({ spec, candidates: Int32Array.from(list).sort(), weak: false }));
  return { kind: 'package', jobs };
}

function candidateLists(pool: Pool, query: PackageQuery, spec: string, match: SpecMatch): number[][] {
  const { reading, solvables } = match;
  const isJustName =
    reading !== undefined && [reading.epoch, reading.version, reading.release, reading.arch].every((part) => part === undefined);
  if (reading?.arch !== undefined && hasGlob(reading.arch)) {
    const groups = groupBy(solvables, (s) => `${pool.name[s]} ${pool.arch[s]}`);
    // In dnf, an installed package of a name and architecture satisfies such a request, even if there is a newer one.
    return groups.filter((group) => !group.some((s) => s < pool.installedEnd)).map((group) => withObsoleting(pool, query, group));
  }
  const isPath = spec.startsWith('/') || spec.startsWith('*/');
  if (hasGlob(spec) && !isPath) {
    const groups = groupBy(solvables, (s) => String(pool.name[s])).filter((group) => group.some((s) => s >= pool.installedEnd));
    return isJustName ? groups.map((group) => withObsoleting(pool, query, group)) : groups;
  }
  return [isJustName ? withObsoleting(pool, query, solvables) : [...solvables]];
}

/** Groups in order of first appearance. */
function groupBy(solvables: readonly number[], keyOf: (s: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (const s of solvables) {
    const key = keyOf(s);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [s]);
    else group.push(s);
  }
  return [...groups.values()];
}

/** Packages that obsolete a requested name are candidates too. */
function withObsoleting(pool: Pool, query: PackageQuery, solvables: readonly number[]): number[] {
  const wanted = new Set(solvables);
  const found = new Set(solvables);
  for (const { s, dep } of obsoletingNames(pool, solvables)) {
    if (found.has(s) || !query.isVisible(s)) continue;
    for (const p of pool.providersOf(dep)) {
      if (!wanted.has(p) || !matchesName(pool, p as SolvableId, dep)) continue;
      found.add(s);
      break;
    }
  }
  return [...found];
}

interface Obsoleting {
  readonly s: number;
  readonly dep: DepId;
}

const OBSOLETING = memoryKey<Map<number, Obsoleting[]>>('obsoletes by name');

function obsoletingNames(pool: Pool, solvables: readonly number[]): Obsoleting[] {
  const index = pool.memory.keep(OBSOLETING, () => indexObsoletes(pool));
  const names = new Set(solvables.map((s) => pool.name[s]!));
  return [...names].flatMap((name) => index.get(name) ?? []);
}

/** Obsoletes entries by name. */
function indexObsoletes(pool: Pool): Map<number, Obsoleting[]> {
  const index = new Map<number, Obsoleting[]>();
  const { start, ids } = pool.obsoletes;
  for (let s = 1; s < pool.end; s++) {
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i] as DepId;
      let name = dep;
      while (name < 0) name = pool.relations.name(name);
      const entries = index.get(name);
      if (entries === undefined) index.set(name, [{ s, dep }]);
      else entries.push({ s, dep });
    }
  }
  return index;
}

/** dnf skips packages of a group that do not exist; for a profile of a module it reports them. */
function jobsForGroup(pool: Pool, query: PackageQuery, spec: string, modules: ModuleOptions | undefined): SpecJobs {
  const group = expandGroup(pool, spec, modules);
  if (group.kind === 'not-found') return group;
  const jobs: SpecJob[] = [];
  for (const { name, requires, baseArchOnly, candidates } of group.packages) {
    const isWanted = (s: number): boolean =>
      query.isVisible(s) &&
      (group.kind !== 'module' || pool.archRank[s] !== 0) &&
      (baseArchOnly !== true || pool.strings.get(pool.arch[s] as StringId) === pool.architecture);
    const found = [...(candidates ?? pool.withName(pool.strings.find(name)))].filter(isWanted);
    if (found.length === 0 && group.kind === 'module')
      return {
        kind: 'not-found',
        suggestions: [],
        because: `its profile has \`${shortPrintable(name)}\`, which matches no usable package`,
      };
    if (found.length === 0) continue;
    if (requires !== undefined) {
      const [wanted, condition] = [name, requires].map((text) => pool.providersOf(pool.strings.find(text)));
      jobs.push({ spec, candidates: wanted!, condition: condition!, weak: false });
      continue;
    }
    if (!found.some((s) => pool.archRank[s] !== 0))
      return {
        kind: 'not-found',
        suggestions: [],
        because: `\`${shortPrintable(name)}\` of it is available for other architectures only; \`exclude\` leaves it out`,
      };
    const list = candidates === undefined ? withObsoleting(pool, query, found) : found;
    jobs.push({ spec, candidates: Int32Array.from(list).sort(), weak: false });
  }
  return { kind: group.kind === 'module' ? 'module' : 'group', jobs };
}
