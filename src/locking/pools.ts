import { orStopped } from '../base/interruption.ts';
import type { Pool } from '../pool/pool.ts';

/** Reads the packages of an architecture; undefined if there are none. A second call may read the repositories again. */
export type PoolSource = (architecture: string) => Promise<Pool | undefined>;

/** Pools, each with its architecture, or a function that reads them on demand. */
export type Pools =
  | readonly Pool[]
  | ReadonlyMap<string, Pool>
  | Readonly<Record<string, Pool>>
  | ((architecture: string) => Pool | undefined | Promise<Pool | undefined>);

/** Waiting for a pool ends when the signal is raised. */
export function poolSource(pools: Pools, signal: AbortSignal | undefined): PoolSource {
  if (typeof pools === 'function') return async (architecture) => orStopped(Promise.resolve(pools(architecture)), signal);
  const all = Array.isArray(pools)
    ? pools
    : pools instanceof Map
      ? [...pools.values()]
      : Object.values(pools as Readonly<Record<string, Pool>>);
  const known = new Map<string, Pool>(all.map((pool: Pool) => [pool.architecture, pool]));
  return async (architecture) => known.get(architecture);
}
