import type { DepId, SolvableId } from '../pool/ids.ts';
import type { IdLists, Pool } from '../pool/pool.ts';
import { findNevra } from './find-nevra.ts';

/** `libvirt-libs = 10.10.0-3.el9`: a relation by which packages of `from` require or recommend packages of `to` (NEVRAs); else undefined. */
export function queryRelation(pool: Pool, from: readonly string[], to: readonly string[]): string | undefined {
  const isTarget = new Set<number>(to.flatMap((nevra) => findNevra(pool, nevra)));
  const sources: readonly SolvableId[] = from.flatMap((nevra) => findNevra(pool, nevra));
  const lists: readonly IdLists[] = [pool.requires, pool.recommends];
  for (const { start, ids } of lists) {
    for (const s of sources) {
      for (let i = start[s]!; i < start[s + 1]!; i++) {
        const dep = ids[i] as DepId;
        if (pool.providersOf(dep).some((provider) => isTarget.has(provider))) return pool.describeDep(dep);
      }
    }
  }
  return undefined;
}
