import type { ModulesFile } from '../repodata/modulemd.ts';
import type { FrozenRelations } from './frozen-relations.ts';
import type { FrozenStrings } from './frozen-strings.ts';
import type { PoolRepo } from './pool.ts';
import type { PoolColumns } from './pool-columns.ts';

/** Data of a repository besides its packages, which are in the columns. */
export interface RepoInfo extends Omit<PoolRepo, 'firstSolvable' | 'endSolvable'> {
  /** Undefined where the repository has none. */
  readonly modules?: ModulesFile | undefined;
  readonly comps?: CompsFile | undefined;
}

/** comps.xml of a repository: loaded when a request has a group. */
export interface CompsFile {
  readonly isLoaded: boolean;
  /** Where it cannot be had, `read` throws. */
  load(): Promise<void>;
  /** To be called once it is loaded. */
  read(): string;
}

/** Finds who owns paths by filelists.xml. */
export interface FilelistSource {
  /** Owners of each path, as checksums of packages. */
  load(paths: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  loadSync(paths: readonly string[]): ReadonlyMap<string, readonly string[]>;
}

export interface PoolParts {
  readonly architecture: string;
  readonly columns: PoolColumns;
  readonly repos: readonly RepoInfo[];
  readonly filelists?: FilelistSource | undefined;
  /** One past the last installed package; they come first. Default: none is installed. */
  readonly installedEnd?: number | undefined;
  /** Those of the columns and more, where there are more. */
  readonly strings?: FrozenStrings;
  readonly relations?: FrozenRelations;
  /** Why a package of the repository with that number may not be fetched from a URL; undefined where it may. */
  readonly refusal?: ((repo: number, url: string) => string | undefined) | undefined;
}
