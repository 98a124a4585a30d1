import type { StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { VersionConstraint } from '../resolution/resolution.ts';
import { parseEvr } from '../version/evr.ts';
import { globMatcher } from '../version/glob.ts';

/**
 * Constraints that make packages the newest that the repositories have and the other constraints allow. Favoring everything else is not
 * enough: a locked sibling that needs exactly the old version may be decided first, and nothing would move.
 */
export function newestConstraints(pool: Pool, names: readonly string[], others: readonly VersionConstraint[]): VersionConstraint[] {
  const constraints: VersionConstraint[] = [];
  for (const name of names) {
    const allowed = others.filter((constraint) => globMatcher(constraint.name)(name)).map(({ version }) => globMatcher(version));
    const newest = versionsOf(pool, name).find((evr) => allowed.every((matches) => evrForms(evr).some(matches)));
    if (newest !== undefined) constraints.push({ name, version: evrForms(newest)[2]!, reason: 'asked to be the newest' });
  }
  return constraints;
}

/** EVRs of what can be installed under a name, newest first. */
export function versionsOf(pool: Pool, name: string): string[] {
  const id = pool.strings.find(name);
  if (id === 0) return [];
  const evrs = new Set<StringId>();
  for (const s of pool.withName(id)) if (pool.archRank[s] !== 0) evrs.add(pool.evr[s] as StringId);
  return [...evrs].sort((a, b) => pool.compareEvr(b, a)).map((evr) => pool.strings.get(evr));
}

/** `version`, `version-release` and `epoch:version-release`: what globs on versions are compared with. */
export function evrForms(evr: string): [string, string, string] {
  const { epoch, version, release } = parseEvr(evr);
  return [version, `${version}-${release}`, `${epoch}:${version}-${release}`];
}
