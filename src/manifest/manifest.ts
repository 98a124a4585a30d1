import type { BotSection } from './bot-section.ts';
import type { ImageSettings } from './image-settings.ts';
import type { Holders } from './included-files.ts';
import type { BaseDefinition, InstalledSettings } from './set-base.ts';

/** A manifest is written by hand; anything larger is something else. */
export const MAX_MANIFEST_BYTES = 4 << 20;

/** The manifest after reading: checked, aliases resolved, defaults filled in. Text positions stay with the reader. */
export interface Manifest {
  readonly schemaVersion: string;
  /** Path it was read from. */
  readonly path: string;
  /** RPM names. */
  readonly architectures: readonly string[];
  /** Where `$mirror` is read: what an option or the environment gives, else `ownMirror`. */
  readonly mirror: string;
  /** As the manifest has it. */
  readonly ownMirror: string;
  readonly releasever: string;
  /** Of its own, for URLs and ids of repositories. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those whose newest value is found in a list; not those that the environment or an option sets. */
  readonly listedVariables?: readonly ListedVariable[];
  /** In order of preference; the enabled and the disabled ones. */
  readonly repositories: readonly RepositoryDefinition[];
  /** Value of each `${NAME}` after the environment was applied. */
  readonly versions: Readonly<Record<string, string>>;
  readonly sets: readonly PackageSet[];
  readonly holds: readonly Hold[];
  /** Globs on package names: one version on all architectures of a set. */
  readonly sameVersion: readonly string[];
  /** URL templates with `{sha256}` or `{filename}`: where an RPM is downloaded from if the mirror no longer has it. */
  readonly fallbacks: readonly string[];
  /** The included file that has a name, such as `sets web`, or a hold, such as `holds 0`; from the folder of the manifest. */
  readonly holders?: Holders;
  /** Texts of the included files, by that path. */
  readonly included?: ReadonlyMap<string, string>;
  /** Other files, or variables of the environment, are part of what it says: its own text does not tell whether that has changed. */
  readonly readsMore?: boolean;
  /** Values of DNF_VAR_NAME of the environment, for the names in certificates, logins and proxies. */
  readonly accessVariables?: Readonly<Record<string, string>>;
  /** What `rpm-deps bot` does; undefined where nothing is said of it. */
  readonly bot?: BotSection | undefined;
}

/** A variable of URLs that `bump` moves. */
export interface ListedVariable {
  readonly name: string;
  /** A page with links, a folder of this machine, or a file with a value a line; variables not yet expanded. */
  readonly list: string;
  /** A glob on the values. */
  readonly pattern: string;
}

/** One repository as configured, variables not yet expanded. */
export interface RepositoryDefinition {
  readonly id: string;
  readonly baseurl: readonly string[];
  readonly metalink: string | undefined;
  readonly mirrorlist: string | undefined;
  readonly gpgkey: readonly string[];
  /** Check signatures of packages; default true where `gpgkey` is set. */
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
  /** Goes on without it where its repomd.xml cannot be had. */
  readonly skipIfUnavailable?: boolean;
  /** A copy for sets with a `releasever` of their own. */
  readonly ofSets?: true;
  /** Every set that would use it uses a copy: it is read for queries only. */
  readonly ofNoSet?: true;
  /** Certificates, login and proxy, variables not yet expanded; undefined where it is asked like any other. */
  readonly access?: RepositoryAccess | undefined;
}

/** Texts as dnf's options have them. Nothing of it is written down anywhere. */
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
  /** What the manifest calls it, where that is one of several releases: `web` of `web-10-stream`. */
  readonly writtenName?: string;
  readonly architectures: readonly string[];
  readonly ignore: readonly string[];
  readonly exclude: readonly string[];
  /** Ids as the manifest writes them; undefined: all that are enabled. */
  readonly repositories: readonly string[] | undefined;
  /** Of its own. */
  readonly releasever?: string;
  readonly weakDependencies: boolean;
  readonly best: boolean;
  /** Of the image that is made of the set. */
  readonly image: ImageSettings;
  modulesFor(architecture: string): { readonly enable: readonly string[]; readonly disable: readonly string[] };
  /** What the set is installed on, and what may happen to packages that are there. */
  installedFor(architecture: string): InstalledSettings;
  /** Whether and from where source RPMs are locked; undefined where they are not. */
  readonly sources: SourceSettings | undefined;
  /** Whether any architecture has a base. */
  readonly base: BaseDefinition | undefined;
  /** Specs for one architecture, groups and variables expanded, in manifest order, without repetition. */
  specsFor(architecture: string): readonly RequestedSpec[];
}

export interface SourceSettings {
  /** A package without its source RPM is an error and not a warning. */
  readonly required: boolean;
  /** Ids of the repositories that have them; undefined: those named `ID-source`, as dnf has them. */
  readonly repositories: readonly string[] | undefined;
}

export interface RequestedSpec {
  readonly text: string;
  /** As written, `${NAME}` not yet replaced. */
  readonly template: string;
  /** Name of the variable in `versions` that pins it, if one does. */
  readonly variables: readonly string[];
  /** 1-based position in the manifest. */
  readonly line: number;
  readonly column: number;
}

export interface Hold {
  /** Glob on the package name. */
  readonly package: string;
  /** Glob on the version, or version-release, or epoch:version-release. */
  readonly version: string;
  readonly reason: string;
  /** YYYY-MM-DD; undefined means without end. */
  readonly until: string | undefined;
  readonly issue: string | undefined;
}

/** How sets hide packages of an architecture: what a query about candidates needs to know of them. */
export const filtersFor = (
  sets: readonly PackageSet[],
  architecture: string,
): { readonly exclude: readonly string[]; readonly modules: ReturnType<PackageSet['modulesFor']> }[] =>
  sets.map((set) => ({ exclude: set.exclude, modules: set.modulesFor(architecture) }));
