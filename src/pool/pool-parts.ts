import type { ModulesFile } from '../repodata/modulemd.ts';
import type { FrozenRelations } from './frozen-relations.ts';
import type { FrozenStrings } from './frozen-strings.ts';
import type { PoolRepo } from './pool.ts';
import type { PoolColumns } from './pool-columns.ts';

/** Data of a repository, except its packages, which are in the columns. */
export interface RepoInfo extends Omit<PoolRepo, 'firstSolvable' | 'endSolvable'> {
  /** Undefined if the repository has none. */
  readonly modules?: ModulesFile | undefined;
  readonly comps?: CompsFile | undefined;
}

/** comps.xml of a repository, loaded when a request has a group. */
export interface CompsFile {
  readonly isLoaded: boolean;
  /** After a failed download, `read` throws. */
  load(): Promise<void>;
  /** Call it only after `load`. */
  read(): string;
}

/** Finds the owners of paths in filelists.xml. */
export interface FilelistSource {
  /** Path -> checksums of the packages that own it. */
  load(paths: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  loadSync(paths: readonly string[]): ReadonlyMap<string, readonly string[]>;
}

export interface PoolParts {
  readonly architecture: string;
  readonly columns: PoolColumns;
  readonly repos: readonly RepoInfo[];
  readonly filelists?: FilelistSource | undefined;
  /** One past the last installed package; installed packages are first. Default: none. */
  readonly installedEnd?: number | undefined;
  /** The strings of the columns, with more if needed. */
  readonly strings?: FrozenStrings;
  readonly relations?: FrozenRelations;
  /** Why a package of this repository may not be downloaded from a URL; undefined if allowed. */
  readonly refusal?: ((repo: number, url: string) => string | undefined) | undefined;
}
