/** What `diff` answers: plain data, held to lockfiles/schemas/diff.schema.json. Keys are as `--format json` prints them. */
export interface LockfileDiff {
  readonly schema_version: '1.0';
  readonly summary: DiffSummary;
  /** The locks that are in both states, by set, then architecture, under their new names: what `all` means. */
  readonly locks: readonly LockName[];
  /** Whole lockfiles that came or went; their packages are not listed one by one. */
  readonly added_locks: readonly LockSummary[];
  readonly removed_locks: readonly LockSummary[];
  /** Locks whose set has another name now; they are compared with what they were. */
  readonly renamed_locks: readonly (LockName & { readonly from: string })[];
  /** One entry a source RPM, by name. */
  readonly sources: readonly SourceDiff[];
  /** Source RPMs that are locked, or are other files, for packages that are the same. */
  readonly source_rpms: readonly SourceRpmChange[];
  readonly requests: readonly RequestChange[];
  /** Bases of sets that differ. */
  readonly bases: readonly BaseChange[];
  /** Locked packages that newly take the place of packages of the base. */
  readonly replaced: readonly ReplacedPackage[];
  /** Packages of the base that newly go without a successor. */
  readonly erased: readonly ErasedPackage[];
  /** Holds that bind a package of the new locks. */
  readonly holds: readonly HeldPackage[];
}

interface DiffSummary {
  readonly locks_before: number;
  readonly locks_after: number;
  /** Locks in both whose packages differ. */
  readonly locks_changed: number;
  /** Source RPMs by what happened to them; one that was upgraded in one lock and added to another counts in both. */
  readonly upgraded: number;
  readonly downgraded: number;
  readonly added: number;
  readonly removed: number;
  /** The same version with another checksum: a rebuild without a new release, or something worse. */
  readonly changed_checksum: number;
  readonly changed_repository: number;
  /** Names of packages that changed in any way, each once, whatever the number of architectures and locks. */
  readonly packages: number;
  /** Bytes of all different files before and after; null where a lock does not tell sizes. */
  readonly size_before: number | null;
  readonly size_after: number | null;
  /** Bytes of the files that are new. */
  readonly download: number | null;
}

export interface LockSummary {
  readonly package_set: string;
  readonly architecture: string;
  readonly packages: number;
}

export interface SourceDiff {
  /** Name of the source RPM; of the packages where the locks do not tell it. */
  readonly source: string;
  /** Whether `source` was in the locks (schema 1.0 has none: packages that moved alike are taken together). */
  readonly source_known: boolean;
  readonly changes: readonly SourceChange[];
  /** Filled in by who can read other.xml and updateinfo.xml. */
  readonly changelog?: readonly ChangelogEntry[];
  readonly advisories?: readonly Advisory[];
}

export type ChangeKind = 'upgraded' | 'downgraded' | 'added' | 'removed' | 'changed_checksum' | 'changed_repository';

/** One thing that happened to packages of one source, in every lock where it happened alike. */
export interface SourceChange {
  readonly kind: ChangeKind;
  /** `[epoch:]version-release` of the packages; null for additions and removals. Repository ids for `changed_repository`. */
  readonly before: string | null;
  readonly after: string | null;
  readonly packages: readonly PackageChange[];
  readonly locks: readonly LockName[];
  /** Bytes more (or less) in a store of all locked files: what comes and was nowhere, less what goes and is nowhere any more; null where a lock does not tell. */
  readonly size_delta: number | null;
  /** Why packages came or went; empty for other changes and where schema 1.0 cannot tell. */
  readonly reasons: readonly ChangeReason[];
}

export interface PackageChange {
  readonly name: string;
  /** Architectures of the RPM. */
  readonly architectures: readonly string[];
  /** Differ from the source's version for some packages. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of `changed_checksum`: the files, sha256. */
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
  /** Still requested; other packages answer the specs now, as those that obsolete it do. */
  | { readonly kind: 'replaced'; readonly specs: readonly string[]; readonly by: readonly string[] }
  | { readonly kind: 'no_longer_required'; readonly by: readonly string[] }
  | { readonly kind: 'removed_with'; readonly packages: readonly string[] }
  | { readonly kind: 'ignored' }
);

export interface SourceRpmChange {
  /** Its file name. */
  readonly source_rpm: string;
  /** sha256; null where it was or is not locked. */
  readonly before: string | null;
  readonly after: string | null;
  readonly locks: readonly LockName[];
}

/** Both lists are empty where the same packages are requested in another way: order, ignore, exclude, options, modules or repositories. */
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
  /** `security`, `bugfix`, `enhancement` or `newpackage`; empty where the repository does not say. */
  readonly type: string;
  readonly severity: string;
  readonly cves: readonly string[];
  readonly title: string;
}

/** A base as a lock names it. */
export interface BaseState {
  /** The image, the folder of a database, or words for a list. */
  readonly place: string;
  /** Where the image is named. */
  readonly containerfile: string | null;
  /** `sha256:...` of the image. */
  readonly digest: string | null;
}

export interface BaseChange {
  /** null where there was or is none. */
  readonly before: BaseState | null;
  readonly after: BaseState | null;
  /** The locks in which it differs so, each with the digests of what is installed. */
  readonly installed: readonly (LockName & { readonly before: string | null; readonly after: string | null })[];
  /** Differences in it; null if the contents of one of the two are unknown. */
  readonly packages: readonly BasePackageChange[] | null;
}

export interface BasePackageChange {
  readonly name: string;
  /** `[epoch:]version-release`; null where it is not there. */
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
