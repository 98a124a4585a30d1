/** Explains why two results of a request differ: the first different choices, and the packages that caused them. */
import type { DepId, SolvableId } from '../src/pool/ids.ts';
import type { IdLists, Pool } from '../src/pool/pool.ts';
import type { Solved } from '../src/resolution/resolution.ts';
import { globMatcher, hasGlob } from '../src/rpm/glob.ts';
import { formatNevra } from '../src/rpm/nevra.ts';

/** `expected` are the NEVRAs of the other result. One line per choice. */
export function causesOf(pool: Pool, ours: Solved, expected: readonly string[]): string[] {
  const theirs = new Set(expected);
  const nevras = ours.packages.map(formatNevra);
  const own = new Set(nevras);
  const isShared = (index: number): boolean => index === -1 || theirs.has(nevras[index]!);
  const missing = solvablesOf(
    pool,
    expected.filter((nevra) => !own.has(nevra)),
  );
  const told = new Set<string>();
  const lines: string[] = [];
  for (const { from, to, relation, kind } of ours.edges) {
    if (!isShared(from) || isShared(to)) continue;
    const rivals = missing
      .filter((s) => from === -1 || providesFor(pool, nevras[from]!, relation, s))
      .map((s) => pool.nevra(s as SolvableId));
    for (const rival of rivals) told.add(rival);
    const who = from === -1 ? `the request for ${relation}` : `${nevras[from]} (${kind} ${relation})`;
    lines.push(`${who} is met by ${nevras[to]} here, by ${rivals.length === 0 ? 'nothing' : rivals.join(' or ')} in dnf's answer`);
  }
  for (const s of missing) {
    const nevra = pool.nevra(s as SolvableId);
    if (told.has(nevra)) continue;
    const wanting = solvablesOf(
      pool,
      expected.filter((other) => own.has(other)),
    ).flatMap((by) => wishesOf(pool, by, s));
    lines.push(wanting.length > 0 ? `dnf has ${nevra} for ${wanting[0]}` : `nothing that both answers have asks for ${nevra} of dnf's`);
  }
  return lines;
}

/** Replaces globs by the names that they match, in the order of their jobs here, so that dnf uses the same order. */
export function withoutGlobs(pool: Pool, specs: readonly string[]): readonly string[] {
  return specs.flatMap((spec) => {
    if (!hasGlob(spec) || spec.includes('/')) return [spec];
    const isName = globMatcher(spec);
    const names = new Set<string>();
    for (let s = 1; s < pool.end; s++) {
      const name = pool.strings.get(pool.name[s] as never);
      if (pool.archRank[s] !== 0 && isName(name)) names.add(name);
    }
    return names.size === 0 ? [spec] : [...names];
  });
}

function solvablesOf(pool: Pool, nevras: readonly string[]): number[] {
  return nevras.flatMap((nevra) => {
    const name = /^(.+)-\d+:[^:]*$/.exec(nevra)?.[1] ?? '';
    return [...pool.withName(pool.strings.find(name))].filter((s) => pool.nevra(s as SolvableId) === nevra).slice(0, 1);
  });
}

function providesFor(pool: Pool, from: string, relation: string, candidate: number): boolean {
  return solvablesOf(pool, [from]).some((s) =>
    wishes(pool, s).some(({ dep }) => pool.describeDep(dep) === relation && pool.providersOf(dep).includes(candidate)),
  );
}

function wishesOf(pool: Pool, s: number, candidate: number): string[] {
  return wishes(pool, s)
    .filter(({ dep }) => pool.providersOf(dep).includes(candidate))
    .map(({ kind, dep }) => `${pool.nevra(s as SolvableId)} (${kind} ${pool.describeDep(dep)})`);
}

function wishes(pool: Pool, s: number): { kind: string; dep: DepId }[] {
  const of = (kind: string, { start, ids }: IdLists): { kind: string; dep: DepId }[] =>
    [...ids.subarray(start[s], start[s + 1])].map((dep) => ({ kind, dep: dep as DepId }));
  return [...of('requires', pool.requires), ...of('recommends', pool.recommends)];
}
