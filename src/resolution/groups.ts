/**
 * `@something` in a request, as `dnf install` reads it: a module (`@nodejs:20/minimal`) if there is one of that name, else
 * groups and environments (`@core`, `@"Minimal Install"`, `@core/mandatory,optional`).
 *
 * Each package of the expansion becomes a job (dnf, base.py: _finalize_comps_trans):
 *   - `name` is a package name only: not a capability, not a NEVRA. Candidates are `candidates` if given; else all visible binary packages
 *     of that name (only of the base architecture with `baseArchOnly`) and packages that obsolete them.
 *   - If no package has that name, a group skips it and a module is refused. If none of the candidates can be installed, this is a problem.
 *   - With `requires`, for any type: the clause (name or not requires), both by capability, and no other job.
 *   - `type` is only for reports; the list contains only types that are installed.
 */

import { nearestFew } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import {
  type Comps,
  type CompsEnvironment,
  type CompsGroup,
  type CompsPackage,
  type CompsPackageType,
  mergeComps,
  parseComps,
} from '../repodata/comps.ts';
import type { ModuleStream } from '../repodata/modulemd.ts';
import { globMatcher } from '../rpm/glob.ts';
import { findNevra } from './find-nevra.ts';
import { activeModulesOf, type ModuleOptions } from './module-filter.ts';
import { type ModuleSpec, matchesModuleSpec, parseModuleSpec, streamsOf } from './module-spec.ts';

interface GroupPackage {
  readonly name: string;
  readonly type: CompsPackageType;
  readonly requires?: string;
  readonly baseArchOnly?: true;
  /** The selectable packages of a module, ascending; absent for groups, and if the module has no package of that name. */
  readonly candidates?: readonly SolvableId[];
}

export type GroupExpansion =
  | { readonly kind: 'group' | 'environment'; readonly ids: readonly string[]; readonly packages: readonly GroupPackage[] }
  | { readonly kind: 'module'; readonly ids: readonly string[]; readonly packages: readonly GroupPackage[] }
  /** `suggestions` are specs that have a match; `because` describes what is wrong with the existing documents. */
  | { readonly kind: 'not-found'; readonly suggestions: readonly string[]; readonly because?: string };

/** Expands `@spec` (the `@` is optional). `modules`: other modules that the request enables and disables. */
export function expandGroup(pool: Pool, spec: string, modules: ModuleOptions = NO_MODULES): GroupExpansion {
  const text = spec.replace(/^@/, '');
  const moduleSpec = parseModuleSpec(text);
  const builds = moduleSpec === undefined ? [] : selectBuilds(pool, moduleSpec);
  if (moduleSpec !== undefined && builds.length > 0) return expandModule(pool, { text, spec: moduleSpec, builds }, modules);
  return expandComps(pool, text);
}

/** The modules that `@` specs of a request enable: add them to `enable` before packages are hidden. */
export function modulesAskedFor(pool: Pool, specs: readonly string[]): string[] {
  const texts = specs.filter((spec) => spec.startsWith('@')).map((spec) => spec.slice(1));
  if (texts.length === 0 || pool.moduleIndex.length === 0) return [];
  return texts.filter((text) => {
    const spec = parseModuleSpec(text);
    return spec !== undefined && selectBuilds(pool, spec).length > 0;
  });
}

const NO_MODULES: ModuleOptions = { enable: [], disable: [] };
/** dnf's group_package_types. */
const INSTALLED_TYPES: readonly string[] = ['mandatory', 'default', 'conditional'];
const COMPS = memoryKey<Comps>('groups');

/** Groups of all repositories of a pool, parsed once. */
export function compsOf(pool: Pool): Comps {
  return pool.memory.keep(COMPS, () =>
    mergeComps(pool.compsIndex.map(({ repo, text }) => parseComps(text, `${pool.repos[repo]!.id}: comps.xml`))),
  );
}

function expandComps(pool: Pool, text: string): GroupExpansion {
  const comps = compsOf(pool);
  const slash = text.indexOf('/');
  const pattern = (slash < 0 ? text : text.slice(0, slash)).replace(/^\^/, '');
  const types = slash < 0 ? INSTALLED_TYPES : text.slice(slash + 1).split(',');
  const groups = matching(comps.groups, pattern);
  const environments = matching(comps.environments, pattern);
  if (groups.length === 0 && environments.length === 0) return { kind: 'not-found', suggestions: suggest(comps, pattern) };
  const isHere = (entry: { readonly architectures: readonly string[] | undefined }): boolean =>
    entry.architectures === undefined || entry.architectures.includes(pool.architecture);
  const ofEnvironments = environments.flatMap((environment) =>
    environment.groups.filter(isHere).flatMap(({ id }) => comps.groups.find((group) => group.id === id) ?? []),
  );
  const packages = new Map<string, GroupPackage>();
  for (const group of [...groups, ...ofEnvironments]) {
    for (const entry of group.packages) {
      const key = `${entry.name} ${entry.requires ?? ''} ${entry.baseArchOnly}`;
      if (types.includes(entry.type) && isHere(entry) && !packages.has(key)) packages.set(key, asGroupPackage(entry));
    }
  }
  const ids = [...groups, ...environments].map(({ id }) => id);
  return { kind: groups.length > 0 ? 'group' : 'environment', ids, packages: [...packages.values()] };
}

function asGroupPackage({ name, type, requires, baseArchOnly }: CompsPackage): GroupPackage {
  return { name, type, ...(requires === undefined ? {} : { requires }), ...(baseArchOnly ? { baseArchOnly } : {}) };
}

/** By id or name; if neither matches exactly, as a case-insensitive glob. */
function matching<T extends CompsGroup | CompsEnvironment>(all: readonly T[], pattern: string): T[] {
  let found = all.filter(({ id, name }) => id === pattern || name === pattern);
  if (found.length === 0) {
    const matches = globMatcher(pattern.toLowerCase());
    found = all.filter(({ id, name }) => matches(id.toLowerCase()) || matches(name.toLowerCase()));
  }
  return found.sort((a, b) => a.displayOrder - b.displayOrder);
}

function suggest(comps: Comps, pattern: string): string[] {
  const texts = [...comps.groups, ...comps.environments].flatMap(({ id, name }) => [id, name]);
  return nearestFew(pattern, [...new Set(texts)].sort()).map((text) => `@${shortPrintable(text)}`);
}

function selectBuilds(pool: Pool, spec: ModuleSpec): ModuleStream[] {
  return pool.moduleIndex.flatMap(({ index }) => index.streams.filter((build) => matchesModuleSpec(spec, build)));
}

interface ModuleWish {
  readonly text: string;
  readonly spec: ModuleSpec;
  readonly builds: readonly ModuleStream[];
}

/** Packages of a profile: of the active builds of the selected stream, the newest one defines the profiles. */
function expandModule(pool: Pool, wish: ModuleWish, modules: ModuleOptions): GroupExpansion {
  const { text, spec } = wish;
  const enable = modules.enable.includes(text) ? modules.enable : [...modules.enable, text];
  const { builds, defaultProfiles } = activeModulesOf(pool, { ...modules, enable });
  const active = builds.filter((entry) => entry.active && matchesModuleSpec(spec, entry.build)).map(({ build }) => build);
  const ids: string[] = [];
  const packages = new Map<string, GroupPackage>();
  for (const name of new Set(active.map((build) => build.name))) {
    const own = active.filter((build) => build.name === name);
    const newest = own.reduce((best, build) => (BigInt(build.version) > BigInt(best.version) ? build : best));
    const profiles = selectProfiles(newest, spec, defaultProfiles.get(name)?.get(newest.stream) ?? []);
    if (profiles.length === 0) return { kind: 'not-found', suggestions: otherProfiles(newest) };
    const unknown = profiles.filter((profile) => !newest.profiles.has(profile)).map((profile) => shortPrintable(profile));
    if (unknown.length > 0) {
      const because = `${name}:${newest.stream} has no profile ${unknown.join(', ')}, which is its default`;
      return { kind: 'not-found', suggestions: otherProfiles(newest), because };
    }
    ids.push(...profiles.map((profile) => `${name}:${newest.stream}/${profile}`));
    for (const rpm of profiles.flatMap((profile) => newest.profiles.get(profile)!.rpms)) {
      if (!packages.has(rpm)) packages.set(rpm, modularPackage(pool, rpm, own));
    }
  }
  if (active.length === 0) return { kind: 'not-found', suggestions: otherStreams(wish) };
  return { kind: 'module', ids, packages: [...packages.values()] };
}

function modularPackage(pool: Pool, name: string, builds: readonly ModuleStream[]): GroupPackage {
  const prefix = `${name}-`;
  const candidates = new Set<SolvableId>();
  for (const artifact of builds.flatMap((build) => build.artifacts.filter((text) => text.startsWith(prefix)))) {
    if (/\.(src|nosrc)$/.test(artifact)) continue;
    for (const s of findNevra(pool, artifact)) if (pool.strings.get(pool.name[s] as StringId) === name) candidates.add(s);
  }
  for (const s of pool.withName(pool.strings.find(name)))
    if (pool.repoOf(s as SolvableId).moduleHotfixes && pool.archRank[s] !== 0) candidates.add(s as SolvableId);
  const list = [...candidates].sort((a, b) => a - b);
  return { name, type: 'mandatory', ...(list.length === 0 ? {} : { candidates: list }) };
}

/** The requested profiles, else the default profiles of this stream, whether or not they exist. */
function selectProfiles(build: ModuleStream, spec: ModuleSpec, defaults: readonly string[]): string[] {
  const names = [...build.profiles.keys()];
  if (spec.profile !== undefined && spec.profile !== '') {
    const matches = globMatcher(spec.profile);
    return names.filter((name) => matches(name));
  }
  const wanted = new Set(defaults);
  return [...names.filter((name) => wanted.delete(name)), ...wanted];
}

function otherProfiles({ name, stream, profiles }: ModuleStream): string[] {
  return [...profiles.keys()].sort().map((profile) => `@${name}:${stream}/${shortPrintable(profile)}`);
}

/** Suggests streams if there are several; the module filter reports a single inactive one. */
function otherStreams({ spec, builds }: ModuleWish): string[] {
  const streams = streamsOf(builds);
  return streams.length > 1 ? streams.map((stream) => `@${spec.name}:${stream}`) : [];
}
