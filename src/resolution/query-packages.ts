/** The packages of a pool with a given name, as plain objects. */
import type { SolvableId } from '../pool/ids.ts';
import type { PackageRecord, Pool } from '../pool/pool.ts';
import type { ResolveRequest } from './resolution.ts';
import { findVisibility } from './visibility.ts';

export interface KnownPackage extends PackageRecord {
  /** Milliseconds since 1970; 0 if unknown. */
  readonly builtMs: number;
  /** False for packages of a foreign architecture and for source packages. */
  readonly isInstallable: boolean;
}

/** In the order of the pool. */
export function packagesNamed(pool: Pool, name: string): KnownPackage[] {
  return solvablesNamed(pool, name).map((s) => describe(pool, s));
}

/** Filters of a set of packages. */
export type Leaving = Required<Pick<ResolveRequest, 'exclude' | 'modules'>>;

/** The same with a flag for each request: whether it may choose the package, which is not excluded or hidden by modules. */
export function queryPackages(pool: Pool, ways: readonly Leaving[]): (name: string) => (KnownPackage & { readonly isVisible: boolean })[] {
  const hidden = hiddenBy(pool, ways);
  return (name) =>
    solvablesNamed(pool, name).map((s) => {
      const known = describe(pool, s);
      return { ...known, isVisible: known.isInstallable && hidden.some((column) => column?.[s] !== 1) };
    });
}

function solvablesNamed(pool: Pool, name: string): number[] {
  const id = pool.strings.find(name);
  return id === 0 ? [] : [...pool.withName(id)];
}

const describe = (pool: Pool, s: number): KnownPackage => ({
  ...pool.record(s as SolvableId),
  builtMs: (pool.buildTime[s] ?? 0) * 1000,
  isInstallable: pool.archRank[s] !== 0,
});

/** One column for each different combination of hidden packages. */
function hiddenBy(pool: Pool, ways: readonly Leaving[]): (Uint8Array | undefined)[] {
  const columns = new Map<string, Uint8Array | undefined>();
  for (const { modules, exclude } of ways) {
    const key = JSON.stringify([modules, exclude]);
    if (!columns.has(key)) columns.set(key, findVisibility(pool, { install: [], modules, exclude }).hidden);
  }
  return columns.size === 0 ? [undefined] : [...columns.values()];
}
