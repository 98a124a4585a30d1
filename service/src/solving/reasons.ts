import type { DependencyEdge, PackageRecord } from 'rpm-deps';

/** Why a package is in an answer: the request itself, or a relation of another package. */
export interface Reason {
  /** `name-epoch:version-release.arch` of the package, or null for the request. */
  readonly by: string | null;
  readonly kind: DependencyEdge['kind'];
  readonly relation: string;
}

/** Reasons of each package, in the order of the answer. */
export function reasonsOf(packages: readonly PackageRecord[], edges: readonly DependencyEdge[]): Reason[][] {
  const reasons: Reason[][] = packages.map(() => []);
  for (const { from, to, kind, relation } of edges) {
    reasons[to]?.push({ by: from < 0 ? null : nevraOf(packages[from]!), kind, relation });
  }
  return reasons;
}

export function nevraOf({
  name,
  epoch,
  version,
  release,
  arch,
}: Pick<PackageRecord, 'name' | 'epoch' | 'version' | 'release' | 'arch'>): string {
  return `${name}-${epoch}:${version}-${release}.${arch}`;
}
