import { RpmDepsError } from '../base/errors.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQuestionArchitectures, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import { PackageQuery } from '../resolution/package-query.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import type { Context } from '../run/context.ts';

export interface SearchInput extends ProjectInput {
  readonly patterns: readonly string[];
  readonly arch?: readonly string[] | undefined;
}

export interface FoundPackage {
  readonly name: string;
  /** Of the package: `noarch` too. */
  readonly arch: string;
  /** Newest `[epoch:]version-release`. */
  readonly newest: string;
  readonly versions: number;
  readonly repository: string;
  /** Architectures whose repositories have it, in that newest version. */
  readonly architectures: readonly string[];
}

/** Packages by part of their name, glob, path or capability. Throws CHECK_FAILED when there are none. */
export async function search(input: SearchInput, context: Context): Promise<FoundPackage[]> {
  const manifest = await repositoriesOrDefaults(input, context);
  const rows = new Map<string, FoundPackage & { readonly architectures: string[] }>();
  for (const architecture of chooseQuestionArchitectures(input.arch, manifest)) {
    const pool = await loadArchitecture(manifest, architecture, context);
    const found = new Set<number>();
    for (const pattern of input.patterns) for (const s of await matches(pool, pattern)) found.add(s);
    for (const row of newestOfEach(pool, [...found])) {
      const key = JSON.stringify(row);
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { ...row, architectures: [architecture] });
      else known.architectures.push(architecture);
    }
  }
  if (rows.size === 0) {
    throw new RpmDepsError('CHECK_FAILED', `no package matches ${input.patterns.map((pattern) => `\`${pattern}\``).join(' or ')}`, {
      hint: 'a pattern is a part of a name, a glob, an absolute path or a capability',
    });
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.arch < b.arch ? -1 : a.arch > b.arch ? 1 : 0));
}

async function matches(pool: Pool, pattern: string): Promise<readonly number[]> {
  if (!/[/(<=> ]/.test(pattern)) {
    const isName = hasGlob(pattern) ? globMatcher(pattern) : (name: string): boolean => name.includes(pattern);
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

function newestOfEach(pool: Pool, solvables: readonly number[]): Omit<FoundPackage, 'architectures'>[] {
  const groups = new Map<string, number[]>();
  for (const s of solvables) {
    const key = `${pool.name[s]} ${pool.arch[s]}`;
    const group = groups.get(key);
    if (group) group.push(s);
    else groups.set(key, [s]);
  }
  return [...groups.values()].map((group) => {
    const newest = group.reduce((best, s) => (pool.compareEvr(pool.evr[s] as StringId, pool.evr[best] as StringId) > 0 ? s : best));
    const { name, arch, repository } = pool.record(newest as SolvableId);
    return {
      name,
      arch,
      newest: pool.strings.get(pool.evr[newest] as StringId),
      versions: new Set(group.map((s) => pool.evr[s])).size,
      repository,
    };
  });
}
