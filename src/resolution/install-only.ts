import type { DepId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';

/** Packages that may be installed in several versions (the default of `installonlypkgs` in dnf 4). */
const INSTALL_ONLY = [
  'kernel',
  'kernel-PAE',
  'installonlypkg(kernel)',
  'installonlypkg(kernel-module)',
  'installonlypkg(vm)',
  'multiversion(kernel)',
];

const FOUND = memoryKey<{ readonly several: Uint8Array | undefined }>('install only');

/** `installonly_limit` of dnf 4. */
export const INSTALLONLY_LIMIT = 3;

/** Installed versions to remove for new ones, and those that stay. */
export interface OverLimit {
  readonly erase: readonly number[];
  readonly keep: readonly number[];
}

/**
 * The packages that dnf removes because a result has more versions of an install-only package than the limit: the oldest installed ones (libdnf,
 * `limitInstallonlyPackages`). Undefined if the limit is not exceeded.
 */
export function overInstallOnlyLimit(pool: Pool, answer: Int32Array): OverLimit | undefined {
  if (pool.installedEnd <= 1) return undefined;
  const chosen = new Set(answer);
  const newestFirst = (a: number, b: number): number => pool.compareEvr(pool.evr[b] as StringId, pool.evr[a] as StringId);
  const erase = new Set<number>();
  const keep = new Set<number>();
  for (const providers of installOnlyProviders(pool)) {
    const found = [...providers].filter((s) => chosen.has(s));
    if (found.length <= INSTALLONLY_LIMIT || found.every((s) => s < pool.installedEnd)) continue;
    for (const name of new Set(found.map((s) => pool.name[s]))) {
      const versions = found.filter((s) => pool.name[s] === name);
      if (versions.length <= INSTALLONLY_LIMIT) continue;
      const before = versions.filter((s) => s < pool.installedEnd).sort(newestFirst);
      const leaving = before.slice(Math.max(0, INSTALLONLY_LIMIT - (versions.length - before.length)));
      for (const s of versions) (leaving.includes(s) ? erase : keep).add(s);
    }
  }
  return erase.size === 0 ? undefined : { erase: [...erase], keep: [...keep] };
}

/** 1 for packages that may be installed in several versions, by solvable; undefined if the pool has none. */
export function installOnly(pool: Pool): Uint8Array | undefined {
  return pool.memory.keep(FOUND, () => ({ several: findSeveral(pool) })).several;
}

function findSeveral(pool: Pool): Uint8Array | undefined {
  let several: Uint8Array | undefined;
  for (const providers of installOnlyProviders(pool)) {
    for (const s of providers) {
      several ??= new Uint8Array(pool.end);
      several[s] = 1;
    }
  }
  return several;
}

/** The providers of each entry of INSTALL_ONLY in the pool. */
function installOnlyProviders(pool: Pool): Int32Array[] {
  return INSTALL_ONLY.map((name) => pool.strings.find(name)).flatMap((id) => (id === 0 ? [] : [pool.providersOf(id as DepId)]));
}
