/**
 * `@something` in a request, as `dnf install` reads it: a module (`@nodejs:20/minimal`) if there is one of that name, else
 * groups and environments (`@core`, `@"Minimal Install"`, `@core/mandatory,optional`).
 *
 * How a package of the answer is meant (dnf, base.py: _finalize_comps_trans):
 *   - `name` is the name of a package and nothing else: not a capability, not a NEVRA. Candidates are all visible packages of that name
 *     that are no sources (only the base architecture with `baseArchOnly`) and whatever obsoletes them; with `candidates`, those.
 *   - no such package: the rest of a group goes on, a module is refused. If there are some and none can be installed: a problem.
 *   - with `requires`, whatever the type: the clause (name or not requires), both by capability; nothing is asked for beyond it.
 *   - `type` is for reports; packages of types that are not installed are not in the list.
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
  /** The packages of a module that may be chosen, ascending; absent for groups, and where the module has no package of that name. */
  readonly candidates?: readonly SolvableId[];
}

export type GroupExpansion =
  | { readonly kind: 'group' | 'environment'; readonly ids: readonly string[]; readonly packages: readonly GroupPackage[] }
  | { readonly kind: 'module'; readonly ids: readonly string[]; readonly packages: readonly GroupPackage[] }
  /** `suggestions` are specs that would be found; `because` says what is wrong with what there is. */
  | { readonly kind: 'not-found'; readonly suggestions: readonly string[]; readonly because?: string };

/** Expands `@spec` (the `@` may be left out). `modules` is what the request enables and disables besides. */
export function expandGroup(pool: Pool, spec: string, modules: ModuleOptions = NO_MODULES): GroupExpansion {
  const text = spec.replace(/^@/, '');
  const moduleSpec = parseModuleSpec(text);
  const builds = moduleSpec === undefined ? [] : selectBuilds(pool, moduleSpec);
  if (moduleSpec !== undefined && builds.length > 0) return expandModule(pool, { text, spec: moduleSpec, builds }, modules);
  return expandComps(pool, text);
}

/** The modules that requests with `@` enable by asking for them: to be added to `enable` before packages are hidden. */
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

/** Groups of all repositories of a pool, read once. */
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

/** By id or name; if neither is exactly that, as a glob that does not mind capitals. */
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

/** Packages of a profile: of the active builds of the stream that is meant, the newest decides what a profile is. */
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

/** The profiles that the request names, else those that the defaults of the module name for this stream, whether they exist or not. */
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

/** Of several streams one has to be named; a single one that is not active is told by the module filter. */
function otherStreams({ spec, builds }: ModuleWish): string[] {
  const streams = streamsOf(builds);
  return streams.length > 1 ? streams.map((stream) => `@${spec.name}:${stream}`) : [];
}
