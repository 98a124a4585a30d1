/** The library: resolve packages and work with lockfiles without the command line. */
import { resolve as resolvePath } from 'node:path';
import type { ProgressEvent } from './base/events.ts';
import { fillVariables } from './base/variables.ts';
import type { KeptComment } from './bot/diff-comment.ts';
import type { RelockRevisionInput, RevisionChanges } from './bot/relock-revision.ts';
import type { BotInput } from './bot/run-bot.ts';
import type { ArchiveOutput, GivenLocks } from './commands/archive.ts';
import type { GivenStates } from './commands/diff.ts';
import { readEnvironment } from './environment.ts';
import type { Forge } from './forge/forge.ts';
import { defaultCacheDir } from './io/cache-dir.ts';
import type { LockfileDiff } from './lockfile/lockfile-diff.ts';
import type { Manifest } from './manifest/manifest.ts';
import { variableValues } from './manifest/repository-variables.ts';
import type { NetworkPolicy } from './net/network-policy.ts';
import { toUrl } from './net/urls.ts';
import type { Pool } from './pool/pool.ts';
import { FolderProject } from './project/folder-project.ts';
import { type LoadArchitectureOptions, loadArchitecture, poolRequest } from './project/load-architecture.ts';
import type { Project } from './project/project.ts';
import type { ProjectInput } from './project/project-paths.ts';
import { useRepositoryAccess } from './project/repository-access.ts';
import { loadPool } from './repositories/load-pool.ts';
import { PoolCache, type PoolCacheState, type PoolLease, type PoolRequest } from './repositories/pool-cache.ts';
import { canonicalArchitecture } from './rpm/architecture-names.ts';
import type { Context } from './run/context.ts';
import type { Run } from './run/run.ts';
import { type StartedRun, startRun } from './run/start-run.ts';
import type { BotReport } from './views/bot-report.ts';

export { ERROR_CODES, type ErrorCode, RpmDepsError } from './base/errors.ts';
export type { ProgressEvent } from './base/events.ts';
export { nearestOf } from './base/nearest.ts';
export { printable, printableLines } from './base/printable.ts';
export { redact } from './base/redact.ts';
export { VERSION } from './base/version.ts';
export { WARNING_CODES, type Warning, type WarningCode } from './base/warnings.ts';
export type { KeptComment } from './bot/diff-comment.ts';
export type { RelockRevisionInput, RevisionChanges } from './bot/relock-revision.ts';
export type { BotInput } from './bot/run-bot.ts';
export type { BotFlags } from './bot/settings.ts';
export type { ArchiveOutput } from './commands/archive.ts';
export type {
  Comment,
  CommitCheck,
  Forge,
  ForgeKind,
  Issue,
  MergeOutcome,
  NewPullRequest,
  PullRequest,
  RepositoryState,
  TextLimits,
  TokenState,
} from './forge/forge.ts';
export { filesAt } from './forge/git.ts';
export { findMarker, type Marker, renderMarker } from './forge/marker.ts';
export { detectForge, type ForgePlace, type OpenForgeOptions, openForge, placeOf } from './forge/open-forge.ts';
export { parseRemoteUrl, type RemotePlace } from './forge/remote-url.ts';
export type { GitPlace } from './forge/run-git.ts';
export { type BaseImage, readBaseImage } from './installed/base-image.ts';
export type { InstalledPackage } from './installed/installed-package.ts';
export { type CheckFinding, checkLockfiles, type FoundLock } from './lockfile/check.ts';
export { dependencyTree, type TreeNode, type TreeOptions } from './lockfile/dependency-tree.ts';
export { diffLockfiles } from './lockfile/diff.ts';
export { type Why, whyPackage } from './lockfile/graph.ts';
export type { LockedPackage, LockedRepository, Lockfile } from './lockfile/lockfile.ts';
export type { LockfileDiff, SourceChange, SourceDiff } from './lockfile/lockfile-diff.ts';
export { readLockfiles } from './lockfile/lockfile-dir.ts';
export { migrateLockfile } from './lockfile/migrate.ts';
export { parseLockfile } from './lockfile/parse-lockfile.ts';
export { readLockfile } from './lockfile/read.ts';
export { renderLockfile } from './lockfile/write.ts';
export type { PlannedLock } from './locking/make-lock.ts';
export { type LockPolicy, type Plan, type PlanFailure, type PlanRequest, plan } from './locking/plan.ts';
export type { Pools } from './locking/pools.ts';
export type { Target } from './locking/target.ts';
export { baseOfContainerfile } from './manifest/containerfile.ts';
export { DEFAULT_MIRROR, DEFAULT_RELEASEVER, DEFAULT_REPOSITORIES } from './manifest/default-repositories.ts';
export type { ReadIncluded } from './manifest/included-files.ts';
export type { Hold, Manifest, PackageSet, RepositoryDefinition, RequestedSpec } from './manifest/manifest.ts';
export { parseManifest, readManifest } from './manifest/read-manifest.ts';
export { isPrivateAddress, lookupPublic, type NetworkPolicy, originOf } from './net/network-policy.ts';
export type { InstalledRecord } from './pool/installed-entry.ts';
export type { Checksum, PackageRecord, Pool } from './pool/pool.ts';
export { type GitProjectOptions, gitProject, readIncludedAt } from './project/git-project.ts';
export { type MemoryProjectOptions, memoryProject } from './project/memory-project.ts';
export type { LockPlace, Project, ProjectChange } from './project/project.ts';
export { fromPlainError, type PlainError, toPlainError } from './repositories/plain-error.ts';
export type { PoolCacheState, PoolLease } from './repositories/pool-cache.ts';
export type { PackageChange } from './resolution/changes.ts';
export type {
  DependencyEdge,
  Problem,
  ProblemKind,
  ResolveOutcome,
  ResolveRequest,
  Solved,
  SolveStatistics,
  UnmetRequirement,
  Unsolvable,
  VersionConstraint,
} from './resolution/resolution.ts';
export { resolve, resolveAsync, type SolveLimits } from './resolution/resolve.ts';
export { ARCHITECTURES, canonicalArchitecture } from './rpm/architecture-names.ts';
export { botView } from './views/bot.ts';
export type { BotReport, Failure, LockAge, ProjectReport, Suppressed, TopicReport } from './views/bot-report.ts';
export { renderBot, renderBotSummary } from './views/bot-text.ts';
export { type CheckData, checkView } from './views/check.ts';
export { diffView } from './views/diff.ts';
export { renderDiffMarkdown } from './views/diff-markdown.ts';
export { renderDiffText } from './views/diff-text.ts';
export { type ResolveData, resolveView } from './views/resolve.ts';
export { failureJson, outputJson, outputSchema, type View } from './views/view.ts';

/** One run of the bot, without a terminal. It needs git, and the environment of `context` for its token. */
export async function runBot(input: BotInput, context: Context): Promise<BotReport> {
  const bot = await import('./bot/run-bot.ts');
  return bot.runBot(input, context);
}

/** The changes that `lock` or `update` would make at a commit of the repository in `context`. Nothing is written. */
export async function relockRevision(input: RelockRevisionInput, context: Context): Promise<RevisionChanges> {
  const revision = await import('./bot/relock-revision.ts');
  return revision.relockRevision(input, context);
}

/** Changes between two states of lockfiles, with the holds of the manifest and the packages of known base images. */
export async function describeChanges(states: GivenStates, run: Run): Promise<LockfileDiff> {
  const { diffGiven } = await import('./commands/diff.ts');
  return diffGiven(states, run);
}

/** The same with changelogs and advisories, if the repositories of the manifest have them. */
export async function addChangelogs(
  diff: LockfileDiff,
  states: GivenStates & { readonly manifest: Manifest },
  run: Run,
): Promise<LockfileDiff> {
  const changelogs = await import('./commands/add-changelogs.ts');
  return changelogs.addChangelogs(diff, states, run);
}

/** Copies the RPMs of lockfiles to a directory or a server, each once. The server's token is `RPM_DEPS_ARCHIVE_TOKEN` in the context. */
export async function archiveLocks(given: GivenLocks, input: { readonly to: string }, context: Context): Promise<ArchiveOutput> {
  const { archiveGiven } = await import('./commands/archive.ts');
  return archiveGiven(given, input, context);
}

/** Creates or updates the comment with the changes on a pull request. */
export async function commentChanges(forge: Forge, number: number, diff: LockfileDiff, manifest: string): Promise<KeptComment> {
  const { diffComment, keepDiffComment } = await import('./bot/diff-comment.ts');
  return keepDiffComment(forge, number, diffComment(diff, forge.limits, manifest));
}

export interface RepositoryOptions {
  readonly id: string;
  /** `http:`, `https:` or `file:` URLs or directories, with `$basearch`, `$releasever` and `$mirror`; the first one that responds is used. */
  readonly baseurl?: string | readonly string[];
  readonly metalink?: string;
  readonly mirrorlist?: string;
  /** Smaller wins; default 99. */
  readonly priority?: number;
  /** Globs on name or NEVRA of packages that this repository must not supply; below, of the only ones that it may supply. */
  readonly exclude?: readonly string[];
  readonly includePackages?: readonly string[];
  readonly moduleHotfixes?: boolean;
  /** Read metadata that has only MD5 or SHA-1 checksums (default false). */
  readonly allowWeakChecksums?: boolean;
  /** Of equal packages at equal priority the one from the repository with the lowest cost is used (default 1000). */
  readonly cost?: number;
}

/** How repositories are read. */
export interface ReadOptions {
  /** Default: the cache directory of the command line. */
  readonly cacheDir?: string;
  readonly offline?: boolean;
  /** Aborts reading: pending calls fail with INTERRUPTED. */
  readonly signal?: AbortSignal;
  /** Which servers may be contacted; default all. */
  readonly network?: NetworkPolicy;
  /** Replaces the environment of the process: proxies, NETRC and HOME. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onEvent?: (event: ProgressEvent) => void;
}

export interface LoadOptions extends ReadOptions {
  /** Such as `x86_64`; aliases such as `amd64` are accepted. */
  readonly architecture: string;
  /** In order of preference at equal priority. */
  readonly repositories: readonly RepositoryOptions[];
  /** Values of `$releasever` and `$mirror`. */
  readonly releasever?: string;
  readonly mirror?: string;
  /** Further variables, as in /etc/dnf/vars. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Reads repositories and puts their packages into a pool for any number of `resolve` calls. */
export async function loadRepositories(options: LoadOptions): Promise<Pool> {
  const { cacheDir, http, emit, offline } = startReading(options);
  return loadPool({ ...requestOf(options), cacheDir, http, emit, offline });
}

function requestOf(options: Omit<LoadOptions, keyof ReadOptions>): PoolRequest {
  const architecture = canonicalArchitecture(options.architecture) ?? options.architecture;
  const cwd = process.cwd();
  const { releasever = '9-stream', mirror = '', variables: own = {} } = options;
  const variables = variableValues({ architecture, releasever, mirror, variables: own });
  const expand = (text: string): string => toUrl(fillVariables(text, variables), cwd);
  const repositories = options.repositories.map((repository) => ({
    id: fillVariables(repository.id, variables),
    variables,
    baseurls: [repository.baseurl ?? []].flat().map(expand),
    metalink: repository.metalink === undefined ? undefined : expand(repository.metalink),
    mirrorlist: repository.mirrorlist === undefined ? undefined : expand(repository.mirrorlist),
    priority: repository.priority ?? 99,
    exclude: repository.exclude ?? [],
    includePackages: repository.includePackages ?? [],
    moduleHotfixes: repository.moduleHotfixes ?? false,
    allowWeakChecksums: repository.allowWeakChecksums ?? false,
    cost: repository.cost ?? 1000,
    gpgkey: [],
    repoGpgcheck: false,
  }));
  return { architecture, repositories };
}

/** The pools of a manifest's repositories, for `plan`: each is read on demand. */
export function manifestPools(
  manifest: Manifest,
  { locks, ...options }: ReadOptions & LoadArchitectureOptions = {},
): (architecture: string) => Promise<Pool> {
  const run = startReading(options);
  useRepositoryAccess(manifest, run);
  return (architecture) => loadArchitecture(manifest, architecture, run, { locks });
}

/** A project in a directory, as on the command line. Relative paths start at `directory`. */
export function folderProject({
  directory,
  manifest,
  lockfiles,
  mirror,
  ...options
}: ReadOptions & ProjectInput & { readonly directory: string }): Project {
  const env = options.env ?? readEnvironment();
  const context = { ...startReading({ ...options, env }), cwd: resolvePath(process.cwd(), directory), env };
  return new FolderProject({ manifest, lockfiles, mirror }, context);
}

/** Pools shared by many users: each is read once for the same repositories in the same state, and dropped if it is unused and memory is needed. */
export interface LeasedPools {
  /** A pool of these repositories in their current state. The caller must release it. */
  lease(request: Omit<LoadOptions, keyof ReadOptions> & { readonly signal?: AbortSignal | undefined }): Promise<PoolLease>;
  /** The same for an architecture of a manifest. If a mirror is older than `locks`, other mirrors are tried. */
  leaseFor(
    manifest: Manifest,
    architecture: string,
    options?: LoadArchitectureOptions & { readonly signal?: AbortSignal | undefined },
  ): Promise<PoolLease>;
  /** Pools in memory, the most recently used one last. */
  readonly state: readonly PoolCacheState[];
  /** Approximate size of all pools in bytes. */
  readonly bytes: number;
  /** Drops every pool without a lease. */
  clear(): void;
  /** Stops reading; leased pools stay usable. */
  close(): Promise<void>;
}

/** `maxBytes`: above it, only leased pools are kept (default 1 GiB). */
export function leasedPools({ maxBytes, ...options }: ReadOptions & { readonly maxBytes?: number } = {}): LeasedPools {
  const run = startReading(options);
  const cache = new PoolCache(run, { maxBytes });
  return {
    lease: ({ signal, ...request }) => cache.lease(requestOf(request), { signal }),
    leaseFor: (manifest, architecture, { signal, ...more } = {}) =>
      cache.lease(poolRequest(manifest, architecture, run, { ...more, groups: more.groups ?? true }), { signal }),
    get state() {
      return cache.state;
    },
    get bytes() {
      return cache.bytes;
    },
    clear: () => cache.clear(),
    close: () => run.end(),
  };
}

/**
 * A run for everything that reads or makes requests: the bot, forges, repositories. The caller must end it; an open run does not keep the
 * process alive.
 */
export function startReading({ offline, signal, network, onEvent, ...options }: ReadOptions): StartedRun {
  const env = options.env ?? readEnvironment();
  const cacheDir = options.cacheDir === undefined ? defaultCacheDir(env) : resolvePath(process.cwd(), options.cacheDir);
  return startRun({ env, cacheDir, offline, signal, emit: onEvent, ...(network === undefined ? {} : { limits: { policy: network } }) });
}
