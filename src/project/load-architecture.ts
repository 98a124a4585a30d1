import { fillVariables } from '../base/variables.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { mayBeBehind } from '../locking/older-metadata.ts';
import type { Manifest, RepositoryDefinition, SourceSettings } from '../manifest/manifest.ts';
import { repositoriesFor, sourceRepositoriesFor } from '../manifest/repositories-for.ts';
import { variableValues } from '../manifest/repository-variables.ts';
import type { Pool } from '../pool/pool.ts';
import { loadPool } from '../repositories/load-pool.ts';
import type { BehindCheck, RepomdCheck } from '../repositories/load-repo.ts';
import type { PoolRequest } from '../repositories/pool-cache.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import type { Run } from '../run/run.ts';

/** The manifest's repositories for an architecture, with variables replaced; only enabled ones unless ids are given. */
export function resolvedRepositories(
  manifest: Manifest,
  architecture: string,
  repositories: readonly RepositoryDefinition[] = repositoriesFor(manifest, architecture),
): ResolvedRepository[] {
  const values = variableValues({ ...manifest, architecture });
  const expand = (text: string): string => fillVariables(text, values);
  return repositories.map((repository) => ({
    id: repository.id,
    variables: values,
    baseurls: repository.baseurl.map(expand),
    metalink: repository.metalink === undefined ? undefined : expand(repository.metalink),
    mirrorlist: repository.mirrorlist === undefined ? undefined : expand(repository.mirrorlist),
    priority: repository.priority,
    exclude: repository.exclude,
    includePackages: repository.includePackages,
    moduleHotfixes: repository.moduleHotfixes,
    allowWeakChecksums: repository.allowWeakChecksums,
    cost: repository.cost,
    gpgkey: repository.gpgkey.map(expand),
    repoGpgcheck: repository.repoGpgcheck,
    ...(repository.skipIfUnavailable === true ? { skipIfUnavailable: true } : {}),
  }));
}

export interface LoadArchitectureOptions {
  /** If a mirror of a repository is older than these lockfiles, its other mirrors are tried first. */
  readonly locks?: readonly Lockfile[] | undefined;
  /** Whether comps.xml is loaded immediately; otherwise only if a set of the manifest or a request has a group. */
  readonly groups?: boolean | undefined;
}

/** All packages in the manifest's repositories for an architecture. */
export function loadArchitecture(
  manifest: Manifest,
  architecture: string,
  context: Run,
  options: LoadArchitectureOptions = {},
): Promise<Pool> {
  const { cacheDir, http, emit, offline } = context;
  return loadPool({ ...poolRequest(manifest, architecture, context, options), cacheDir, http, emit, offline });
}

/** The packages of repositories that are read only for the source RPMs of a set; undefined if there are none. */
export async function loadSources(
  manifest: Manifest,
  settings: SourceSettings,
  architecture: string,
  context: Run,
): Promise<Pool | undefined> {
  const repositories = resolvedRepositories(manifest, architecture, sourceRepositoriesFor(manifest, settings, architecture));
  if (repositories.length === 0) return undefined;
  const { cacheDir, http, emit, offline } = context;
  return loadPool({ architecture, repositories, checkRepomd: checkRepomdOf(context), groups: false, cacheDir, http, emit, offline });
}

/** OpenPGP is loaded only if a repository needs it. */
function checkRepomdOf(context: Run): RepomdCheck {
  return async (repository, fetched) => {
    const { repomdCheck } = await import('./repository-keys.ts');
    await repomdCheck(context)(repository, fetched);
  };
}

/** The repositories to read for an architecture, with the check of repomd.xml. */
export function poolRequest(
  manifest: Manifest,
  architecture: string,
  context: Run,
  { locks = [], groups = hasGroups(manifest, architecture) }: LoadArchitectureOptions = {},
): PoolRequest {
  const checkRepomd = checkRepomdOf(context);
  const here = locks.filter((lock) => lock.architecture === architecture);
  const isBehind: BehindCheck = ({ id }, { sha256, repomd: { revision, timestamp } }) =>
    mayBeBehind(manifest, here, { id, revision, timestamp, repomdSha256: sha256 });
  const repositories = resolvedRepositories(manifest, architecture);
  return { architecture, repositories, checkRepomd, groups, ...(here.length > 0 ? { isBehind } : {}) };
}

const hasGroups = (manifest: Manifest, architecture: string): boolean =>
  manifest.sets.some((set) => set.specsFor(architecture).some(({ text }) => text.startsWith('@')));
