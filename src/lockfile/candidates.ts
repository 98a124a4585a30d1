import { comparePackageVersions, type PackageVersion } from './package-version.ts';

/** A version in the repositories of an architecture. */
export interface CandidateVersion extends PackageVersion {
  /** File name of its source RPM, '' when not known. */
  readonly source: string;
}

/** All installable versions of a package on an architecture, for one set if given; empty if there are none. */
export type CandidateLookup = (name: string, architecture: string, set?: string) => readonly CandidateVersion[];

export function newestOf<T extends PackageVersion>(versions: readonly T[]): T | undefined {
  let newest: T | undefined;
  for (const version of versions) if (!newest || comparePackageVersions(version, newest) > 0) newest = version;
  return newest;
}

/** Newest first, each version once. */
export function newestFirst<T extends PackageVersion>(versions: readonly T[]): T[] {
  const sorted = [...versions].sort((a, b) => comparePackageVersions(b, a));
  return sorted.filter((version, i) => i === 0 || comparePackageVersions(sorted[i - 1]!, version) !== 0);
}
