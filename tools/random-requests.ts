import type { DepId, SolvableId, StringId } from '../src/pool/ids.ts';
import type { Pool } from '../src/pool/pool.ts';

/** A generator of numbers in [0, 1), the same sequence for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Requests with specs of all kinds that dnf accepts, from the packages of the pool: mostly one to five specs, sometimes a dozen. */
export function randomRequests(pool: Pool, count: number, random: () => number): string[][] {
  const solvables: number[] = [];
  for (let s = 1; s < pool.end; s++) if (pool.archRank[s] !== 0) solvables.push(s);
  const pick = <T>(items: ArrayLike<T>): T => items[Math.floor(random() * items.length)]!;
  const makers: readonly (readonly [number, (s: number) => string | undefined])[] = [
    [0.5, (s) => nameOf(pool, s)],
    [0.58, (s) => `${nameOf(pool, s)}.${pool.strings.get(pool.arch[s] as StringId)}`],
    [0.67, (s) => pool.nevra(s as SolvableId).replace(/\.[^.]+$/, '')],
    [0.7, (s) => pool.nevra(s as SolvableId)],
    [0.72, (s) => withoutEpoch(pool.nevra(s as SolvableId))],
    [0.74, (s) => withoutEpoch(pool.nevra(s as SolvableId).replace(/\.[^.]+$/, ''))],
    [0.75, (s) => pool.nevra(s as SolvableId).replace(/-[^-]+$/, '')],
    [0.78, (s) => `${nameOf(pool, s)}-${pool.record(s as SolvableId).version}`],
    [0.82, (s) => `${nameOf(pool, s)}-${pool.record(s as SolvableId).version.slice(0, 2)}*`],
    [0.86, (s) => `${nameOf(pool, s).slice(0, -1)}?`],
    [0.91, (s) => textOf(pool, pool.files, s, pick)],
    [0.95, (s) => textOf(pool, pool.provides, s, pick)],
    [0.98, (s) => plainOnly(textOf(pool, pool.requires, s, pick))],
    [0.99, (s) => `${nameOf(pool, s)} ${pick(['<', '<=', '=', '>=', '>'])} ${pool.record(s as SolvableId).version}`],
    [1, (s) => `${nameOf(pool, s)}x`],
  ];
  return Array.from({ length: count }, () => {
    if (random() < 0.05) return [...new Set(Array.from({ length: 12 }, () => nameOf(pool, pick(solvables))))];
    const specs = Array.from({ length: 1 + Math.floor(random() * random() * 5) }, () => {
      const s = pick(solvables);
      const chance = random();
      return makers.find(([limit]) => chance < limit)![1](s) ?? nameOf(pool, s);
    });
    return [...new Set(specs)];
  });
}

const withoutEpoch = (nevra: string): string => nevra.replace(/-\d+:(?=[^:]*$)/, '-');

/** dnf does not accept rich dependencies as requests. */
const plainOnly = (text: string | undefined): string | undefined => (text?.startsWith('(') === true ? undefined : text);

function nameOf(pool: Pool, s: number): string {
  return pool.strings.get(pool.name[s] as StringId);
}

function textOf(pool: Pool, lists: Pool['files'], s: number, pick: <T>(items: ArrayLike<T>) => T): string | undefined {
  const ids = lists.ids.subarray(lists.start[s]!, lists.start[s + 1]!);
  return ids.length === 0 ? undefined : pool.describeDep(pick(ids) as DepId);
}
