/** Limit for a lockfile and for an archive of lockfiles. */
export const MAX_LOCKFILE_BYTES = 64 << 20;

/** A lockfile in memory, in the schema it was written in (1.0 lacks what is optional here); see docs/lockfile.md and lockfiles/schemas/lockfile.schema.json. */
export interface Lockfile {
  readonly schema_version: string;
  readonly architecture: string;
  readonly package_set: string;
  /** Newest timestamp in the metadata used, ISO 8601 in UTC: never the wall clock. */
  readonly generated: string;
  readonly generator: string;
  /** Absent in schema 1.0. */
  readonly manifest_digest?: string;
  readonly requested?: readonly string[];
  /** Names of the packages that match a spec, for specs that do not contain a name: paths, capabilities, groups. Empty if all were ignored. */
  readonly answered_by?: Readonly<Record<string, readonly string[]>>;
  readonly ignored?: readonly string[];
  readonly repositories?: readonly LockedRepository[];
  /** The base under the packages; a lockfile with a base has schema 1.2. */
  readonly base?: LockedBase;
  readonly packages: readonly LockedPackage[];
  /** Source RPMs of the packages, each once: as packages of the architecture `src` without `source`. Schema 1.2. */
  readonly sources?: readonly LockedPackage[];
  /** Repositories of source RPMs, besides `repositories`. */
  readonly source_repositories?: readonly LockedRepository[];
}

export interface LockedRepository {
  readonly id: string;
  readonly baseurl: string;
  /** `baseurl` is the URL of such a list, so no package URL is below it. */
  readonly list?: 'metalink' | 'mirrorlist';
  readonly revision: string;
  readonly repomd_sha256: string;
  /** Fingerprints of the keys that may sign its packages, upper-case hex. */
  readonly gpgkey_fingerprints?: readonly string[];
  /** Its modules.yaml, if a locked package belongs to a module: without it dnf does not install that package. */
  readonly modules?: LockedFile;
}

/** A file of a repository. */
export interface LockedFile {
  readonly location: string;
  readonly sha256: string;
  readonly size?: number;
}

/** The base that a lockfile was made for. */
export interface LockedBase {
  /** The image as written in the manifest or in its Containerfile. */
  readonly image?: string;
  /** `sha256:...` of the image, and of its variant for the architecture. */
  readonly digest?: string;
  readonly architecture_digest?: string;
  readonly containerfile?: string;
  readonly rpmdb?: string;
  /** `sha256:...` of name, epoch, version, release and architecture of all installed packages. */
  readonly installed_digest: string;
  /** NEVRAs of installed packages that are removed without a replacement. */
  readonly removed?: readonly string[];
}

/** One locked package. All values but `size` are strings, as in schema 1.0. */
export interface LockedPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly sha256: string;
  /** The repository's checksum, if it is not a sha256: `sha512:...`. */
  readonly digest?: string;
  readonly filename: string;
  /** All keys from here on are absent in schema 1.0. */
  readonly repository?: string;
  readonly location?: string;
  /** Bytes of the .rpm file. */
  readonly size?: number;
  /** File name of the source RPM. */
  readonly source?: string;
  /** Names of packages in this lock. */
  readonly dependencies?: readonly string[];
  /** NEVRAs of the packages of the base that it replaces. */
  readonly replaces?: readonly string[];
}
