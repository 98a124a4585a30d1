import type { BotSection } from './bot-section.ts';
import type { ImageSettings } from './image-settings.ts';
import type { Holders } from './included-files.ts';
import type { BaseDefinition, InstalledSettings } from './set-base.ts';

/** Manifests are written by hand; a larger file is not a manifest. */
export const MAX_MANIFEST_BYTES = 4 << 20;

/** The checked manifest: aliases resolved, defaults applied. Positions in the text stay in the reader. */
export interface Manifest {
  readonly schemaVersion: string;
  /** Path of its file. */
  readonly path: string;
  /** RPM names. */
  readonly architectures: readonly string[];
  /** Value of `$mirror`: from an option or the environment, else `ownMirror`. */
  readonly mirror: string;
  /** As written in the manifest. */
  readonly ownMirror: string;
  readonly releasever: string;
  /** Variables of the manifest, for URLs and ids of repositories. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables whose newest value is found in a list, except those that the environment or an option sets. */
  readonly listedVariables?: readonly ListedVariable[];
  /** In order of preference; includes disabled ones. */
  readonly repositories: readonly RepositoryDefinition[];
  /** Value of each `${NAME}`, after the environment was applied. */
  readonly versions: Readonly<Record<string, string>>;
  readonly sets: readonly PackageSet[];
  readonly holds: readonly Hold[];
  /** Globs of package names: one version on all architectures of a set. */
  readonly sameVersion: readonly string[];
  /** URL templates with `{sha256}` or `{filename}`: alternative sources for RPMs that the mirror no longer has. */
  readonly fallbacks: readonly string[];
  /** Included file of a name, such as `sets web`, or of a hold, such as `holds 0`; relative to the folder of the manifest. */
  readonly holders?: Holders;
  /** Texts of the included files, by the same path. */
  readonly included?: ReadonlyMap<string, string>;
  /** It depends on other files or on the environment: its own text is not enough to detect changes. */
  readonly readsMore?: boolean;
  /** Values of DNF_VAR_NAME in the environment, for names in certificates, logins and proxies. */
  readonly accessVariables?: Readonly<Record<string, string>>;
  /** Settings of `rpm-deps bot`; undefined if not configured. */
  readonly bot?: BotSection | undefined;
}

/** A variable for URLs that `bump` updates. */
export interface ListedVariable {
  readonly name: string;
  /** A page with links, a local folder, or a file with one value per line; variables not yet expanded. */
  readonly list: string;
  /** Glob for the values. */
  readonly pattern: string;
}

/** One repository as configured, variables not yet expanded. */
export interface RepositoryDefinition {
  readonly id: string;
  readonly baseurl: readonly string[];
  readonly metalink: string | undefined;
  readonly mirrorlist: string | undefined;
  readonly gpgkey: readonly string[];
  /** Check signatures of packages; default: true if `gpgkey` is set. */
  readonly gpgcheck: boolean;
  readonly repoGpgcheck: boolean;
  /** RPM names; undefined means every architecture. */
  readonly architectures: readonly string[] | undefined;
  readonly priority: number;
  readonly cost: number;
  readonly exclude: readonly string[];
  readonly includePackages: readonly string[];
  readonly moduleHotfixes: boolean;
  readonly allowWeakChecksums: boolean;
  readonly enabled: boolean;
  /** Continue without this repository if its repomd.xml is unavailable. */
  readonly skipIfUnavailable?: boolean;
  /** A copy for sets with their own `releasever`. */
  readonly ofSets?: true;
  /** Every set uses a copy instead: only queries read this repository. */
  readonly ofNoSet?: true;
  /** Certificates, login and proxy, variables not yet expanded; undefined without such options. */
  readonly access?: RepositoryAccess | undefined;
}

/** Texts as in dnf's options. Never written to any file. */
export interface RepositoryAccess {
  readonly sslclientcert?: string;
  readonly sslclientkey?: string;
  readonly sslcacert?: string;
  readonly sslverify?: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly proxy?: string;
  readonly proxy_username?: string;
  readonly proxy_password?: string;
}

export interface PackageSet {
  readonly name: string;
  /** Name in the manifest if the set has several releases: `web` for `web-10-stream`. */
  readonly writtenName?: string;
  readonly architectures: readonly string[];
  readonly ignore: readonly string[];
  readonly exclude: readonly string[];
  /** Ids as written in the manifest; undefined: all enabled repositories. */
  readonly repositories: readonly string[] | undefined;
  /** Release of this set only. */
  readonly releasever?: string;
  readonly weakDependencies: boolean;
  readonly best: boolean;
  /** Settings of the image of the set. */
  readonly image: ImageSettings;
  modulesFor(architecture: string): { readonly enable: readonly string[]; readonly disable: readonly string[] };
  /** The base of the set, and the allowed changes to its packages. */
  installedFor(architecture: string): InstalledSettings;
  /** Whether to lock source RPMs, and from which repositories; undefined: no source RPMs. */
  readonly sources: SourceSettings | undefined;
  /** The base for any architecture. */
  readonly base: BaseDefinition | undefined;
  /** Specs for one architecture, groups and variables expanded, in manifest order, without duplicates. */
  specsFor(architecture: string): readonly RequestedSpec[];
}

export interface SourceSettings {
  /** A package without its source RPM is an error instead of a warning. */
  readonly required: boolean;
  /** Ids of the source repositories; undefined: those named `ID-source`, as in dnf. */
  readonly repositories: readonly string[] | undefined;
}

export interface RequestedSpec {
  readonly text: string;
  /** As written, `${NAME}` not expanded. */
  readonly template: string;
  /** Names of the variables in `versions` that pin it. */
  readonly variables: readonly string[];
  /** 1-based position in the manifest. */
  readonly line: number;
  readonly column: number;
}

export interface Hold {
  /** Glob for the package name. */
  readonly package: string;
  /** Glob for version, version-release, or epoch:version-release. */
  readonly version: string;
  readonly reason: string;
  /** YYYY-MM-DD; undefined: no end. */
  readonly until: string | undefined;
  readonly issue: string | undefined;
}

/** Filters of the sets that hide packages of an architecture; queries for candidates need them. */
export const filtersFor = (
  sets: readonly PackageSet[],
  architecture: string,
): { readonly exclude: readonly string[]; readonly modules: ReturnType<PackageSet['modulesFor']> }[] =>
  sets.map((set) => ({ exclude: set.exclude, modules: set.modulesFor(architecture) }));
