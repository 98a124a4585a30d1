import type { Warning } from '../base/warnings.ts';
import type { InstalledRecord } from '../pool/installed-entry.ts';
import type { PackageRecord } from '../pool/pool.ts';
import type { PackageChange } from './changes.ts';

/** One request to the resolver, for one set and one architecture. */
export interface ResolveRequest {
  /** Package specs as dnf accepts them. */
  readonly install: readonly string[];
  readonly weakDependencies?: boolean;
  readonly best?: boolean;
  /** Globs on name or NEVRA: never installed. */
  readonly exclude?: readonly string[];
  /** Globs on the name, or `/regex/` on `name-epoch:version-release.arch`: skipped, together with the packages that only they need. */
  readonly ignore?: readonly string[];
  /** Locked packages, which are kept if they still fit. */
  readonly favor?: readonly FavoredPackage[];
  /** Restricts the allowed versions of a package (holds and cross-architecture rules). */
  readonly constraints?: readonly VersionConstraint[];
  readonly modules?: { readonly enable?: readonly string[]; readonly disable?: readonly string[] };
  /** Only these repositories, by id; default all. */
  readonly repositories?: readonly string[];
  /**
   * The installed packages: NEVRAs of packages in the repositories, or packages as in an rpm database. The result contains the packages to
   * install on top. Pass the same array again in later requests, because it is prepared once per pool.
   */
  readonly installed?: readonly (string | InstalledRecord)[];
  /** Specs of installed packages to update to the newest version; or all of them. */
  readonly upgrade?: 'all' | readonly string[];
  /** Specs of installed packages to change to the repositories' version, newer or older; or all of them. */
  readonly distroSync?: 'all' | readonly string[];
  /** Specs of installed packages to reinstall. */
  readonly reinstall?: readonly string[];
  /** Specs of installed packages to remove. */
  readonly remove?: readonly string[];
  /** Installed packages may be removed if they conflict with the request. */
  readonly allowErasing?: boolean;
  /** Capabilities, such as `name` or `name = 1.2`, that count as installed. */
  readonly assumeProvides?: readonly string[];
  /** Globs on names: such packages are installed only in the version of the installed package of the same name or source. */
  readonly matchInstalledVersions?: readonly string[];
}

/** `name-epoch:version-release.arch`; with a checksum and a repository, to select one of several files of that NEVRA. */
export type FavoredPackage = string | { readonly nevra: string; readonly sha256: string; readonly repository: string | undefined };

export interface VersionConstraint {
  /** Glob on the package name. */
  readonly name: string;
  /** Glob on `version`, `version-release` or `epoch:version-release`: a match is allowed. */
  readonly version: string;
  /** Replaces the check of `version`: this version and newer ones are allowed; `version` is then only shown to users. */
  readonly notBelow?: string;
  /** Shown in problems: `held until 2027-01-01: 1.17 dropped the ACPI tables`. */
  readonly reason: string;
}

/** Why a package is installed: the relation of another package, or the request, that it satisfies. */
export interface DependencyEdge {
  /** Index into `packages`, or -1 for the request itself. */
  readonly from: number;
  readonly to: number;
  /** Such as `libvirt-libs = 10.10.0-3.el9` or `/usr/bin/sh`. */
  readonly relation: string;
  /** `conflicts`: a boolean conflict, such as `(a if b)`, is avoided by a `b` without `a`. */
  readonly kind: 'request' | 'requires' | 'recommends' | 'supplements' | 'conflicts';
}

/** A requirement of a package in the result that only ignored packages meet. */
export interface UnmetRequirement {
  readonly package: string;
  readonly relation: string;
  readonly ignored: readonly string[];
}

export interface SolveStatistics {
  readonly clauses: number;
  readonly decisions: number;
  readonly propagations: number;
  readonly conflicts: number;
}

export interface Solved {
  readonly kind: 'solved';
  /** By name, then architecture, then version. */
  readonly packages: readonly PackageRecord[];
  /** For each package the indexes of the packages that it requires or, with weak dependencies, recommends; ascending. */
  readonly dependencies: readonly (readonly number[])[];
  /** Specs with the indexes of the matching packages, ascending: none if all were ignored. */
  readonly requests: readonly { readonly spec: string; readonly packages: readonly number[] }[];
  /** `dependencies` and `requests` with their relations; computed on first access. */
  readonly edges: readonly DependencyEdge[];
  /** Names of packages that `ignore` skipped. */
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
  /** Problems of modules that do not affect the chosen packages. */
  readonly warnings: readonly Warning[];
  readonly statistics: SolveStatistics;
  /** For each package its effect on the installed packages; `new` if nothing is installed. */
  readonly changes: readonly PackageChange[];
  /** NEVRAs of installed packages that are removed without a replacement, sorted. */
  readonly removed: readonly string[];
}

export type ProblemKind = 'no-such-package' | 'version-gone' | 'wrong-architecture' | 'excluded' | 'unsolvable';

export interface Problem {
  readonly kind: ProblemKind;
  /** Text for users: several lines, without colour. */
  readonly text: string;
  /** Suggestions, one line each. */
  readonly suggestions: readonly string[];
  /** The packages and relations it is about. */
  readonly packages: readonly string[];
  readonly relations: readonly string[];
  /** The spec that matches nothing. */
  readonly spec?: string;
}

export interface Unsolvable {
  readonly kind: 'unsolvable';
  readonly problems: readonly Problem[];
}

export type ResolveOutcome = Solved | Unsolvable;
