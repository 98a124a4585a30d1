/**
 * Computes new lockfiles from a manifest, the existing lockfiles and the packages of the repositories. It uses no files, environment or clock, and
 * no network except through `pools`: the commands, the bot and the service call it, and a `Project` reads and writes.
 */
import type { Emit } from '../base/events.ts';
import { throwIfStopped } from '../base/interruption.ts';
import type { Warning } from '../base/warnings.ts';
import type { InstalledLookup } from '../lockfile/base-changes.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { metadataChecksum } from '../lockfile/package-digest.ts';
import { comparePackageVersions, fullVersionText } from '../lockfile/package-version.ts';
import { holdsInForce } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PackageRecord, Pool } from '../pool/pool.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { AllowedDowngrades } from './downgrades.ts';
import { type FoundSources, findSources, missingSources, sourceNotes } from './find-sources.ts';
import type { BaseSource } from './installed-base.ts';
import { makeLock, type PlannedLock } from './make-lock.ts';
import { moveNotes, rebuiltNotes } from './move-notes.ts';
import type { MovedPackage } from './moved-packages.ts';
import { matchNames, refuseUnknownNames } from './named-packages.ts';
import { type Pools, poolSource } from './pools.ts';
import { type FailedTarget, type FavoredBuild, type SolvedTarget, type SolveJob, solveTargets } from './solve-targets.ts';
import { chooseTargets, type Target } from './target.ts';

/** Treatment of a locked package: `move` to the newest version, `keep` if it still fits, leave it `free`, or prefer the build of a source RPM. */
export type LockPolicy = (locked: LockedPackage) => 'move' | 'keep' | 'free' | { readonly source: string };

export interface PlanRequest {
  readonly manifest: Manifest;
  /** The existing lockfiles, in any order. */
  readonly locks: readonly Lockfile[];
  /** Packages of the manifest's repositories for each architecture. */
  readonly pools: Pools;
  /** Reads the bases of sets with a `base`; not needed for lists of packages. */
  readonly bases?: BaseSource | undefined;
  /** `update`: newest versions. `lock`: locked versions stay if they still fit. */
  readonly mode: 'update' | 'lock';
  /** With `update`: only packages with these names (globs), and other packages that must change with them. */
  readonly names?: readonly string[] | undefined;
  /** With `update`: only packages built from these source RPMs. */
  readonly sources?: readonly string[] | undefined;
  /** Names of sets; default all of the manifest. */
  readonly sets?: readonly string[] | undefined;
  readonly architectures?: readonly string[] | undefined;
  /**
   * Permits downgrades of locked packages and older metadata than that of a lock: for all packages, or for packages and source RPMs of these names
   * (globs). Otherwise these fail (DOWNGRADE, MIRROR_BEHIND), unless the manifest requests them.
   */
  readonly allowDowngrade?: AllowedDowngrades | undefined;
  /** YYYY-MM-DD: holds that ended before it are ignored. Without it all holds apply. */
  readonly today?: string | undefined;
  /** Continues if the repositories of an architecture cannot be read; otherwise that error is thrown. */
  readonly keepGoing?: boolean | undefined;
  /** Fingerprints of signing keys by repository, recorded in lockfiles. */
  readonly fingerprints?: ((architecture: string) => Promise<ReadonlyMap<string, readonly string[]>>) | undefined;
  /** Finds the sha256 of packages whose repository has another checksum, by that checksum (`sha512:...`). Without it they cannot be locked. */
  readonly sha256s?:
    | ((architecture: string, packages: readonly PackageRecord[], before: Lockfile | undefined) => Promise<ReadonlyMap<string, string>>)
    | undefined;
  /** Reads the repositories that have only source RPMs, for a set with `sources`; undefined if there are none. */
  readonly sourcePools?: ((target: Target) => Promise<Pool | undefined>) | undefined;
  /** Replaces the treatment of locked packages that follows from `mode` and `names`. */
  readonly policy?: LockPolicy | undefined;
  /** Solves only these of the chosen sets and architectures; the others stay unchanged. */
  readonly targets?: readonly Target[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Time limit of one solve in seconds; default 300. */
  readonly solverSeconds?: number | undefined;
  readonly onEvent?: Emit | undefined;
  /** Packages of bases that are known without a network request, for the diff. */
  readonly installedOf?: ((locks: readonly Lockfile[]) => Promise<InstalledLookup>) | undefined;
  /** Monotonic clock in milliseconds, to measure the time of each set; without it no time is measured. */
  readonly tick?: (() => number) | undefined;
}

/** A set and architecture without a resolution. */
export type PlanFailure = FailedTarget;

export interface Plan {
  /** New lockfiles of all chosen sets and architectures except failed ones. An unchanged one is the object that was given. */
  readonly locks: readonly Lockfile[];
  /** Changes from the given locks to `locks`. */
  readonly diff: LockfileDiff;
  readonly notes: readonly Warning[];
  readonly failures: readonly PlanFailure[];
  /** Solved targets and their results. */
  readonly planned: readonly PlannedLock[];
  /** The diff of a second plan right after this one: no changes. */
  readonly settled: LockfileDiff;
}

/** Throws USAGE for names that neither the manifest nor the lockfiles have, and INTERRUPTED if the signal was raised. */
export async function plan(request: PlanRequest): Promise<Plan> {
  const { manifest, locks, signal, today } = request;
  throwIfStopped(signal);
  const { chosen, targets, policy } = chooseWork(request);
  const present = new Map(locks.map((lock) => [keyOf(lock.package_set, lock.architecture), lock]));
  const lockOf = ({ set, architecture }: Target): Lockfile | undefined => present.get(keyOf(set.name, architecture));
  const jobs = targets.map((target) => jobFor(target, lockOf(target), policy));
  const outcome = await solveTargets(manifest, jobs, {
    pools: poolSource(request.pools, request.signal),
    bases: request.bases,
    signal,
    solverSeconds: request.solverSeconds,
    emit: request.onEvent ?? (() => undefined),
    tick: request.tick ?? (() => 0),
    today,
    keepGoing: request.keepGoing === true,
    allowDowngrade: request.allowDowngrade,
    others: otherArchitectures(manifest, targets, lockOf),
  });
  const { solved } = outcome;
  const failures = await withOtherArchitectures(outcome.failed, request);
  const planned: PlannedLock[] = [];
  const sourceWarnings: Warning[] = [];
  for (const answer of solved) {
    const { architecture, set } = answer.target;
    const before = lockOf(answer.target);
    const sourcePool = set.sources === undefined ? undefined : await request.sourcePools?.(answer.target);
    const sources = sourcesOf(answer, { manifest, before, more: sourcePool });
    if (sources !== undefined && sources.missing.length > 0) {
      if (set.sources?.required === true) {
        failures.push({ target: answer.target, problems: [], error: missingSources(sources) });
        continue;
      }
      sourceWarnings.push(...sourceNotes(answer.target, sources));
    }
    const keys = await request.fingerprints?.(architecture);
    const records = [...answer.solved.packages, ...(sources?.found ?? [])];
    const others = records.filter(({ checksum }) => checksum.type !== 'sha256');
    const sha256s = others.length === 0 ? undefined : await request.sha256s?.(architecture, others, before);
    planned.push(
      makeLock(manifest, answer, {
        before,
        fingerprints: keys ?? new Map(),
        sha256s,
        sources,
        sourceRepositories: sourcePool?.repos ?? [],
      }),
    );
  }
  throwIfStopped(signal);
  const solvedTargets = new Set(targets);
  const kept = chosen.filter((target) => !solvedTargets.has(target)).flatMap((target) => lockOf(target) ?? []);
  const before = [...kept, ...planned.flatMap((lock) => lock.before ?? [])];
  const after = [...kept, ...planned.map(({ lockfile }) => lockfile)];
  const options = {
    holds: today === undefined ? manifest.holds : holdsInForce(manifest.holds, today),
    ...(request.installedOf === undefined ? {} : { installedOf: await request.installedOf([...before, ...after]) }),
  };
  let diff: LockfileDiff | undefined;
  return {
    locks: inOrder(chosen, after),
    get diff() {
      diff ??= diffLockfiles(before, after, options);
      return diff;
    },
    notes: [...solved.flatMap(({ warnings }) => warnings), ...moveNotes(solved), ...rebuiltNotes(planned), ...sourceWarnings],
    failures,
    planned,
    get settled() {
      return diffLockfiles(after, after, options);
    },
  };
}

function sourcesOf(
  { target, solved, sources }: SolvedTarget,
  places: { readonly manifest: Manifest; readonly before: Lockfile | undefined; readonly more: Pool | undefined },
): FoundSources | undefined {
  return sources === undefined ? undefined : findSources(target, solved.packages, { ...places, inPool: sources });
}

const keyOf = (set: string, architecture: string): string => `${set} ${architecture}`;

function inOrder(chosen: readonly Target[], locks: readonly Lockfile[]): Lockfile[] {
  const found = new Map(locks.map((lock) => [keyOf(lock.package_set, lock.architecture), lock]));
  return chosen.flatMap(({ set, architecture }) => found.get(keyOf(set.name, architecture)) ?? []);
}

interface Work {
  readonly chosen: readonly Target[];
  /** Targets that are solved. */
  readonly targets: readonly Target[];
  readonly policy: LockPolicy;
}

/** If packages are named, only lockfiles with one of them are solved: the others have nothing to move. */
function chooseWork({ manifest, locks, mode, names = [], sources = [], sets, architectures, targets, policy }: PlanRequest): Work {
  const chosen = chooseTargets(manifest, { set: sets, arch: architectures });
  if (policy !== undefined || names.length + sources.length === 0) {
    const named = new Set(targets?.map(({ set, architecture }) => keyOf(set.name, architecture)));
    return {
      chosen,
      targets: targets === undefined ? chosen : chosen.filter(({ set, architecture }) => named.has(keyOf(set.name, architecture))),
      policy: policy ?? (() => (mode === 'lock' ? 'keep' : 'free')),
    };
  }
  const ofTargets = locks.filter((lock) =>
    chosen.some(({ set, architecture }) => set.name === lock.package_set && architecture === lock.architecture),
  );
  refuseUnknownNames({ names, sources }, ofTargets);
  const isMoved = matchNames({ names, sources });
  const moving = ofTargets.filter(({ packages }) => packages.some(isMoved));
  return {
    chosen,
    targets: chosen.filter(({ set, architecture }) =>
      moving.some((lock) => lock.package_set === set.name && lock.architecture === architecture),
    ),
    policy: (locked) => (isMoved(locked) ? 'move' : 'keep'),
  };
}

function jobFor(target: Target, before: Lockfile | undefined, policy: LockPolicy): SolveJob {
  const fates = (before?.packages ?? []).map((locked) => ({ locked, fate: policy(locked) }));
  return {
    target,
    before,
    favor: fates.filter(({ fate }) => fate === 'keep' || typeof fate === 'object').map(({ locked }) => favoredBuild(locked)),
    moved: movedPackages(fates.filter(({ fate }) => fate === 'move').map(({ locked }) => locked)),
    rebuilt: fates.flatMap(({ locked, fate }) =>
      typeof fate === 'object' ? [{ nevra: formatNevra(locked), name: locked.name, source: fate.source }] : [],
    ),
  };
}

/** Each name once, with its oldest locked version. */
function movedPackages(packages: readonly LockedPackage[]): MovedPackage[] {
  const moved = new Map<string, LockedPackage>();
  for (const locked of packages) {
    const known = moved.get(locked.name);
    if (known === undefined || comparePackageVersions(locked, known) < 0) moved.set(locked.name, locked);
  }
  return [...moved].map(([name, locked]) => ({ name, evr: fullVersionText(locked) }));
}

const favoredBuild = (locked: LockedPackage): FavoredBuild => ({
  nevra: formatNevra(locked),
  sha256: metadataChecksum(locked),
  repository: locked.repository,
});

/** Locked packages of other architectures of the same sets, for packages that must have one version everywhere. */
function otherArchitectures(manifest: Manifest, targets: readonly Target[], lockOf: (target: Target) => Lockfile | undefined) {
  if (manifest.sameVersion.length === 0) return [];
  return [...new Set(targets.map(({ set }) => set))]
    .flatMap((set) => set.architectures.map((architecture) => ({ set, architecture })))
    .filter(({ set, architecture }) => !targets.some((target) => target.set === set && target.architecture === architecture))
    .flatMap((target) => {
      const lock = lockOf(target);
      return lock === undefined ? [] : [{ target, solved: { packages: lock.packages } }];
    });
}

async function withOtherArchitectures(failed: readonly FailedTarget[], request: PlanRequest): Promise<FailedTarget[]> {
  if (failed.length === 0) return [];
  const { suggestOtherArchitectures } = await import('./other-architectures.ts');
  const refusals = failed.map(({ target, problems }) => ({ architecture: target.architecture, problems }));
  const world = { pools: poolSource(request.pools, request.signal), emit: request.onEvent ?? (() => undefined) };
  const problems = await suggestOtherArchitectures(request.manifest, refusals, world);
  return failed.map((failure, i) => ({ ...failure, problems: problems[i]! }));
}
