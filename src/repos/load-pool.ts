import type { Emit } from '../events.ts';
import type { HttpClient } from '../net/http-client.ts';
import { buildPool } from '../pool/build-pool.ts';
import type { Pool } from '../pool/pool.ts';
import { fileOwners } from './file-owners.ts';
import { loadRepo, type RepomdCheck } from './load-repo.ts';
import { MetadataCache } from './metadata-cache.ts';
import type { ResolvedRepository } from './repository.ts';

export interface LoadPoolOptions {
  /** RPM name of the architecture that is solved for. */
  readonly architecture: string;
  /** In order of preference at equal priority. */
  readonly repositories: readonly ResolvedRepository[];
  readonly cacheDir: string;
  readonly http: HttpClient;
  readonly emit: Emit;
  readonly offline: boolean;
  readonly checkRepomd?: RepomdCheck;
}

/** Reads all repositories at once and puts them together, in their configured order whichever arrives first. */
export async function loadPool(options: LoadPoolOptions): Promise<Pool> {
  const { architecture, http, emit, offline, checkRepomd } = options;
  const cache = new MetadataCache(options.cacheDir);
  emit({ kind: 'stage', stage: 'download', text: `reading repositories for ${architecture}` });
  const repos = await Promise.all(
    options.repositories.map((repository) => loadRepo(repository, { http, cache, offline, emit, checkRepomd })),
  );
  const started = performance.now();
  const filelists = fileOwners(repos, cache);
  const pool = buildPool({ architecture, repos: repos.map(({ input }) => input), ...(filelists === undefined ? {} : { filelists }) });
  emit({ kind: 'timing', stage: 'index', text: `pool for ${architecture}: ${pool.end - 1} packages`, ms: performance.now() - started });
  return pool;
}
