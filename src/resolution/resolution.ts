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
  /** Globs on name or NEVRA: never considered. */
  readonly exclude?: readonly string[];
  /** Globs on the name, or `/regex/` on `name-epoch:version-release.arch`: left out together with what only they need. */
  readonly ignore?: readonly string[];
  /** Locked packages, which are kept where they still fit. */
  readonly favor?: readonly FavoredPackage[];
  /** Only these versions of a package may be chosen (holds and cross-architecture rules). */
  readonly constraints?: readonly VersionConstraint[];
  readonly modules?: { readonly enable?: readonly string[]; readonly disable?: readonly string[] };
  /** Only these repositories, by id; default all. */
  readonly repositories?: readonly string[];
  /**
   * What is installed already: NEVRAs of packages that the repositories have, or packages as an rpm database describes them. The answer is what
   * is to be installed on top. Give the same array again for the next request: it is prepared once for a pool.
   */
  readonly installed?: readonly (string | InstalledRecord)[];
  /** Specs of installed packages that should be the newest version, or all of them. */
  readonly upgrade?: 'all' | readonly string[];
  /** Specs of installed packages that should be the version that the repositories have, newer or older; or all of them. */
  readonly distroSync?: 'all' | readonly string[];
  /** Specs of installed packages that are to be installed again. */
  readonly reinstall?: readonly string[];
  /** Specs of installed packages that are to go. */
  readonly remove?: readonly string[];
  /** Installed packages may go where they are in the way of what is asked for. */
  readonly allowErasing?: boolean;
  /** Capabilities, such as `name` or `name = 1.2`, that count as installed. */
  readonly assumeProvides?: readonly string[];
  /** Globs on names: such packages come only in the version that is installed of the same name or of the same source. */
  readonly matchInstalledVersions?: readonly string[];
}

/** `name-epoch:version-release.arch`; with a checksum and a repository, that file of it where several repositories have one. */
export type FavoredPackage = string | { readonly nevra: string; readonly sha256: string; readonly repository: string | undefined };

export interface VersionConstraint {
  /** Glob on the package name. */
  readonly name: string;
  /** Glob on `version`, `version-release` or `epoch:version-release`: a match is allowed. */
  readonly version: string;
  /** Instead: this version and what is newer is allowed; `version` is what a person reads. */
  readonly notBelow?: string;
  /** Shown in problems: `held until 2027-01-01: 1.17 dropped the ACPI tables`. */
  readonly reason: string;
}

/** Why a package is in the answer: the relation of another package, or the request, that it satisfies. */
export interface DependencyEdge {
  /** Index into `packages`, or -1 for the request itself. */
  readonly from: number;
  readonly to: number;
  /** Such as `libvirt-libs = 10.10.0-3.el9` or `/usr/bin/sh`. */
  readonly relation: string;
  /** `conflicts`: a boolean one, such as `(a if b)`, is avoided by a `b` without `a`. */
  readonly kind: 'request' | 'requires' | 'recommends' | 'supplements' | 'conflicts';
}

/** A requirement of a package in the answer that only ignored packages meet. */
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
  /** For each package the indexes of those that it needs or, with weak dependencies, brings in; ascending. */
  readonly dependencies: readonly (readonly number[])[];
  /** Specs, and the indexes of the packages that answer them, ascending: none where all of them were ignored. */
  readonly requests: readonly { readonly spec: string; readonly packages: readonly number[] }[];
  /** The same with the relations, and what was requested; made when it is first asked for. */
  readonly edges: readonly DependencyEdge[];
  /** Names of packages that `ignore` left out. */
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
  /** Problems of modules that have no effect on the chosen packages. */
  readonly warnings: readonly Warning[];
  readonly statistics: SolveStatistics;
  /** For each package what it does to what is installed; all are new where nothing is. */
  readonly changes: readonly PackageChange[];
  /** NEVRAs of installed packages that go without a successor, sorted. */
  readonly removed: readonly string[];
}

export type ProblemKind = 'no-such-package' | 'version-gone' | 'wrong-architecture' | 'excluded' | 'unsolvable';

export interface Problem {
  readonly kind: ProblemKind;
  /** Text for a person: several lines, no colour. */
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
