import type { DepId, SolvableId, StringId } from '../src/pool/ids.ts';
import type { Pool } from '../src/pool/pool.ts';

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Requests of one to five specs of every kind that dnf knows, made from what the pool has. */
export function randomRequests(pool: Pool, count: number, random: () => number): string[][] {
  const solvables: number[] = [];
  for (let s = 1; s < pool.end; s++) if (pool.archRank[s] === 1 || pool.archRank[s] === 2) solvables.push(s);
  const pick = <T>(items: ArrayLike<T>): T => items[Math.floor(random() * items.length)]!;
  const makers: readonly (readonly [number, (s: number) => string | undefined])[] = [
    [0.5, (s) => nameOf(pool, s)],
    [0.58, (s) => `${nameOf(pool, s)}.${pool.strings.get(pool.arch[s] as StringId)}`],
    [0.7, (s) => pool.nevra(s as SolvableId).replace(/\.[^.]+$/, '')],
    [0.74, (s) => pool.nevra(s as SolvableId)],
    [0.78, (s) => `${nameOf(pool, s)}-${pool.record(s as SolvableId).version}`],
    [0.82, (s) => `${nameOf(pool, s)}-${pool.record(s as SolvableId).version.slice(0, 2)}*`],
    [0.86, (s) => `${nameOf(pool, s).slice(0, -1)}?`],
    [0.92, (s) => textOf(pool, pool.files, s, pick)],
    [1, (s) => textOf(pool, pool.provides, s, pick)],
  ];
  return Array.from({ length: count }, () => {
    const specs = Array.from({ length: 1 + Math.floor(random() * random() * 5) }, () => {
      const s = pick(solvables);
      const chance = random();
      return makers.find(([limit]) => chance < limit)![1](s) ?? nameOf(pool, s);
    });
    return [...new Set(specs)];
  });
}

function nameOf(pool: Pool, s: number): string {
  return pool.strings.get(pool.name[s] as StringId);
}

function textOf(pool: Pool, lists: Pool['files'], s: number, pick: <T>(items: ArrayLike<T>) => T): string | undefined {
  const ids = lists.ids.subarray(lists.start[s]!, lists.start[s + 1]!);
  return ids.length === 0 ? undefined : pool.describeDep(pick(ids) as DepId);
}
