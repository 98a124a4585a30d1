import { orStopped } from '../base/interruption.ts';
import type { Pool } from '../pool/pool.ts';

/** The packages of an architecture, or undefined where nobody has them. Asked again, it may read the repositories again. */
export type PoolSource = (architecture: string) => Promise<Pool | undefined>;

/** Pools, each knowing its architecture, or a function that has them read when they are needed. */
export type Pools =
  | readonly Pool[]
  | ReadonlyMap<string, Pool>
  | Readonly<Record<string, Pool>>
  | ((architecture: string) => Pool | undefined | Promise<Pool | undefined>);

/** Waiting for a pool ends as soon as the signal is raised. */
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
