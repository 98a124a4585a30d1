import type { ResolvedRepository } from '../../src/repos/repository.ts';

/** A repository as a manifest has it that says nothing but where it is. */
export function plainRepository(id: string, baseurls: readonly string[], more: Partial<ResolvedRepository> = {}): ResolvedRepository {
  return {
    id,
    baseurls,
    metalink: undefined,
    mirrorlist: undefined,
    priority: 99,
    exclude: [],
    includePackages: [],
    moduleHotfixes: false,
    gpgkey: [],
    repoGpgcheck: false,
    ...more,
  };
}
