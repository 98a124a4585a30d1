import type { VariableValues } from '../base/variables.ts';

/** A repository for one architecture, with all variables expanded: the input for loading a pool. */
export interface ResolvedRepository {
  readonly id: string;
  /** In order of preference; with or without a slash at the end. */
  readonly baseurls: readonly string[];
  /** Variables for the URLs in a mirror list. */
  readonly variables: VariableValues;
  readonly metalink: string | undefined;
  readonly mirrorlist: string | undefined;
  readonly priority: number;
  readonly cost: number;
  readonly exclude: readonly string[];
  readonly includePackages: readonly string[];
  readonly moduleHotfixes: boolean;
  /** Accept md5 and SHA-1 checksums. */
  readonly allowWeakChecksums: boolean;
  readonly gpgkey: readonly string[];
  readonly repoGpgcheck: boolean;
  /** If its repomd.xml is unavailable, continue without this repository. */
  readonly skipIfUnavailable?: boolean;
}
