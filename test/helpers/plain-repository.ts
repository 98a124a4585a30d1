import type { RepoInfo } from '../../src/pool/pool-parts.ts';
import type { ResolvedRepository } from '../../src/repositories/repository.ts';

/** A repository as a manifest has it that says nothing but where it is. */
export function plainRepository(id: string, baseurls: readonly string[], more: Partial<ResolvedRepository> = {}): ResolvedRepository {
  return {
    id,
    baseurls,
    metalink: undefined,
    mirrorlist: undefined,
    variables: {},
    priority: 99,
    cost: 1000,
    exclude: [],
    includePackages: [],
    moduleHotfixes: false,
    allowWeakChecksums: false,
    gpgkey: [],
    repoGpgcheck: false,
    ...more,
  };
}

/** What a pool knows of a repository of which nothing is said but its name. */
export function plainInfo(id: string, more: Partial<RepoInfo> = {}): RepoInfo {
  return {
    id,
    priority: 99,
    cost: 1000,
    baseurl: id,
    revision: '1',
    repomdSha256: '',
    timestamp: 0,
    moduleHotfixes: false,
    exclude: [],
    includePackages: [],
    ...more,
  };
}
