/** A repository for one architecture, all variables expanded: what a pool is loaded from. */
export interface ResolvedRepository {
  readonly id: string;
  /** In order of preference; ends with a slash or not. */
  readonly baseurls: readonly string[];
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
}

/** Values of `$mirror`, `$basearch`, `$arch` and `$releasever`. */
export interface Variables {
  readonly mirror: string;
  readonly architecture: string;
  readonly releasever: string;
}

/** What dnf calls the base architecture of another. */
const BASE_ARCHITECTURES: Readonly<Record<string, string>> = {
  i686: 'i386',
  i586: 'i386',
  i486: 'i386',
  armv7hl: 'armhfp',
  armv8hl: 'armhfp',
};

export function expandVariables(text: string, { mirror, architecture, releasever }: Variables): string {
  const values: Readonly<Record<string, string>> = {
    mirror: mirror.replace(/\/+$/, ''),
    basearch: BASE_ARCHITECTURES[architecture] ?? architecture,
    arch: architecture,
    releasever,
  };
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, bare: string | undefined) => values[braced ?? bare ?? ''] ?? whole,
  );
}
