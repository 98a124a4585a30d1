import type { VariableValues } from '../base/variables.ts';

/** A repository for one architecture, all variables expanded: what a pool is loaded from. */
export interface ResolvedRepository {
  readonly id: string;
  /** In order of preference; ends with a slash or not. */
  readonly baseurls: readonly string[];
  /** For the lines of a list of mirrors. */
  readonly variables: VariableValues;
  readonly metalink: string | undefined;
  readonly mirrorlist: string | undefined;
  readonly priority: number;
  readonly cost: number;
  readonly exclude: readonly string[];
  readonly includePackages: readonly string[];
  readonly moduleHotfixes: boolean;
  /** md5 and SHA-1 count as checksums. */
  readonly allowWeakChecksums: boolean;
  readonly gpgkey: readonly string[];
  readonly repoGpgcheck: boolean;
  /** Where its repomd.xml cannot be had, the others are read without it. */
  readonly skipIfUnavailable?: boolean;
}
