import type { StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { ResolveRequest, VersionConstraint } from '../resolution/resolution.ts';
import { findVisibility } from '../resolution/visibility.ts';
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
  const { hidden } = findVisibility(pool, request);
  return moved.flatMap(({ name, evr }) => {
    const visible = solvablesOf(pool, name).filter((s) => hidden?.[s] !== 1);
    const priority = Math.min(...visible.map((s) => pool.repos[pool.repo[s]!]!.priority));
    const [newest, ...older] = evrsOf(
      pool,
      visible.filter((s) => pool.repos[pool.repo[s]!]!.priority === priority),
    );
    if (newest === undefined) return [];
    const versions = [newest, ...older.filter((other) => compareEvr(other, evr) > 0)];
    return [versions.map((version) => ({ name, version: evrForms(version)[2], reason: 'asked to be the newest' }))];
  });
}

/** EVRs of what can be installed under a name, newest first. */
export const versionsOf = (pool: Pool, name: string): string[] => evrsOf(pool, solvablesOf(pool, name));

function solvablesOf(pool: Pool, name: string): number[] {
  const id = pool.strings.find(name);
  return id === 0 ? [] : [...pool.withName(id)].filter((s) => pool.archRank[s] !== 0);
}

function evrsOf(pool: Pool, solvables: readonly number[]): string[] {
  const evrs = new Set(solvables.map((s) => pool.evr[s] as StringId));
  return [...evrs].sort((a, b) => pool.compareEvr(b, a)).map((evr) => pool.strings.get(evr));
}

/** `version`, `version-release` and `epoch:version-release`: what globs on versions are compared with. */
export function evrForms(evr: string): [string, string, string] {
  const { epoch, version, release } = parseEvr(evr);
  return [version, `${version}-${release}`, `${epoch}:${version}-${release}`];
}
