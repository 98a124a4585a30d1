import type { Pool } from '../pool/pool.ts';
import { newestFirst, queryVersions } from '../resolution/query-versions.ts';
import type { ResolveRequest, VersionConstraint } from '../resolution/resolution.ts';
import { compareEvr, parseEvr } from '../rpm/evr.ts';

/** A package that was asked to move. */
export interface MovedPackage {
  readonly name: string;
  /** Where it is, `epoch:version-release`; of several the oldest. */
  readonly evr: string;
}

/**
 * For each package the constraints that move it, the best first: to the newest that a request lets be chosen (not excluded, not held, of a
 * repository that no other outranks), then to older ones that are newer than what is locked. Favoring everything else is not enough: a
 * locked sibling that needs exactly the old version may be decided first, and nothing would move.
 */
export function movingConstraints(pool: Pool, moved: readonly MovedPackage[], request: ResolveRequest): VersionConstraint[][] {
  if (moved.length === 0) return [];
  const versionsOf = queryVersions(pool, request);
  return moved.flatMap(({ name, evr }) => {
    const visible = versionsOf(name).filter(({ isHidden }) => !isHidden);
    const first = Math.min(...visible.map(({ priority }) => priority));
    const [newest, ...older] = newestFirst(visible.filter(({ priority }) => priority === first));
    if (newest === undefined) return [];
    const versions = [newest, ...older.filter((other) => compareEvr(other, evr) > 0)];
    return [versions.map((version) => ({ name, version: evrForms(version)[2], reason: 'requested at the newest version' }))];
  });
}

/** `version`, `version-release` and `epoch:version-release`: what globs on versions are compared with. */
export function evrForms(evr: string): [string, string, string] {
  const { epoch, version, release } = parseEvr(evr);
  return [version, `${version}-${release}`, `${epoch}:${version}-${release}`];
}
