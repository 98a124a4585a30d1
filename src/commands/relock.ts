/** The common part of `update`, `lock` and `bump`: read the project, plan, write everything or nothing. */

import type { RpmDepsError } from '../base/errors.ts';
import type { WarningTarget } from '../base/events.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { renderLockfile } from '../lockfile/write.ts';
import type { AllowedDowngrades } from '../locking/downgrades.ts';
import type { BaseSource } from '../locking/installed-base.ts';
import type { PlannedLock } from '../locking/make-lock.ts';
import { type Plan, type PlanFailure, type PlanRequest, plan } from '../locking/plan.ts';
import { chooseTargets, type Target, type TargetInput } from '../locking/target.ts';
import { unsolvedError } from '../locking/unsolved.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ManifestTexts } from '../manifest/manifest-texts.ts';
import { knownRepositoriesFor, repositoriesFor, sourceRepositoriesFor } from '../manifest/repositories-for.ts';
import type { PoolRepo } from '../pool/pool.ts';
import type { BaseReading } from '../project/base-source.ts';
import { FolderProject } from '../project/folder-project.ts';
import { readKnownBases } from '../project/known-bases.ts';
import { loadArchitecture, loadSources, resolvedRepositories } from '../project/load-architecture.ts';
import type { LockPlace, ProjectChange } from '../project/project.ts';
import { isEmpty, type ProjectInput } from '../project/project-paths.ts';
import { countChanges, warnOfStrays } from '../project/write-locks.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import type { Context } from '../run/context.ts';
import type { RelockRow } from '../views/relock.ts';

export interface RelockInput extends ProjectInput, TargetInput {
  readonly dryRun?: boolean | undefined;
  /** Permits downgrades of all locked packages, or of these. */
  readonly allowDowngrade?: AllowedDowngrades | undefined;
  /** Write the sets that could be solved even if others could not; undefined for commands without this option. */
  readonly keepGoing?: boolean | undefined;
}

export interface RelockOrder extends Pick<PlanRequest, 'mode' | 'names' | 'sources' | 'policy' | 'targets'> {
  readonly manifest: Manifest;
  /** Written together with the lockfiles, or not at all. */
  readonly edited?: ManifestTexts;
  /** The texts before the edit. */
  readonly editedFrom?: ManifestTexts;
}

export interface RelockOutput {
  readonly sets: readonly RelockRow[];
  /** Computed on first access. */
  readonly diff: LockfileDiff;
  /** The diff of another run right after this one: no changes. */
  readonly settled: LockfileDiff;
  /** Texts of the lockfiles that were written, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether requested source RPMs of a set are missing. */
  readonly lacksSources: boolean;
  readonly repositories: readonly { readonly repository: ResolvedRepository; readonly repomdSha256: string }[];
  readonly dryRun: boolean;
  /** With `keepGoing`: the error of the sets that are not in `sets`. */
  readonly failure: RpmDepsError | undefined;
  readonly failures: readonly PlanFailure[];
}

export async function relock(order: RelockOrder, input: RelockInput, context: Context): Promise<RelockOutput> {
  const { manifest, edited, editedFrom } = order;
  const project = new FolderProject(input, context);
  const { signal, emit, now } = context;
  const locks = await project.locks(placesToRead(manifest, input));
  // Packages to keep may be in no repository any more, but in an archive.
  const keepsVersions = order.mode === 'lock' || !isEmpty(order.names) || !isEmpty(order.sources);
  const archives = new Map<string, string>();
  const planned = await plan({
    ...order,
    sets: input.set,
    architectures: input.arch,
    locks,
    pools: async (architecture) => {
      const options = input.allowDowngrade === undefined ? { locks } : {};
      if (!keepsVersions || manifest.fallbacks.length === 0) return loadArchitecture(manifest, architecture, context, options);
      const { loadWithArchived } = await import('../project/archived-pool.ts');
      return loadWithArchived(manifest, architecture, context, { kept: locks, places: archives, ...options });
    },
    bases: baseReader(manifest, { locks, keep: order.mode === 'lock' || !isEmpty(order.names) }, context),
    fingerprints: fingerprintReader(manifest, context),
    sha256s: async (architecture, packages, before) => {
      // Imported on demand, because this is rare and downloads RPMs.
      const { readPackageDigests } = await import('../project/package-digests.ts');
      return readPackageDigests(packages, { manifest, architecture, before }, context);
    },
    sourcePools: sourceReader(manifest, context),
    installedOf: (states) => readKnownBases(states, context),
    today: now().toISOString().slice(0, 10),
    keepGoing: input.keepGoing,
    allowDowngrade: input.allowDowngrade,
    signal,
    solverSeconds: context.solverSeconds,
    onEvent: emit,
    tick: () => performance.now(),
  });
  const { failures } = planned;
  if (failures.length > 0 && input.keepGoing !== true)
    throw unsolvedError(failures, { written: false, canKeepGoing: input.keepGoing !== undefined });
  emit({
    kind: 'warnings',
    warnings: planned.notes,
    targets: warningTargets(chooseTargets(manifest, {})),
  });
  const changed = planned.planned.filter(({ isChanged }) => isChanged).map(({ lockfile }) => lockfile);
  const written = archives.size === 0 ? changed : await namingArchives(changed, archives);
  const dryRun = input.dryRun === true;
  if (!dryRun) {
    const manifestEdit = edited === undefined || editedFrom === undefined ? {} : await manifestChange(editedFrom, edited);
    await project.write({ locks: written, ...manifestEdit });
  }
  if (order.targets === undefined && isWhole(order, input)) {
    await warnOfStrays(
      chooseTargets(manifest, {}).map((target) => project.lockPath(placeOf(target))),
      project.directory,
      context,
    );
  }
  const texts = written.map(
    (lock) => [project.lockPath({ set: lock.package_set, architecture: lock.architecture }), renderLockfile(lock)] as const,
  );
  return {
    sets: planned.planned.map((lock) => rowOf(lock, project)),
    get diff() {
      return planned.diff;
    },
    get settled() {
      return planned.settled;
    },
    texts: new Map(texts),
    lacksSources: planned.planned.some(({ lacksSources }) => lacksSources),
    repositories: repositoriesRead(manifest, planned),
    dryRun,
    failures,
    failure: failures.length > 0 ? unsolvedError(failures, { written: !dryRun && written.length > 0, canKeepGoing: false }) : undefined,
  };
}

/** Loaded on demand, because few runs use an archive. */
async function namingArchives(locks: readonly Lockfile[], archives: ReadonlyMap<string, string>): Promise<Lockfile[]> {
  const { withArchivePlaces } = await import('../project/archived-pool.ts');
  return locks.map((lock) => withArchivePlaces(lock, archives));
}

/** Readers of images and databases are loaded when the first set has a base. */
function baseReader(manifest: Manifest, reading: BaseReading, context: Context): BaseSource {
  let source: Promise<BaseSource> | undefined;
  return async (target) => {
    source ??= import('../project/base-source.ts').then(({ baseSource }) => baseSource(manifest, reading, context));
    return (await source)(target);
  };
}

/** Loaded on demand, because few runs edit a manifest. */
async function manifestChange(before: ManifestTexts, after: ManifestTexts): Promise<Omit<ProjectChange, 'locks'>> {
  const { editedFiles } = await import('../manifest/manifest-texts.ts');
  return { manifestText: after.own, editedFrom: before.own, included: editedFiles(before, after) };
}

const isWhole = ({ names, sources }: RelockOrder, { arch, set }: RelockInput): boolean =>
  [names, sources, arch, set].every((flags) => isEmpty(flags));

const placeOf = ({ set, architecture }: Target): LockPlace => ({ set: set.name, architecture });

/** All sets and architectures, in the form that warnings use. */
const warningTargets = (targets: readonly Target[]): WarningTarget[] => targets.map(placeOf);

/** The chosen targets, plus other architectures if a package must have the same version on all. */
function placesToRead(manifest: Manifest, input: RelockInput): LockPlace[] {
  const chosen = chooseTargets(manifest, input);
  if (manifest.sameVersion.length === 0) return chosen.map(placeOf);
  const sets = new Set(chosen.map(({ set }) => set));
  return [...sets].flatMap((set) => set.architectures.map((architecture) => ({ set: set.name, architecture })));
}

function rowOf({ target, before, lockfile, isChanged, milliseconds, ignored, unmet }: PlannedLock, project: FolderProject): RelockRow {
  return {
    set: target.set.name,
    architecture: target.architecture,
    path: project.lockPath(placeOf(target)),
    packages: lockfile.packages.length,
    ...countChanges(before, lockfile),
    written: isChanged,
    milliseconds,
    ignored,
    unmet,
  };
}

/** Sets with the same repositories share the pool. */
function sourceReader(manifest: Manifest, context: Context): PlanRequest['sourcePools'] {
  const read = new Map<string, ReturnType<typeof loadSources>>();
  return ({ set: { sources }, architecture }) => {
    const key = JSON.stringify([architecture, sources?.repositories]);
    const known = read.get(key) ?? loadSources(manifest, sources!, architecture, context);
    read.set(key, known);
    return known;
  };
}

/** Keys are read only if the manifest names some. */
function fingerprintReader(manifest: Manifest, context: Context): PlanRequest['fingerprints'] {
  const read = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  return (architecture) => {
    const known = read.get(architecture) ?? readKeys(repositoriesWithKeys(manifest, architecture), context);
    read.set(architecture, known);
    return known;
  };
}

/** Repositories of packages and, if a set locks them, of source RPMs. */
function repositoriesWithKeys(manifest: Manifest, architecture: string): ResolvedRepository[] {
  const sources = manifest.sets.flatMap(({ sources: wishes }) =>
    wishes === undefined ? [] : sourceRepositoriesFor(manifest, wishes, architecture),
  );
  const more = new Map(sources.map((repository) => [repository.id, repository]));
  return resolvedRepositories(manifest, architecture, [...repositoriesFor(manifest, architecture), ...more.values()]);
}

async function readKeys(repositories: readonly ResolvedRepository[], context: Context): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!repositories.some(({ gpgkey }) => gpgkey.length > 0)) return new Map();
  const { readFingerprints } = await import('../project/repository-keys.ts');
  return readFingerprints(repositories, context);
}

function repositoriesRead(manifest: Manifest, { planned }: Plan): RelockOutput['repositories'] {
  const read = new Map<string, Map<string, PoolRepo>>();
  for (const { target, repositories, sourceRepositories } of planned) {
    const known = read.get(target.architecture) ?? new Map<string, PoolRepo>();
    read.set(target.architecture, known);
    for (const repository of [...repositories, ...sourceRepositories]) known.set(repository.id, repository);
  }
  return [...read].flatMap(([architecture, repositories]) =>
    resolvedRepositories(manifest, architecture, knownRepositoriesFor(manifest, architecture)).flatMap((repository) => {
      const found = repositories.get(repository.id);
      return found === undefined ? [] : [{ repository, repomdSha256: found.repomdSha256 }];
    }),
  );
}
