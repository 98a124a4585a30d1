/** How a resolution changes the installed packages. */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { matchesName } from '../solver/match-name.ts';
import { canCollide } from '../solver/system.ts';
import { installOnly } from './install-only.ts';

export interface PackageChange {
  /** Index into `packages`. */
  readonly package: number;
  /** `new` replaces nothing; `replacement` obsoletes packages of other names. */
  readonly kind: 'new' | 'upgrade' | 'downgrade' | 'reinstall' | 'replacement';
  /** NEVRAs of the installed packages that it replaces. */
  readonly replaces: readonly string[];
}

export interface SystemChanges {
  /** One entry for each package of the result. */
  readonly changes: readonly PackageChange[];
  /** NEVRAs of installed packages that are removed without a replacement, sorted. */
  readonly removed: readonly string[];
}

/** `packages`: the newly installed solvables, in the order of the result; `isThere`: 1 for all packages that are installed at the end. */
export function changesOf(pool: Pool, packages: readonly number[], isThere: Uint8Array): SystemChanges {
  const gone: number[] = [];
  for (let p = 1; p < pool.installedEnd; p++) if (isThere[p] === 0) gone.push(p);
  const replaced = new Set<number>();
  const several = installOnly(pool);
  const changes = packages.map((s, index): PackageChange => {
    const own = gone.filter((p) => pool.name[p] === pool.name[s] && canCollide(pool, s, p) && !areSideBySide(pool, several, s, p));
    const others = gone.filter((p) => pool.name[p] !== pool.name[s] && obsoletes(pool, s, p));
    for (const p of [...own, ...others]) replaced.add(p);
    return { package: index, kind: kindOf(pool, s, own, others), replaces: nevras(pool, [...own, ...others]) };
  });
  return {
    changes,
    removed: nevras(
      pool,
      gone.filter((p) => !replaced.has(p)),
    ),
  };
}

/** Versions of an install-only package do not replace each other. */
function areSideBySide(pool: Pool, several: Uint8Array | undefined, s: number, p: number): boolean {
  return several?.[s] === 1 && several[p] === 1 && pool.evr[s] !== pool.evr[p];
}

function kindOf(pool: Pool, s: number, own: readonly number[], others: readonly number[]): PackageChange['kind'] {
  if (own.length === 0) return others.length === 0 ? 'new' : 'replacement';
  const newest = own.reduce((a, b) => (pool.compareEvr(pool.evr[a] as StringId, pool.evr[b] as StringId) < 0 ? b : a));
  const order = pool.compareEvr(pool.evr[s] as StringId, pool.evr[newest] as StringId);
  return order > 0 ? 'upgrade' : order < 0 ? 'downgrade' : 'reinstall';
}

function obsoletes(pool: Pool, s: number, p: number): boolean {
  const { start, ids } = pool.obsoletes;
  for (let i = start[s]!; i < start[s + 1]!; i++) if (matchesName(pool, p as SolvableId, ids[i] as DepId)) return true;
  return false;
}

function nevras(pool: Pool, solvables: readonly number[]): string[] {
  return [...new Set(solvables.map((p) => pool.nevra(p as SolvableId)))].sort();
}
