/** The installed packages of a request, and the jobs that change them. */
import type { Warning } from '../base/warnings.ts';
import { type DepId, REL, type SolvableId, type StringId } from '../pool/ids.ts';
import type { InstalledEntry, InstalledRecord } from '../pool/installed-entry.ts';
import type { Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import { parseRelation } from '../rpm/relation.ts';
import { matchesName } from '../solver/match-name.ts';
import type { InstallJob, SystemRequest } from '../solver/request.ts';
import { findNevra } from './find-nevra.ts';
import type { PackageQuery } from './package-query.ts';
import type { Problem, ResolveRequest } from './resolution.ts';

/** Name of the artificial package that provides the capabilities of `assumeProvides`. */
const ASSUMED = 'assumed-provides';

export interface InstalledPool {
  readonly pool: Pool;
  /** Installed packages of which only the name is known. */
  readonly problems: readonly Problem[];
}

/** Pools by their installed packages: the same lists give the same pool. */
const KNOWN = memoryKey<WeakMap<readonly unknown[], Map<string, InstalledPool>>>('pools with what is installed');
const NOTHING: readonly string[] = [];

/** The pool with the installed packages; the pool itself if there are none. */
export function withInstalled(pool: Pool, { installed = NOTHING, assumeProvides = [] }: ResolveRequest): InstalledPool {
  if (installed.length === 0 && assumeProvides.length === 0) return { pool, problems: [] };
  const ofPool = pool.memory.keep(KNOWN, () => new WeakMap());
  const ofList = ofPool.get(installed) ?? new Map<string, InstalledPool>();
  ofPool.set(installed, ofList);
  const key = JSON.stringify(assumeProvides);
  const known = ofList.get(key) ?? makePool(pool, installed, assumeProvides);
  ofList.set(key, known);
  return known;
}

function makePool(pool: Pool, installed: readonly (string | InstalledRecord)[], assumeProvides: readonly string[]): InstalledPool {
  const entries: InstalledEntry[] = [];
  const unknown: string[] = [];
  for (const item of installed) {
    if (typeof item !== 'string') {
      entries.push(item);
      continue;
    }
    const [found] = findNevra(pool, item);
    if (found === undefined) unknown.push(item);
    else entries.push(found);
  }
  if (assumeProvides.length > 0) entries.push(assumed(assumeProvides));
  const problems = unknown.map((nevra) =>
    problem(`\`${nevra}\` is installed, but it is in none of the repositories for ${pool.architecture}, so its dependencies are unknown`, [
      'add a repository that has it, or read the rpm database of the system instead of a list',
    ]),
  );
  return { pool: pool.withInstalled(inOrder(pool, entries)), problems };
}

/** By name, the order in which libsolv reads an rpm database: packages are decided in this order. */
function inOrder(pool: Pool, entries: readonly InstalledEntry[]): InstalledEntry[] {
  const nameOf = (entry: InstalledEntry): string =>
    typeof entry === 'number' ? pool.strings.get(pool.name[entry] as StringId) : entry.name;
  const named = entries.map((entry) => ({ entry, name: Buffer.from(nameOf(entry)) }));
  return named.sort((a, b) => Buffer.compare(a.name, b.name)).map(({ entry }) => entry);
}

const FLAGS = { '<': 'LT', '<=': 'LE', '=': 'EQ', '>=': 'GE', '>': 'GT' } as const;

function assumed(texts: readonly string[]): InstalledRecord {
  const provides = texts.map((text) => {
    const { name, operator, evr = '' } = parseRelation(text) ?? { name: text, operator: undefined };
    const [, epoch = '', version = evr, release = ''] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/.exec(evr) ?? [];
    return { name, flags: operator === undefined ? undefined : FLAGS[operator], epoch, version, release };
  });
  return {
    name: ASSUMED,
    epoch: '0',
    version: '0',
    release: '0',
    arch: 'noarch',
    source: '',
    buildTime: 0,
    relations: { provides },
    files: texts.filter((text) => text.startsWith('/')).map((path) => ({ path })),
  };
}

function problem(text: string, suggestions: readonly string[], spec?: string): Problem {
  return { kind: 'no-such-package', text, suggestions, packages: [], relations: [], ...(spec === undefined ? {} : { spec }) };
}

export interface SystemJobs {
  readonly system: SystemRequest;
  /** Builds to be reinstalled. */
  readonly jobs: readonly (InstallJob & { readonly spec: string })[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
  /** Paths whose owner is only in filelists.xml. */
  readonly paths: readonly StringId[];
}

/** Creates jobs as dnf does for `upgrade`, `distro-sync`, `reinstall` and `remove` (dnf, base.py). */
export function collectSystemJobs(pool: Pool, query: PackageQuery, request: ResolveRequest): SystemJobs {
  const { upgrade = [], distroSync = [], reinstall = [], remove = [], install } = request;
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  const paths: StringId[] = [];
  const isInstalled = (s: number): boolean => s < pool.installedEnd;
  const find = (spec: string): { readonly solvables: readonly number[]; readonly isName: boolean; readonly name: string | undefined } => {
    const match = query.bySpec(spec);
    if ('unknownPath' in match) {
      paths.push(match.unknownPath);
      return { solvables: [], isName: false, name: undefined };
    }
    const { reading } = match;
    const isName =
      reading !== undefined && [reading.epoch, reading.version, reading.release, reading.arch].every((part) => part === undefined);
    return { solvables: match.solvables, isName, name: reading?.name };
  };
  const everything = (): number[] => {
    const all: number[] = [];
    for (let s = 1; s < pool.end; s++) if (query.isVisible(s)) all.push(s);
    return all;
  };

  const erase = remove.flatMap((spec) => {
    const found = find(spec).solvables.filter(isInstalled);
    if (found.length === 0 && paths.length === 0) problems.push(notInstalled(spec));
    return found;
  });
  const jobs = reinstall.flatMap((spec) => {
    const { solvables } = find(spec);
    const found = solvables.filter(isInstalled);
    if (found.length === 0 && solvables.length > 0)
      warnings.push({ code: 'NOT_INSTALLED', text: `\`${spec}\` is not installed and cannot be reinstalled` });
    else if (found.length === 0 && paths.length === 0) problems.push(notInstalled(spec));
    const again = found.flatMap(
      (p) => solvables.findLast((s) => !isInstalled(s) && pool.nevra(s as SolvableId) === pool.nevra(p as SolvableId)) ?? [],
    );
    // A package that is also upgraded is installed again anyway.
    if (found.length > 0 && again.length === 0 && upgrade !== 'all' && !upgrade.includes(spec))
      problems.push(problem(`\`${spec}\` is installed in a version that no repository has, so it cannot be reinstalled`, [], spec));
    return again.map((s) => ({ spec, candidates: Int32Array.of(s), weak: false }));
  });
  const updates =
    upgrade === 'all'
      ? [upgradeList(pool, query, everything(), true)]
      : upgrade.flatMap((spec) => {
          const { solvables, isName, name } = find(spec);
          const list = upgradeList(pool, query, solvables, isName);
          // A spec that is not a name must match an installed package; a glob may also match others.
          const isOfNothing =
            name !== undefined && !hasGlob(spec) && !list.some(isInstalled) && !obsoletesInstalled(pool, query, solvables);
          if ((solvables.length === 0 || isOfNothing) && paths.length === 0) {
            problems.push(notInstalled(spec));
            return [];
          }
          return [list];
        });
  const synced =
    distroSync === 'all'
      ? [Int32Array.from(everything().filter((s) => !isInstalled(s)))]
      : distroSync.flatMap((spec) => {
          const { solvables, isName } = find(spec);
          const available = solvables.filter((s) => !isInstalled(s));
          if (available.length === 0) {
            // Packages that no repository has stay.
            if (paths.length === 0 && solvables.length === 0)
              problems.push(problem(`nothing in the repositories for ${pool.architecture} matches \`${spec}\``, [], spec));
            return [];
          }
          return [Int32Array.from(new Set([...available, ...(isName ? obsoletingAny(pool, query, available) : [])])).sort()];
        });
  const system = {
    updates,
    updateAll: false,
    distroSync: synced,
    distroSyncAll: false,
    erase,
    allowErasing: request.allowErasing ?? false,
    // As in dnf: allowed if anything is installed or synced.
    allowDowngrade: install.length > 0 || reinstall.length > 0 || distroSync.length > 0,
    notWeakly: request.weakDependencies === true ? notWanted(pool, query) : undefined,
  };
  return { system, jobs, problems, warnings, paths };
}

/**
 * Packages that an installed package recommends, but that are not installed, are unwanted: an upgrade of that package does not install them either.
 * The same applies to packages that supplement an installed one (dnf, exclude_from_weak_autodetect).
 */
function notWanted(pool: Pool, query: PackageQuery): Uint8Array {
  const { recommends, supplements, relations } = pool;
  const found = new Uint8Array(pool.end);
  const isInstalled = (s: number): boolean => s < pool.installedEnd;
  const names = new Set<number>();
  for (let p = 1; p < pool.installedEnd; p++) {
    names.add(pool.name[p]!);
    for (let i = recommends.start[p]!; i < recommends.start[p + 1]!; i++) {
      const dep = recommends.ids[i] as DepId;
      if (dep < 0 && relations.flags(dep) > REL.ANY) continue;
      // Another version may be recommended later, so the version is ignored.
      const providers = pool.providersOf(dep < 0 ? relations.name(dep) : dep);
      if (!providers.some((s) => isInstalled(s) && query.isVisible(s))) for (const s of providers) if (query.isVisible(s)) found[s] = 1;
    }
  }
  for (let s = pool.installedEnd; s < pool.end; s++) {
    if (supplements.start[s] === supplements.start[s + 1] || names.has(pool.name[s]!) || !query.isVisible(s)) continue;
    for (let i = supplements.start[s]!; i < supplements.start[s + 1]!; i++) {
      const dep = supplements.ids[i] as DepId;
      if (dep < 0 && relations.flags(dep) > REL.ANY) continue;
      if (pool.providersOf(dep).some(isInstalled)) found[s] = 1;
    }
  }
  return found;
}

function notInstalled(spec: string): Problem {
  return problem(`\`${spec}\` is not installed`, [`add \`${spec}\` to the packages to install it`], spec);
}

/** Candidates of an upgrade: named packages, packages that obsolete installed ones, and the newest installed ones (dnf, Base._upgrade_internal). */
function upgradeList(pool: Pool, query: PackageQuery, named: readonly number[], withObsoletes: boolean): Int32Array {
  const isInstalled = (s: number): boolean => s < pool.installedEnd;
  const list = new Set(named);
  const installed: number[] = [];
  const newest = new Map<string, number>();
  for (let p = 1; p < pool.installedEnd; p++) {
    if (!query.isVisible(p)) continue;
    installed.push(p);
    const key = `${pool.name[p]} ${pool.arch[p]}`;
    const other = newest.get(key);
    if (other === undefined || pool.compareEvr(pool.evr[other] as StringId, pool.evr[p] as StringId) < 0) newest.set(key, p);
  }
  if (withObsoletes) {
    const names = new Set(installed.map((p) => pool.name[p]!));
    const known = named.filter((s) => names.has(pool.name[s]!));
    const obsoleted = known.filter((s) => {
      if (isInstalled(s)) return true;
      const own = newest.get(`${pool.name[s]} ${pool.arch[s]}`);
      return own !== undefined && pool.compareEvr(pool.evr[own] as StringId, pool.evr[s] as StringId) < 0;
    });
    for (const s of obsoletingAny(pool, query, obsoleted)) if (!isInstalled(s)) list.add(s);
  }
  const wanted = new Set([...list].map((s) => pool.name[s]!));
  for (const p of newest.values()) if (wanted.has(pool.name[p]!)) list.add(p);
  return Int32Array.from(list).sort();
}

function obsoletesInstalled(pool: Pool, query: PackageQuery, solvables: readonly number[]): boolean {
  const installed = Array.from({ length: pool.installedEnd - 1 }, (_, i) => i + 1);
  return obsoletingAny(pool, query, installed).some((s) => solvables.includes(s));
}

/** Visible packages whose Obsoletes match one of the given packages. */
function obsoletingAny(pool: Pool, query: PackageQuery, solvables: readonly number[]): number[] {
  const wanted = new Set(solvables);
  const { start, ids } = pool.obsoletes;
  const found: number[] = [];
  for (let s = 1; s < pool.end; s++) {
    if (start[s] === start[s + 1] || !query.isVisible(s)) continue;
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i] as DepId;
      if (![...pool.providersOf(dep)].some((p) => wanted.has(p) && matchesName(pool, p as SolvableId, dep))) continue;
      found.push(s);
      break;
    }
  }
  return found;
}

/**
 * Packages of the repositories in another version than the installed package of the same name, else of the same source, else of those that
 * match the same pattern.
 */
export function otherThanInstalled(pool: Pool, patterns: readonly string[]): number[] {
  if (patterns.length === 0 || pool.installedEnd === 1) return [];
  const isMeant = patterns.map((pattern) => globMatcher(pattern));
  const versions = new Map<string, Set<number>>();
  const note = (key: string, evr: number): void => {
    const known = versions.get(key);
    if (known === undefined) versions.set(key, new Set([evr]));
    else known.add(evr);
  };
  for (let p = 1; p < pool.installedEnd; p++) {
    const name = pool.strings.get(pool.name[p] as StringId);
    note(`name ${name}`, pool.evr[p]!);
    for (const [i, matches] of isMeant.entries()) if (matches(name)) note(`pattern ${i}`, pool.evr[p]!);
    note(`source ${sourceName(pool, p)}`, pool.evr[p]!);
  }
  const found: number[] = [];
  for (let s = pool.installedEnd; s < pool.end; s++) {
    const name = pool.strings.get(pool.name[s] as StringId);
    const pattern = isMeant.findIndex((matches) => matches(name));
    if (pattern < 0) continue;
    const allowed = versions.get(`name ${name}`) ?? versions.get(`source ${sourceName(pool, s)}`) ?? versions.get(`pattern ${pattern}`);
    if (allowed !== undefined && !allowed.has(pool.evr[s]!)) found.push(s);
  }
  return found;
}

function sourceName(pool: Pool, s: number): string {
  return pool.record(s as SolvableId).source.replace(/-[^-]+-[^-]+$/, '');
}
