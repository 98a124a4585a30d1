/**
 * Finds the active builds of module streams: those of enabled streams, of default streams, and of the streams that these require
 * (libdnf, ModulePackageContainer.cpp: resolveActiveModulePackages, moduleSolve, addVersion2Modules).
 */

import type { Turns } from '../base/turns.ts';
import type { Warning } from '../base/warnings.ts';
import type { StringId } from '../pool/ids.ts';
import type { ModuleIndex, ModuleStream } from '../repodata/modulemd.ts';
import { globMatcher } from '../rpm/glob.ts';
import type { Budget } from '../solver/budget.ts';
import type { InstallJob } from '../solver/request.ts';
import { solveInTurns } from '../solver/solve.ts';
import { explainModuleConflict } from './explain-modules.ts';
import { type MergedDefaults, mergeDefaults } from './module-defaults.ts';
import { buildModulePool, type ModulePool, type ModuleSolvable } from './module-pool.ts';
import { explainUnknownModule, matchesModuleSpec, parseModuleSpec, quoted, streamsOf } from './module-spec.ts';
import type { ModuleState } from './module-state.ts';

export interface ModuleRequest {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  /** Such as `platform:el9`: the only module without a document. */
  readonly platform: string | undefined;
  readonly architecture: string;
  /** Rank of a build's architecture, as in `Pool.archRank`. */
  readonly archRankOf: (arch: string) => number;
}

export interface ActiveModules {
  /** All builds of all repositories; `repo` is the index of the repository. */
  readonly builds: readonly ModuleBuild[];
  readonly states: ReadonlyMap<string, ModuleState>;
  /** Profiles that are installed if the request names none, by module and stream. */
  readonly defaultProfiles: MergedDefaults['profiles'];
  readonly problems: readonly string[];
  readonly warnings: readonly Warning[];
}

export interface ModuleBuild {
  readonly build: ModuleStream;
  readonly repo: number;
  /** Equal for builds that replace each other: module, stream and context. */
  readonly solvableName: string;
  readonly active: boolean;
}

export function* findActiveModules(
  indexes: readonly { readonly index: ModuleIndex; readonly repo: number }[],
  request: ModuleRequest,
  budget: Budget,
): Turns<ActiveModules> {
  const builds = inSolverOrder(indexes);
  const problems: string[] = [];
  const defaults = mergeDefaults(indexes);
  const states = decideStates(
    builds.map(({ build }) => build),
    { defaults: defaults.streams, skipped: indexes.flatMap(({ index }) => index.skipped) },
    request,
    problems,
  );
  const solvables = asSolvables(
    builds.map(({ build }) => build),
    request.archRankOf,
  );
  const { names, warnings } = yield* solveModules(solvables, states, request, { problems, budget });
  return {
    builds: builds.map((entry, i) => {
      const { solvableName } = solvables[i]!;
      return { ...entry, solvableName, active: names.has(solvableName) };
    }),
    states,
    defaultProfiles: defaults.profiles,
    problems,
    warnings: [...defaults.warnings, ...warnings],
  };
}

/** Builds with their own context come before those with a generated one. */
function inSolverOrder(
  indexes: readonly { readonly index: ModuleIndex; readonly repo: number }[],
): { readonly build: ModuleStream; readonly repo: number }[] {
  const all = indexes.flatMap(({ index, repo }) => unique(index.streams).map((build) => ({ build, repo })));
  return [...all.filter(({ build }) => build.staticContext), ...all.filter(({ build }) => !build.staticContext)];
}

function unique(builds: readonly ModuleStream[]): ModuleStream[] {
  const seen = new Map<string, ModuleStream>();
  for (const build of builds) {
    const key = [build.name, build.stream, build.version, build.context, build.arch].join(':');
    if (!seen.has(key)) seen.set(key, build);
  }
  return [...seen.values()];
}

function decideStates(
  builds: readonly ModuleStream[],
  { defaults, skipped }: { readonly defaults: ReadonlyMap<string, string>; readonly skipped: ModuleIndex['skipped'] },
  request: ModuleRequest,
  problems: string[],
): ReadonlyMap<string, ModuleState> {
  const states = new Map<string, ModuleState>();
  // libdnf treats a missing default stream as an empty one.
  for (const { name, stream } of builds) if (stream === '') states.set(name, { kind: 'default', stream });
  for (const [module, stream] of defaults) states.set(module, { kind: 'default', stream });
  for (const text of request.disable) {
    const spec = parseModuleSpec(text);
    const isMeant = spec === undefined ? undefined : globMatcher(spec.name);
    const named = builds.filter((build) => isMeant?.(build.name) === true);
    if (named.length === 0) problems.push(explainUnknownModule(text, builds, skipped));
    for (const { name } of named) states.set(name, { kind: 'disabled', stream: '' });
  }
  for (const text of request.enable) {
    const spec = parseModuleSpec(text);
    const named = spec === undefined ? [] : builds.filter((build) => matchesModuleSpec(spec, build));
    if (named.length === 0) problems.push(explainUnknownModule(text, builds, skipped));
    for (const name of new Set(named.map((build) => build.name))) {
      const streams = streamsOf(named.filter((build) => build.name === name));
      enableOne({ name, streams, text }, states, problems);
    }
  }
  return states;
}

function enableOne(
  wanted: { readonly name: string; readonly streams: readonly string[]; readonly text: string },
  states: Map<string, ModuleState>,
  problems: string[],
): void {
  const { name, streams, text } = wanted;
  const before = states.get(name);
  if (streams.length > 1) {
    if (before !== undefined && streams.includes(before.stream)) states.set(name, { kind: 'enabled', stream: before.stream });
    else
      problems.push(
        `\`${text}\` could be ${quoted(streams.map((stream) => `${name}:${stream}`))}, and none of them is the default: name one`,
      );
    return;
  }
  const stream = streams[0]!;
  if (before?.kind === 'enabled' && before.stream !== stream) {
    problems.push(`module \`${name}\` is enabled with two streams, \`${before.stream}\` and \`${stream}\``);
    return;
  }
  states.set(name, { kind: 'enabled', stream });
}

/** Old documents of one stream may have the same context only by name, so their context is generated from their requirements. */
function asSolvables(builds: readonly ModuleStream[], archRankOf: (arch: string) => number): ModuleSolvable[] {
  const contexts = new Map<string, string>();
  for (const build of builds) {
    const key = `${build.name}:${build.stream} ${requirementsOf(build)}`;
    if (build.staticContext && !contexts.has(key)) contexts.set(key, build.context);
  }
  return builds.map((build) => {
    const requirements = requirementsOf(build);
    const made = contexts.get(`${build.name}:${build.stream} ${requirements}`) ?? (requirements || 'NoRequires');
    const solvableName = `${build.name}:${build.stream}:${build.staticContext ? build.context : made || build.context}`;
    return { build, solvableName, archRank: archRankOf(build.arch) };
  });
}

function requirementsOf(build: ModuleStream): string {
  const texts: string[] = [];
  for (const entry of build.requires) {
    for (const [module, streams] of entry) {
      if (module !== 'platform') texts.push(streams.length === 0 ? module : `${module}:[${[...streams].sort().join(',')}]`);
    }
  }
  return texts.sort().join(';');
}

/** Solves with decreasing strictness, as libdnf does: first default streams become optional, then the newest builds, then all streams. */
function* solveModules(
  solvables: readonly ModuleSolvable[],
  states: ReadonlyMap<string, ModuleState>,
  request: ModuleRequest,
  { problems, budget }: { readonly problems: string[]; readonly budget: Budget },
): Turns<{ readonly names: ReadonlySet<string>; readonly warnings: readonly Warning[] }> {
  const modules = buildModulePool(solvables, request.platform, request.architecture);
  const jobs = jobsOf(solvables, states, modules);
  if (jobs.length === 0) return { names: new Set(), warnings: [] };
  const excluded = new Uint8Array(modules.pool.end);
  solvables.forEach(({ build }, i) => {
    if (states.get(build.name)?.kind === 'disabled') excluded[i + 1] = 1;
  });
  function* attempt(how: {
    readonly weakDefaults: boolean;
    readonly allWeak: boolean;
    readonly best: boolean;
  }): Turns<ReadonlySet<string> | undefined> {
    const list = jobs.map(({ candidates, isDefault }) => ({ candidates, weak: how.allWeak || (how.weakDefaults && isDefault) }));
    if (list.some((job) => !job.weak && job.candidates.length === 0)) return undefined;
    return yield* installed(modules, list, { excluded, best: how.best, budget });
  }
  const strict = yield* attempt({ weakDefaults: false, allWeak: false, best: true });
  if (strict !== undefined) return { names: strict, warnings: [] };
  const withoutDefaults = yield* attempt({ weakDefaults: true, allWeak: false, best: true });
  if (withoutDefaults !== undefined)
    return {
      names: withoutDefaults,
      warnings: [{ code: 'MODULE_DEFAULTS_CONFLICT', text: 'not all default module streams can be enabled together' }],
    };
  const withOlder = yield* attempt({ weakDefaults: true, allWeak: false, best: false });
  if (withOlder !== undefined) {
    // dnf refuses to enable a stream whose newest build cannot be enabled, even if an older one could.
    problems.push(...explainModuleConflict(newestBuilds(solvables), states, request.platform));
    return { names: withOlder, warnings: [] };
  }
  problems.push(...explainModuleConflict(solvables, states, request.platform));
  return { names: (yield* attempt({ weakDefaults: true, allWeak: true, best: false })) ?? new Set(), warnings: [] };
}

/** The newest builds of each module, stream and context. */
function newestBuilds(solvables: readonly ModuleSolvable[]): ModuleSolvable[] {
  const newest = new Map<string, ModuleSolvable>();
  for (const solvable of solvables) {
    const known = newest.get(solvable.solvableName);
    if (known === undefined || BigInt(solvable.build.version) > BigInt(known.build.version)) newest.set(solvable.solvableName, solvable);
  }
  return [...newest.values()];
}

interface ModuleJob {
  readonly candidates: Int32Array;
  readonly isDefault: boolean;
}

function jobsOf(solvables: readonly ModuleSolvable[], states: ReadonlyMap<string, ModuleState>, modules: ModulePool): ModuleJob[] {
  const jobs = new Map<string, ModuleJob>();
  for (const { build } of solvables) {
    const state = states.get(build.name);
    if (state === undefined || state.kind === 'disabled' || state.stream !== build.stream || jobs.has(build.name)) continue;
    jobs.set(build.name, { candidates: modules.providersOfStream(build.name, build.stream), isDefault: state.kind === 'default' });
  }
  return [...jobs.values()];
}

function* installed(
  modules: ModulePool,
  jobs: readonly InstallJob[],
  { excluded, best, budget }: { readonly excluded: Uint8Array; readonly best: boolean; readonly budget: Budget },
): Turns<ReadonlySet<string> | undefined> {
  const platform = modules.platform === 0 ? [] : [{ candidates: Int32Array.of(modules.platform), weak: false }];
  const request = {
    jobs: [...platform, ...jobs],
    excluded,
    ignored: undefined,
    favored: undefined,
    multiversion: undefined,
    weakDependencies: false,
    best,
  };
  const outcome = yield* solveInTurns(modules.pool, request, budget);
  if (outcome.kind !== 'solved') return undefined;
  const { name, strings } = modules.pool;
  return new Set([...outcome.installed].map((s) => strings.get(name[s] as StringId)));
}
