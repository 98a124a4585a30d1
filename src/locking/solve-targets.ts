/** Solves sets for architectures: reads each architecture's repositories once, and solves one architecture while it reads the next. */
import { setImmediate } from 'node:timers/promises';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { orStopped, throwIfStopped } from '../base/interruption.ts';
import type { Warning } from '../base/warnings.ts';
import type { LockedBase, Lockfile } from '../lockfile/lockfile.ts';
import { holdsInForce } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest, requestedSpecs } from '../manifest/manifest-digest.ts';
import { repositoriesFor, repositoriesOfSet } from '../manifest/repositories-for.ts';
import { placesOf } from '../manifest/repository-urls.ts';
import { statusOf } from '../net/failures.ts';
import type { PackageRecord, Pool, PoolRepo } from '../pool/pool.ts';
import { modularRepositories } from '../resolution/modular-repositories.ts';
import { packagesNamed } from '../resolution/query-packages.ts';
import type { FavoredPackage, Problem, ResolveRequest, Solved, VersionConstraint } from '../resolution/resolution.ts';
import { formatNevra, parseNevra } from '../rpm/nevra.ts';
import { downgradeError, mirrorBehindError } from './backwards-error.ts';
import { alignVersions, type KnownVersions, type SolvedForArchitecture, versionsIn, versionsKeyOf } from './common-versions.ts';
import type { AllowedDowngrades, Downgrade } from './downgrades.ts';
import { type PoolSources, sourcesInPool } from './find-sources.ts';
import { type BaseSource, type InstalledBase, listedBase } from './installed-base.ts';
import { type MovedPackage, movingConstraints } from './moved-packages.ts';
import { findOlderMetadata } from './older-metadata.ts';
import type { PoolSource } from './pools.ts';
import { preventDowngrades } from './prevent-downgrades.ts';
import { type StuckPackage, solveMoving } from './solve-moving.ts';
import type { Target } from './target.ts';

export type FavoredBuild = Exclude<FavoredPackage, string>;

/** One set for one architecture, with the packages to keep and to move. */
export interface SolveJob {
  readonly target: Target;
  /** The existing lock. */
  readonly before: Lockfile | undefined;
  /** Packages that are kept if they still fit. */
  readonly favor: readonly FavoredBuild[];
  /** Packages to update to the newest version that can be solved. */
  readonly moved: readonly MovedPackage[];
  /** Packages of `favor` that should be taken from another build, if it contains them. */
  readonly rebuilt: readonly { readonly nevra: string; readonly name: string; readonly source: string }[];
}

export interface SolvedTarget {
  readonly target: Target;
  readonly solved: Solved;
  readonly repositories: readonly PoolRepo[];
  readonly milliseconds: number;
  readonly stuck: readonly StuckPackage[];
  /** NEVRAs that should stay but are in no repository any more. */
  readonly lost: readonly string[];
  /** Requested downgrades. */
  readonly downgrades: readonly Downgrade[];
  readonly warnings: readonly Warning[];
  /** The base with the installed packages. */
  readonly base?: LockedBase | undefined;
  /** Ids of the repositories of chosen module packages. */
  readonly modular: ReadonlySet<string>;
  /** Source RPMs in the same repositories, for a set that requests them. */
  readonly sources: PoolSources | undefined;
}

export interface FailedTarget {
  readonly target: Target;
  readonly problems: readonly Problem[];
  /** The error if its repositories could not be read. */
  readonly error?: RpmDepsError;
}

export interface SolveOutcome {
  /** In the order of the jobs. */
  readonly solved: readonly SolvedTarget[];
  readonly failed: readonly FailedTarget[];
}

/** Inputs of solving. */
export interface SolveWorld {
  readonly pools: PoolSource;
  readonly bases: BaseSource | undefined;
  readonly signal: AbortSignal | undefined;
  /** Time limit of one solve in seconds; undefined: the solver's default. */
  readonly solverSeconds: number | undefined;
  readonly emit: Emit;
  /** Monotonic clock in milliseconds, to measure the time of a set. */
  readonly tick: () => number;
  /** YYYY-MM-DD; holds that ended before it are ignored. */
  readonly today: string | undefined;
  /** If the repositories of an architecture cannot be read, its sets fail; otherwise the error is thrown. */
  readonly keepGoing: boolean;
  /** Permits downgrades of locked packages and older metadata than that of the lock. */
  readonly allowDowngrade: AllowedDowngrades | undefined;
  /** Locks of the same sets for architectures that are not solved. */
  readonly others: readonly SolvedForArchitecture[];
}

export async function solveTargets(manifest: Manifest, jobs: readonly SolveJob[], world: SolveWorld): Promise<SolveOutcome> {
  const constraints = new Map<string, readonly VersionConstraint[]>();
  const known: KnownVersions = new Map();
  const round = { constraints, known };
  let outcomes = await solveRound(manifest, jobs, round, world);
  // Each round fixes different versions; the packages that this forces may then differ in turn.
  for (let rounds = 0; rounds < MAX_ROUNDS && manifest.sameVersion.length > 0; rounds++) {
    const uneven = alignVersions([...outcomes.filter(isSolved), ...world.others], manifest.sameVersion, known);
    if (uneven.length === 0) break;
    for (const { set, constraints: more } of uneven) constraints.set(set, [...(constraints.get(set) ?? []), ...more]);
    const problems = new Map(uneven.map((set) => [set.set, set.problems]));
    const again = jobs.filter(({ target }) => problems.get(target.set.name)?.length === 0);
    const solvedAgain = await solveRound(manifest, again, round, world);
    outcomes = outcomes.map((outcome) => {
      const found = problems.get(outcome.target.set.name) ?? [];
      if (found.length > 0) return { target: outcome.target, problems: found };
      return solvedAgain.find(({ target }) => target === outcome.target) ?? outcome;
    });
  }
  return { solved: outcomes.filter(isSolved), failed: outcomes.filter(isFailed) };
}

const MAX_ROUNDS = 10;

type Outcome = SolvedTarget | FailedTarget;
const isSolved = (outcome: Outcome): outcome is SolvedTarget => 'solved' in outcome;
const isFailed = (outcome: Outcome): outcome is FailedTarget => 'problems' in outcome;

interface Round {
  /** Constraints by set. */
  readonly constraints: ReadonlyMap<string, readonly VersionConstraint[]>;
  /** Filled during solving. */
  readonly known: KnownVersions;
}

async function solveRound(manifest: Manifest, jobs: readonly SolveJob[], round: Round, world: SolveWorld): Promise<Outcome[]> {
  const outcomes = new Map<SolveJob, Outcome>();
  const pools = [...new Set(jobs.map(({ target }) => target.architecture))].map((architecture) => {
    const loading = poolOf(architecture, world);
    // The error is handled when this architecture is solved; without this line it would be an unhandled rejection.
    loading.catch(() => undefined);
    return { architecture, loading };
  });
  for (const { architecture, loading } of pools) {
    const here = jobs.filter(({ target }) => target.architecture === architecture);
    const solveHere = async (pool: Pool): Promise<void> => {
      throwIfStopped(world.signal);
      for (const job of here) {
        const key = versionsKey(job.target);
        if (!round.known.has(key)) round.known.set(key, versionsIn(poolOfSet(manifest, job.target, pool), manifest.sameVersion));
        // Run pending reads, writes and signal handlers.
        await setImmediate();
        throwIfStopped(world.signal);
        outcomes.set(job, await solveJob(manifest, pool, job, round, world));
      }
    };
    try {
      await solveHere(await loading).catch(async (error: unknown) => {
        // filelists.xml is read on demand: a 404 means that the mirror was updated after repomd.xml was read.
        if (statusOf(error) !== 404) throw error;
        world.emit({ kind: 'debug', text: `${(error as RpmDepsError).message}; starting again for ${architecture}` });
        for (const { target } of here) round.known.delete(versionsKey(target));
        await solveHere(await poolOf(architecture, world));
      });
    } catch (error) {
      if (!world.keepGoing || !(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      for (const job of here) outcomes.set(job, { target: job.target, problems: [], error });
    }
  }
  return jobs.map((job) => outcomes.get(job)!);
}

async function poolOf(architecture: string, { pools }: SolveWorld): Promise<Pool> {
  const pool = await pools(architecture);
  if (pool !== undefined) return pool;
  throw new RpmDepsError('USAGE', `there are no packages for ${architecture}: \`pools\` has no pool of that architecture`);
}

async function solveJob(manifest: Manifest, all: Pool, job: SolveJob, round: Round, world: SolveWorld): Promise<Outcome> {
  const { target, before } = job;
  const pool = poolOfSet(manifest, target, all);
  const older = before === undefined || world.allowDowngrade !== undefined ? undefined : findOlderMetadata(manifest, before, pool.repos);
  if (older !== undefined) return { target, problems: [], error: mirrorBehindError(older, pool.repos) };
  const name = `${target.set.name}-${target.architecture}`;
  world.emit({ kind: 'stage', stage: 'solve', text: `solving ${name}` });
  const started = world.tick();
  const constraints = [...activeHolds(manifest, world), ...(round.constraints.get(target.set.name) ?? [])];
  const base = target.set.base === undefined ? undefined : await baseOf(target, world);
  const request = { ...requestFor(manifest, job, constraints), ...installedPart(target, base), favor: fromOtherBuilds(pool, job) };
  const limits = { signal: world.signal, seconds: world.solverSeconds };
  const attempt = (more: readonly VersionConstraint[]) => {
    const asked = { ...request, constraints: [...constraints, ...more] };
    return solveMoving(pool, asked, movingConstraints(pool, job.moved, asked), limits);
  };
  const isPlace = placesOf(manifest, target.architecture);
  const ids = new Set(repositoriesFor(manifest, target.architecture).map(({ id }) => id));
  const isSameRequest = before?.manifest_digest === manifestDigest(manifest, target.set.name, target.architecture);
  const { outcome, stuck, allowed, refused } = await preventDowngrades(
    {
      ...{ pool, request, before, isSameRequest, attempt },
      allow: world.allowDowngrade,
      isSameRepository: (id) => {
        const locked = before?.repositories?.find((repository) => repository.id === id);
        return ids.has(id) && (isSameRequest || locked === undefined || isPlace(id, locked.baseurl));
      },
    },
    await attempt([]),
  );
  throwIfStopped(world.signal);
  const milliseconds = world.tick() - started;
  world.emit({ kind: 'timing', stage: 'solve', text: `solve ${name}`, ms: milliseconds });
  if (outcome.kind === 'unsolvable') return { target, problems: outcome.problems };
  if (refused.length > 0) return { target, problems: [], error: downgradeError(refused) };
  const warnings = outcome.warnings.map((warning): Warning => ({ ...warning, architecture: target.architecture }));
  const meant = new Set(job.rebuilt.map(({ nevra }) => nevra));
  const kept = job.favor.filter(({ nevra }) => !meant.has(nevra));
  const lost = lostPackages(pool, kept, outcome.packages);
  return {
    ...{ target, solved: outcome, repositories: reposOfSet(manifest, target, pool), milliseconds, stuck, lost, warnings },
    downgrades: allowed,
    base: base?.locked,
    modular: modularRepositories(pool, outcome.packages),
    sources: target.set.sources && sourcesInPool(pool, outcome.packages, target.set.sources),
  };
}

/** The pool with only a set's repositories. One manifest may have sets of two distributions. */
function poolOfSet(manifest: Manifest, { set, architecture }: Target, pool: Pool): Pool {
  if (set.repositories === undefined) return pool;
  return pool.onlyRepositories(reposOfSet(manifest, { set, architecture }, pool).map(({ id }) => id));
}

function reposOfSet(manifest: Manifest, { set, architecture }: Target, { repos }: Pool): readonly PoolRepo[] {
  if (set.repositories === undefined) return repos;
  const ids = new Set(repositoriesOfSet(manifest, set, architecture).map(({ id }) => id));
  return repos.filter(({ id }) => ids.has(id));
}

/** Sets with the same repositories have the same available versions. */
const versionsKey = ({ set, architecture }: Target): string => versionsKeyOf(architecture, set.repositories);

async function baseOf(target: Target, { bases, signal }: SolveWorld): Promise<InstalledBase> {
  const { base } = target.set;
  if (bases !== undefined) return orStopped(bases(target), signal);
  if (base?.kind === 'packages') return listedBase(base.packages);
  throw new RpmDepsError('USAGE', `the base of the set \`${target.set.name}\` is not read here`, {
    hint: 'list the packages of the base, or lock the set in a project; programs pass `bases` to `plan`',
  });
}

function installedPart({ set, architecture }: Target, base: InstalledBase | undefined): Partial<ResolveRequest> {
  const requested = set.installedFor(architecture);
  const all = (names: readonly string[]): 'all' | readonly string[] => (names.includes('*') ? 'all' : names);
  if (base === undefined) return requested.assumeProvides.length === 0 ? {} : { assumeProvides: requested.assumeProvides };
  return {
    installed: base.installed,
    upgrade: all(requested.upgrade),
    distroSync: all(requested.distroSync),
    reinstall: requested.reinstall,
    remove: requested.remove,
    allowErasing: requested.allowErasing,
    assumeProvides: requested.assumeProvides,
    matchInstalledVersions: requested.matchBaseVersions,
  };
}

/** Favored packages, with locked builds replaced by other builds. */
function fromOtherBuilds(pool: Pool, { favor, rebuilt }: SolveJob): FavoredBuild[] {
  const others = new Map<string, FavoredBuild>();
  for (const { nevra, name, source } of rebuilt) {
    for (const known of packagesNamed(pool, name)) {
      if (!known.isInstallable || known.source !== source || known.arch !== parseNevra(nevra)?.arch) continue;
      others.set(nevra, { nevra: formatNevra(known), sha256: known.checksum.value, repository: known.repository });
    }
  }
  return favor.map((locked) => others.get(locked.nevra) ?? locked);
}

/** Packages that should stay but moved, because no repository has their version any more. */
function lostPackages(pool: Pool, favor: readonly FavoredBuild[], packages: readonly PackageRecord[]): string[] {
  const nevras = new Set(packages.map(formatNevra));
  const missing = favor.map(({ nevra }) => nevra).filter((nevra) => !nevras.has(nevra));
  if (missing.length === 0) return [];
  const names = new Set(packages.map(({ name }) => name));
  return missing.filter((nevra) => {
    const name = /^(.+)-\d+:[^:]*$/.exec(nevra)?.[1] ?? '';
    if (!names.has(name)) return false;
    return !packagesNamed(pool, name).some((known) => formatNevra(known) === nevra);
  });
}

function requestFor(manifest: Manifest, { target }: SolveJob, constraints: readonly VersionConstraint[]): ResolveRequest {
  const { set, architecture } = target;
  return {
    install: requestedSpecs(manifest, set.name, architecture),
    weakDependencies: set.weakDependencies,
    best: set.best,
    exclude: set.exclude,
    ignore: set.ignore,
    modules: set.modulesFor(architecture),
    constraints,
  };
}

/** Holds in force, as constraints of the solver. */
function activeHolds({ holds }: Manifest, { today }: SolveWorld): VersionConstraint[] {
  return (today === undefined ? holds : holdsInForce(holds, today)).map((hold) => ({
    name: hold.package,
    version: hold.version,
    reason: `held at ${hold.version}${hold.until === undefined ? '' : ` until ${hold.until}`}: ${hold.reason}`,
  }));
}
