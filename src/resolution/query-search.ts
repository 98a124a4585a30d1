/** Searches packages by part of their name, glob, path or capability. */
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import { PackageQuery } from './package-query.ts';

export interface FoundInPool {
  readonly name: string;
  /** Architecture of the package, also `noarch`. */
  readonly arch: string;
  /** Newest `[epoch:]version-release`. */
  readonly newest: string;
  readonly versions: number;
  readonly repository: string;
  /** Checksum of the newest version. */
  readonly checksum: string;
}

/** Packages that match one of the patterns, by name and architecture, and the packages of `names`. */
export async function searchPackages(pool: Pool, patterns: readonly string[], names: Iterable<string> = []): Promise<FoundInPool[]> {
  const found = new Set<number>();
  for (const pattern of patterns) for (const s of await matches(pool, pattern)) found.add(s);
  for (const name of names) {
    const id = pool.strings.find(name);
    if (id !== 0) for (const s of pool.withName(id)) if (pool.archRank[s] !== 0) found.add(s);
  }
  return newestOfEach(pool, [...found]);
}

/** Whether a pattern is searched as a part of names and summaries: it is neither a glob nor a path or capability. */
export const isWord = (pattern: string): boolean => !IS_SPEC.test(pattern) && !hasGlob(pattern);

const IS_SPEC = /[/(<=>]/;

async function matches(pool: Pool, pattern: string): Promise<readonly number[]> {
  if (!IS_SPEC.test(pattern)) {
    const part = pattern.toLowerCase();
    const isName = hasGlob(pattern) ? globMatcher(pattern) : (name: string): boolean => name.toLowerCase().includes(part);
    const isWanted = new Map<number, boolean>();
    const found: number[] = [];
    for (let s = 1; s < pool.end; s++) {
      if (pool.archRank[s] === 0) continue;
      const id = pool.name[s]!;
      if (!isWanted.has(id)) isWanted.set(id, isName(pool.strings.get(id as StringId)));
      if (isWanted.get(id) === true) found.push(s);
    }
    return found;
  }
  const query = new PackageQuery(pool, undefined);
  let match = query.bySpec(pattern);
  if ('unknownPath' in match) {
    await pool.loadFilelists([match.unknownPath]);
    match = query.bySpec(pattern);
  }
  return 'unknownPath' in match ? [] : match.solvables.filter((s) => pool.archRank[s] !== 0);
}

function newestOfEach(pool: Pool, solvables: readonly number[]): FoundInPool[] {
  const groups = new Map<string, number[]>();
  for (const s of solvables) {
    const key = `${pool.name[s]} ${pool.arch[s]}`;
    const group = groups.get(key);
    if (group) group.push(s);
    else groups.set(key, [s]);
  }
  return [...groups.values()].map((group) => {
    const newest = group.reduce((best, s) => (pool.compareEvr(pool.evr[s] as StringId, pool.evr[best] as StringId) > 0 ? s : best));
    const { name, arch, repository, checksum } = pool.record(newest as SolvableId);
    return {
      name,
      arch,
      newest: pool.strings.get(pool.evr[newest] as StringId),
      versions: new Set(group.map((s) => pool.evr[s])).size,
      repository,
      checksum: checksum.value,
    };
  });
}
