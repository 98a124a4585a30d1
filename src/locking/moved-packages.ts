import type { Pool } from '../pool/pool.ts';
import { newestFirst, queryVersions } from '../resolution/query-versions.ts';
import type { ResolveRequest, VersionConstraint } from '../resolution/resolution.ts';
import { compareEvr, parseEvr } from '../rpm/evr.ts';

/** A package that was requested to move. */
export interface MovedPackage {
  readonly name: string;
  /** Locked `epoch:version-release`; the oldest if there are several. */
  readonly evr: string;
}

/**
 * For each package the constraints that move it, the best first: to the newest version that the request allows (not excluded, not held, not
 * outranked by another repository), then to older ones that are newer than the locked one. Favoring all other packages is not enough: a
 * locked sibling that requires exactly the old version may be decided first, and nothing would move.
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

/** `version`, `version-release` and `epoch:version-release`: the texts that version globs are matched with. */
export function evrForms(evr: string): [string, string, string] {
  const { epoch, version, release } = parseEvr(evr);
  return [version, `${version}-${release}`, `${epoch}:${version}-${release}`];
}
