import { ModulesFile } from '../repodata/modulemd.ts';
import { PackagePool } from './package-pool.ts';
import type { Pool } from './pool.ts';
import type { FilelistSource, RepoInfo } from './pool-parts.ts';
import { PrimaryReader } from './primary-reader.ts';

/** A repository, as input of a pool. */
export interface RepoInput {
  readonly info: Omit<RepoInfo, 'modules' | 'comps'>;
  /** Decompressed primary.xml. */
  readonly primary: Uint8Array;
  /** Reads modules.yaml or comps.xml on demand; undefined if the repository has none. */
  readonly modules?: (() => string) | undefined;
  readonly comps?: (() => string) | undefined;
}

export interface PoolInput {
  readonly architecture: string;
  readonly repos: readonly RepoInput[];
  readonly filelists?: FilelistSource;
}

/** Merges repositories, in the given order. */
export function buildPool({ architecture, repos, filelists }: PoolInput): Pool {
  const reader = new PrimaryReader();
  for (const { info, primary } of repos) {
    reader.start(info.id);
    reader.write(primary);
    reader.end();
  }
  const columns = reader.columns(architecture);
  return new PackagePool({
    architecture,
    columns,
    repos: repos.map(({ info, modules, comps }) => ({
      ...info,
      modules: modules === undefined ? undefined : new ModulesFile(modules, `${info.id}: modules.yaml`),
      comps: comps === undefined ? undefined : { isLoaded: true, load: () => Promise.resolve(), read: comps },
    })),
    filelists,
  });
}
