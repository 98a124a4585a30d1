/**
 * The packages that modules hide (libdnf, dnf-sack.cpp: setModuleExcludes):
 *   - the packages of streams that are not active,
 *   - every other package that has the name of a package of an active stream, or provides that name,
 * but never a package that an active stream lists, and nothing in a repository with `module_hotfixes`.
 */

import { inOneGo, type Turns } from '../base/turns.ts';
import type { Warning } from '../base/warnings.ts';
import { architectureRank } from '../pool/arch.ts';
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import type { ModuleStream } from '../repodata/modulemd.ts';
import { Budget } from '../solver/budget.ts';
import { type ActiveModules, findActiveModules, type ModuleBuild } from './active-modules.ts';
import { findNevra, splitArtifact } from './find-nevra.ts';
import type { ModuleState } from './module-state.ts';

export interface ModuleOptions {
  /** `name:stream`, or any other form that `dnf module enable` accepts. */
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  /** `module_platform_id` of dnf, such as `platform:el9`; by default what the release packages provide. */
  readonly platform?: string;
}

interface ActiveStream {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly context: string;
  readonly arch: string;
  readonly repository: string;
  /** Why it is active: requested, default, or required by another module. */
  readonly state: 'enabled' | 'default' | 'dependency';
}

export interface ModuleFilter {
  /** 1 for a hidden package, by solvable. */
  readonly excluded: Uint8Array;
  /** All active builds, also older ones of the same stream. */
  readonly activeStreams: readonly ActiveStream[];
  /** Errors that make the request unsolvable. */
  readonly problems: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Cached for a pool and its options; do not modify. */
export function moduleFilter(pool: Pool, options: ModuleOptions): ModuleFilter {
  const known = knownFor(pool, options);
  known.filter ??= makeFilter(pool, options);
  return known.filter;
}

/** Decides which streams are active, which needs a separate solve, and caches the result. */
export function* decideModules(pool: Pool, options: ModuleOptions, budget: Budget): Turns<void> {
  const known = knownFor(pool, options);
  known.active ??= yield* findActiveModules(
    pool.moduleIndex,
    {
      enable: options.enable,
      disable: options.disable,
      platform: options.platform ?? detectPlatform(pool),
      architecture: pool.architecture,
      archRankOf: (arch) => architectureRank(pool.architecture, arch),
    },
    budget,
  );
}

export function activeModulesOf(pool: Pool, options: ModuleOptions): ActiveModules {
  inOneGo(decideModules(pool, options, new Budget()));
  return knownFor(pool, options).active!;
}

interface KnownModules {
  active?: ActiveModules;
  filter?: ModuleFilter;
}

/** Results for a pool, by options. */
const KNOWN = memoryKey<Map<string, KnownModules>>('modules');

function knownFor(pool: Pool, { enable, disable, platform }: ModuleOptions): KnownModules {
  const ofPool = pool.memory.keep(KNOWN, () => new Map());
  const key = JSON.stringify([enable, disable, platform]);
  const known = ofPool.get(key) ?? {};
  ofPool.set(key, known);
  return known;
}

/** Used if no release package provides a platform. */
const FALLBACK_PLATFORM = 'platform:el9';

function makeFilter(pool: Pool, options: ModuleOptions): ModuleFilter {
  const excluded = new Uint8Array(pool.end);
  if (hasNoModules(pool, options)) {
    return { excluded, activeStreams: [], problems: [], warnings: [] };
  }
  const modules = activeModulesOf(pool, options);
  const included = new Uint8Array(pool.end);
  const demodularized = demodularizedNames(modules);
  for (const { build, active } of modules.builds) {
    for (const artifact of build.artifacts) for (const s of findNevra(pool, artifact)) (active ? included : excluded)[s] = 1;
    if (active) hideNamesakes(pool, build, demodularized.get(streamAndArch(build)), excluded);
  }
  for (let s = 1; s < pool.end; s++) if (included[s] === 1) excluded[s] = 0;
  for (const repo of pool.repos) if (repo.moduleHotfixes) excluded.fill(0, repo.firstSolvable, repo.endSolvable);
  const activeStreams = modules.builds
    .filter(({ active }) => active)
    .map(({ build, repo }) => describeActive(build, pool.repos[repo]!.id, modules.states.get(build.name)));
  const unread = pool.moduleIndex.flatMap(({ index }) => index.warnings);
  return { excluded, activeStreams, problems: modules.problems, warnings: [...unread, ...modules.warnings] };
}

/** True if nothing has to be decided and no platform detected. */
export function hasNoModules(pool: Pool, { enable, disable }: ModuleOptions): boolean {
  return enable.length === 0 && disable.length === 0 && pool.moduleIndex.length === 0;
}

function hideNamesakes(pool: Pool, build: ModuleStream, demodularized: ReadonlySet<string> | undefined, excluded: Uint8Array): void {
  const seen = new Set<string>();
  for (const artifact of build.artifacts) {
    const nevra = splitArtifact(artifact);
    if (nevra === undefined || demodularized?.has(nevra.name) === true) continue;
    const isSource = nevra.arch === 'src' || nevra.arch === 'nosrc';
    const key = `${isSource ? 'source' : 'binary'} ${nevra.name}`;
    const name = pool.strings.find(nevra.name);
    if (name === 0 || seen.has(key)) continue;
    seen.add(key);
    // A source package provides nothing and hides only source packages.
    for (const s of pool.withName(name)) if (!isSource || isSourcePackage(pool, s)) excluded[s] = 1;
    if (!isSource) for (const s of pool.providersOf(name as DepId)) excluded[s] = 1;
  }
}

function isSourcePackage(pool: Pool, s: number): boolean {
  const arch = pool.strings.get(pool.arch[s] as StringId);
  return arch === 'src' || arch === 'nosrc';
}

/** Packages that are no longer in a stream, according to the newest active builds of each context in all repositories. */
function demodularizedNames(modules: ActiveModules): ReadonlyMap<string, ReadonlySet<string>> {
  const active = modules.builds.filter((entry) => entry.active);
  const newest = new Map<string, bigint>();
  const contextOf = ({ solvableName, build }: ModuleBuild): string => `${solvableName}.${build.arch}`;
  for (const entry of active) {
    const version = BigInt(entry.build.version);
    if (version > (newest.get(contextOf(entry)) ?? -1n)) newest.set(contextOf(entry), version);
  }
  const names = new Map<string, Set<string>>();
  for (const entry of active) {
    const { build } = entry;
    if (build.demodularized.length === 0 || BigInt(build.version) !== newest.get(contextOf(entry))) continue;
    const key = streamAndArch(build);
    names.set(key, new Set([...(names.get(key) ?? []), ...build.demodularized]));
  }
  return names;
}

function streamAndArch(build: ModuleStream): string {
  return `${build.name}:${build.stream}.${build.arch}`;
}

/** The platform that the newest release packages provide as `base-module(platform:el9)`, if they agree. */
function detectPlatform(pool: Pool): string {
  const newest = new Map<number, SolvableId>();
  const release = pool.strings.find('system-release');
  for (const s of release === 0 ? [] : pool.providersOf(release)) {
    const known = newest.get(pool.name[s]!);
    if (known === undefined || pool.compareEvr(pool.evr[s] as StringId, pool.evr[known] as StringId) > 0)
      newest.set(pool.name[s]!, s as SolvableId);
  }
  const found = new Set<string>();
  for (const s of newest.values()) {
    for (let i = pool.provides.start[s]!; i < pool.provides.start[s + 1]!; i++) {
      const dep = pool.provides.ids[i] as DepId;
      const text = pool.strings.get((dep < 0 ? pool.relations.name(dep) : dep) as StringId);
      const platform = /^base-module\(([^:()]+:[^:()]+)\)$/.exec(text)?.[1];
      if (platform !== undefined) found.add(platform);
    }
  }
  return found.size === 1 ? [...found][0]! : FALLBACK_PLATFORM;
}

function describeActive(build: ModuleStream, repository: string, state: ModuleState | undefined): ActiveStream {
  const { name, stream, version, context, arch } = build;
  const own = state !== undefined && state.kind !== 'disabled' && state.stream === stream ? state.kind : 'dependency';
  return { name, stream, version, context, arch, repository, state: own };
}
