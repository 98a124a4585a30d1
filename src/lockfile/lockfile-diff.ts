/** The output of `diff`: plain data, validated by lockfiles/schemas/diff.schema.json. Keys are as `--format json` prints them. */
export interface LockfileDiff {
  readonly schema_version: '1.0';
  readonly summary: DiffSummary;
  /** The locks that are in both states, by set, then architecture, under their new names: `all` in texts means these. */
  readonly locks: readonly LockName[];
  /** Lockfiles that were added or removed as a whole; their packages are not listed individually. */
  readonly added_locks: readonly LockSummary[];
  readonly removed_locks: readonly LockSummary[];
  /** Locks whose set was renamed; they are compared with the locks of the old name. */
  readonly renamed_locks: readonly (LockName & { readonly from: string })[];
  /** One entry per source RPM, by name. */
  readonly sources: readonly SourceDiff[];
  /** Source RPMs that were added or whose file changed, while their packages are the same. */
  readonly source_rpms: readonly SourceRpmChange[];
  readonly requests: readonly RequestChange[];
  /** Changed bases of sets. */
  readonly bases: readonly BaseChange[];
  /** Locked packages that newly replace packages of the base. */
  readonly replaced: readonly ReplacedPackage[];
  /** Packages of the base that are newly removed without a replacement. */
  readonly erased: readonly ErasedPackage[];
  /** Holds that apply to a package of the new locks. */
  readonly holds: readonly HeldPackage[];
}

interface DiffSummary {
  readonly locks_before: number;
  readonly locks_after: number;
  /** Number of locks in both states whose packages differ. */
  readonly locks_changed: number;
  /** Number of source RPMs by kind of change; one that was upgraded in one lock and added to another counts in both. */
  readonly upgraded: number;
  readonly downgraded: number;
  readonly added: number;
  readonly removed: number;
  /** The same version with another checksum: a rebuild without a new release, or tampering. */
  readonly changed_checksum: number;
  readonly changed_repository: number;
  /** Number of package names with any change, each counted once for all architectures and locks. */
  readonly packages: number;
  /** Bytes of all different files before and after; null if a lock does not record sizes. */
  readonly size_before: number | null;
  readonly size_after: number | null;
  /** Bytes of the new files. */
  readonly download: number | null;
}

export interface LockSummary {
  readonly package_set: string;
  readonly architecture: string;
  readonly packages: number;
}

export interface SourceDiff {
  /** Name of the source RPM; a name of the packages if the locks do not record it. */
  readonly source: string;
  /** Whether `source` was in the locks (schema 1.0 has none: packages with the same change are grouped). */
  readonly source_known: boolean;
  readonly changes: readonly SourceChange[];
  /** Added by callers that read other.xml and updateinfo.xml. */
  readonly changelog?: readonly ChangelogEntry[];
  readonly advisories?: readonly Advisory[];
}

export type ChangeKind = 'upgraded' | 'downgraded' | 'added' | 'removed' | 'changed_checksum' | 'changed_repository';

/** One change of packages of one source, with all locks that have this change. */
export interface SourceChange {
  readonly kind: ChangeKind;
  /** `[epoch:]version-release` of the packages; null for additions and removals. Repository ids for `changed_repository`. */
  readonly before: string | null;
  readonly after: string | null;
  readonly packages: readonly PackageChange[];
  readonly locks: readonly LockName[];
  /** Change of the total bytes of all different locked files: added minus removed files; null if a lock does not record sizes. */
  readonly size_delta: number | null;
  /** Why packages were added or removed; empty for other changes and with schema 1.0. */
  readonly reasons: readonly ChangeReason[];
}

export interface PackageChange {
  readonly name: string;
  /** Architectures of the RPM. */
  readonly architectures: readonly string[];
  /** Differ from the source's version for some packages. */
  readonly before: string | null;
  readonly after: string | null;
  /** Only for `changed_checksum`: sha256 of the files. */
  readonly checksums?: readonly { readonly architecture: string; readonly before: string; readonly after: string }[];
}

export interface LockName {
  readonly package_set: string;
  readonly architecture: string;
}

export type ChangeReason = { readonly package: string; readonly locks: readonly LockName[] } & (
  | { readonly kind: 'requested'; readonly specs: readonly string[] }
  /** From a requested package to this one. */
  | { readonly kind: 'required'; readonly chain: readonly string[] }
  | { readonly kind: 'no_longer_requested' }
  /** Still requested; other packages match the specs now, for example because they obsolete it. */
  | { readonly kind: 'replaced'; readonly specs: readonly string[]; readonly by: readonly string[] }
  | { readonly kind: 'no_longer_required'; readonly by: readonly string[] }
  | { readonly kind: 'removed_with'; readonly packages: readonly string[] }
  | { readonly kind: 'ignored' }
);

export interface SourceRpmChange {
  /** File name of the source RPM. */
  readonly source_rpm: string;
  /** sha256; null if the source RPM was not or is not locked. */
  readonly before: string | null;
  readonly after: string | null;
  readonly locks: readonly LockName[];
}

/** Both lists are empty if only other parts of the request changed: order, ignore, exclude, options, modules or repositories. */
export interface RequestChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly locks: readonly LockName[];
}

export interface HeldPackage {
  readonly package: string;
  readonly version: string;
  readonly reason: string;
  readonly until: string | null;
  readonly issue: string | null;
}

export interface ChangelogEntry {
  readonly date: string;
  readonly author: string;
  readonly text: string;
}

export interface Advisory {
  readonly id: string;
  /** `security`, `bugfix`, `enhancement` or `newpackage`; empty if the repository does not specify it. */
  readonly type: string;
  readonly severity: string;
  readonly cves: readonly string[];
  readonly title: string;
}

/** A base as recorded in a lock. */
export interface BaseState {
  /** The image, the directory of a database, or a description of a list. */
  readonly place: string;
  /** The Containerfile that names the image. */
  readonly containerfile: string | null;
  /** `sha256:...` of the image. */
  readonly digest: string | null;
}

export interface BaseChange {
  /** null if there was or is no base. */
  readonly before: BaseState | null;
  readonly after: BaseState | null;
  /** The locks with this difference, each with the digests of the installed packages. */
  readonly installed: readonly (LockName & { readonly before: string | null; readonly after: string | null })[];
  /** Differences of the installed packages; null if the contents of one of the bases are unknown. */
  readonly packages: readonly BasePackageChange[] | null;
}

export interface BasePackageChange {
  readonly name: string;
  /** `[epoch:]version-release`; null if it is not installed. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface ReplacedPackage {
  readonly package: string;
  readonly version: string;
  /** NEVRAs of packages of the base. */
  readonly replaces: readonly string[];
  readonly locks: readonly LockName[];
}

export interface ErasedPackage {
  /** NEVRA. */
  readonly package: string;
  readonly locks: readonly LockName[];
}
