/** Resolves one request: specs in, packages or problems out. Ids are not exposed. */

import { inOneGo, type Turns } from '../base/turns.ts';
import type { Warning } from '../base/warnings.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { Budget, type SolveLimits } from '../solver/budget.ts';
import { inTurns } from '../solver/in-turns.ts';
import { EXPLANATION_STEPS } from '../solver/minimal-core.ts';
import { Reasons } from '../solver/reasons.ts';
import type { SystemRequest } from '../solver/request.ts';
import { type FailedSolve, type SolveStatistics, solveInTurns } from '../solver/solve.ts';
import { describeAnswer } from './answer.ts';
import { explainFailure } from './explain-failure.ts';
import { explainMissing } from './explain-missing.ts';
import { modulesAskedFor } from './groups.ts';
import { installOnly, overInstallOnlyLimit } from './install-only.ts';
import { collectSystemJobs, withInstalled } from './installed.ts';
import { JOB_KINDS, type JobKind, jobsForSpec, type SpecJob } from './jobs.ts';
import { decideModules, hasNoModules } from './module-filter.ts';
import { namesOf, PackageQuery } from './package-query.ts';
import type { DependencyEdge, FavoredPackage, Problem, ResolveOutcome, ResolveRequest } from './resolution.ts';
import { findIgnored, findVisibility, moduleOptionsFor, type Visibility } from './visibility.ts';

/**
 * Resolves a request on a pool.
 * A spec without a match is a problem in the outcome. Throws SOLVER_BUDGET if the limits are reached, and INTERRUPTED if the signal was raised.
 * If a path's owner is only in filelists.xml, it is loaded before this returns (see `resolveAsync`).
 */
export function resolve(pool: Pool, request: ResolveRequest, limits?: SolveLimits): ResolveOutcome {
  const budget = new Budget(limits);
  for (;;) {
    const outcome = inOneGo(attempt(pool, request, budget));
    if (outcome.kind === 'needs-groups')
      throw new Error('the groups of this pool are not loaded: call resolveAsync, or load it with groups');
    if (outcome.kind !== 'needs-filelists') return outcome;
    outcome.pool.loadFilelistsSync(outcome.paths);
  }
}

/** The same without blocking the event loop, neither while loading filelists.xml nor while solving. */
export async function resolveAsync(pool: Pool, request: ResolveRequest, limits?: SolveLimits): Promise<ResolveOutcome> {
  const budget = new Budget(limits);
  for (;;) {
    const outcome = await inTurns(attempt(pool, request, budget), budget);
    if (outcome.kind === 'needs-filelists') await outcome.pool.loadFilelists(outcome.paths);
    else if (outcome.kind === 'needs-groups') await outcome.pool.loadGroups();
    else return outcome;
  }
}

export type { SolveLimits } from '../solver/budget.ts';

interface NeedsGroups {
  readonly kind: 'needs-groups';
  readonly pool: Pool;
}

type Needs = NeedsFilelists | NeedsGroups;

interface NeedsFilelists {
  readonly kind: 'needs-filelists';
  readonly pool: Pool;
  readonly paths: readonly StringId[];
}

interface CollectedJobs {
  readonly system: SystemRequest | undefined;
  readonly jobs: readonly SpecJob[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** Repositories that are not selected have no effect on a result; a refusal names those that would help. */
function* attempt(repositories: Pool, request: ResolveRequest, budget: Budget): Turns<ResolveOutcome | Needs> {
  const { pool: all, problems } = withInstalled(repositories, request);
  if (problems.length > 0) return { kind: 'unsolvable', problems };
  const pool = request.repositories === undefined ? all : all.onlyRepositories(request.repositories);
  const outcome = yield* attemptOn(pool, request, budget);
  if (outcome.kind !== 'unsolvable' || pool === all) return outcome;
  const unrestricted = yield* attemptOn(all, request, budget);
  return unrestricted.kind === 'solved' ? outcome : unrestricted;
}

function* attemptOn(pool: Pool, request: ResolveRequest, budget: Budget): Turns<ResolveOutcome | Needs> {
  if (pool.needsGroups && hasGroup(pool, request)) return { kind: 'needs-groups', pool };
  for (const _pause of pool.readModules()) if (budget.isTurnOverNow()) yield;
  const modules = moduleOptionsFor(pool, request);
  if (!hasNoModules(pool, modules)) yield* decideModules(pool, modules, budget);
  const visibility = findVisibility(pool, request);
  // All other problems would only be consequences of the modules' problems.
  if (visibility.moduleProblems.length > 0) return { kind: 'unsolvable', problems: visibility.moduleProblems.map(moduleProblem) };
  const collected = yield* collectJobs(pool, request, visibility, budget);
  if ('paths' in collected) return collected;

  const ignored = findIgnored(pool, request.ignore ?? []);
  const solverRequest = {
    excluded: visibility.hidden,
    ignored,
    favored: findFavored(pool, request.favor ?? []),
    multiversion: installOnly(pool),
    weakDependencies: request.weakDependencies ?? false,
    best: request.best ?? false,
    system: collected.system,
  };
  let { jobs } = collected;
  let outcome = yield* solveInTurns(pool, { ...solverRequest, jobs }, budget);
  const { multiversion, system } = solverRequest;
  const over = outcome.kind === 'solved' && multiversion !== undefined ? overInstallOnlyLimit(pool, outcome.installed) : undefined;
  if (over !== undefined && system !== undefined) {
    // dnf also removes packages that require a removed version.
    const smaller = { ...system, erase: [...system.erase, ...over.erase], allowErasing: true };
    const kept = over.keep.map((s) => ({ spec: pool.nevra(s as SolvableId), candidates: Int32Array.of(s), weak: false }));
    outcome = yield* solveInTurns(pool, { ...solverRequest, jobs: [...jobs, ...kept], system: smaller }, budget);
    if (outcome.kind === 'unsolvable') jobs = [...jobs, ...kept];
  }
  if (outcome.kind === 'needs-filelists') return { ...outcome, pool };
  // Solve also without the missing packages, to report other problems.
  const unsolvable =
    outcome.kind === 'unsolvable'
      ? yield* explainAll(outcome.failure, { pool, jobs, visibility, overLimit: over?.erase ?? [] }, budget)
      : [];
  if (outcome.kind === 'unsolvable' || collected.problems.length > 0)
    return { kind: 'unsolvable', problems: [...collected.problems, ...unsolvable] };
  return solved(pool, outcome.installed, outcome.statistics, {
    jobs,
    ignored,
    weak: solverRequest.weakDependencies,
    warnings: [...visibility.warnings, ...collected.warnings],
  });
}

/** Whether a spec with `@` is not a module. */
function hasGroup(pool: Pool, { install }: ResolveRequest): boolean {
  const asked = install.filter((spec) => spec.startsWith('@'));
  return asked.length > 0 && modulesAskedFor(pool, asked).length < asked.length;
}

function moduleProblem(text: string): Problem {
  return { kind: 'no-such-package', text, suggestions: [], packages: [], relations: [] };
}

function* explainAll(
  failure: FailedSolve,
  asked: Omit<Parameters<typeof explainFailure>[2], 'reasons' | 'budget' | 'solve'>,
  budget: Budget,
): Turns<Problem[]> {
  const reasons = new Reasons(failure);
  const explaining = { steps: EXPLANATION_STEPS };
  const problems: Problem[] = [];
  for (const contradiction of failure.contradictions) {
    problems.push(yield* explainFailure(failure, contradiction, { ...asked, reasons, budget: explaining, solve: budget }));
    for (const rule of contradiction.proof) budget.steps += failure.state.rules.literals(rule).length;
    if (budget.isTurnOver()) yield;
  }
  return problems;
}

function solved(
  pool: Pool,
  installed: Int32Array,
  statistics: SolveStatistics,
  how: { jobs: readonly SpecJob[]; ignored: Uint8Array | undefined; weak: boolean; warnings: readonly Warning[] },
): ResolveOutcome {
  const { makeEdges, packages, dependencies, requests, ignored, unmet, changes: system } = describeAnswer(pool, installed, how);
  let edges: readonly DependencyEdge[] | undefined;
  return {
    kind: 'solved',
    packages,
    dependencies,
    requests,
    get edges() {
      edges ??= makeEdges();
      return edges;
    },
    ignored,
    unmet,
    warnings: how.warnings,
    statistics,
    changes: system.changes,
    removed: system.removed,
  };
}

/** Maximum number of specs without a match for which similar names are searched. */
const MAX_SUGGESTED = 100;

function* collectJobs(pool: Pool, request: ResolveRequest, visibility: Visibility, budget: Budget): Turns<CollectedJobs | NeedsFilelists> {
  const query = new PackageQuery(pool, visibility.hidden);
  const jobs: Record<JobKind, SpecJob[]> = { package: [], module: [], group: [] };
  const problems: Problem[] = [];
  const paths: StringId[] = [];
  const modules = { enable: request.modules?.enable ?? [], disable: request.modules?.disable ?? [] };
  for (const spec of request.install) {
    // A glob is compared with every name.
    budget.steps += 1000;
    if (budget.isTurnOver()) yield;
    const found = jobsForSpec(pool, query, spec, modules);
    if (found.kind === 'unknown-path') paths.push(found.path);
    else if (found.kind === 'not-found')
      problems.push(explainMissing(pool, spec, visibility, { ...found, isBrief: problems.length >= MAX_SUGGESTED }));
    else jobs[found.kind].push(...found.jobs);
  }
  const system = pool.installedEnd > 1 ? collectSystemJobs(pool, query, request) : undefined;
  paths.push(...(system?.paths ?? []));
  if (paths.length > 0) return { kind: 'needs-filelists', pool, paths };
  problems.push(...(system?.problems ?? []));
  return {
    jobs: [...(system?.jobs ?? []), ...JOB_KINDS.flatMap((kind) => jobs[kind])],
    problems,
    warnings: system?.warnings ?? [],
    system: system?.system,
  };
}

/** The favored packages that are still in the pool. */
function findFavored(pool: Pool, packages: readonly FavoredPackage[]): Uint8Array | undefined {
  if (packages.length === 0) return undefined;
  const favored = new Uint8Array(pool.end);
  for (const wanted of packages) {
    const nevra = typeof wanted === 'string' ? wanted : wanted.nevra;
    const name = /^(.+)-\d+:[^:]*$/.exec(nevra)?.[1];
    const id = name === undefined ? 0 : pool.strings.find(name);
    if (id === 0) continue;
    const found = [...pool.withName(id as StringId)].filter((s) => pool.nevra(s as SolvableId) === nevra);
    for (const s of typeof wanted === 'string' ? found : nearest(pool, found, wanted)) favored[s] = 1;
  }
  return favored;
}

/** Of several packages of one NEVRA the same file from the same repository, else the same file, else all. */
function nearest(pool: Pool, found: readonly number[], { sha256, repository }: Exclude<FavoredPackage, string>): readonly number[] {
  if (found.length < 2) return found;
  const same = found.filter((s) => pool.record(s as SolvableId).checksum.value.toLowerCase() === sha256);
  const here = same.filter((s) => pool.record(s as SolvableId).repository === repository);
  return here.length > 0 ? here : same.length > 0 ? same : found;
}

/** Names for suggestions, for callers that have only the pool. */
export function packageNames(pool: Pool): readonly string[] {
  return namesOf(pool).map(({ text }) => text);
}
