/** `cross_architecture: same_version`: the newest version of a package that all architectures of a set have. */
import type { StringId } from '../pool/ids.ts';
import type { PackageRecord, Pool } from '../pool/pool.ts';
import type { Problem, VersionConstraint } from '../resolution/resolution.ts';
import { compareEvr, formatEvr } from '../version/evr.ts';
import { globMatcher } from '../version/glob.ts';
import type { Target } from './manifest-input.ts';

export interface SolvedForArchitecture {
  readonly target: Target;
  readonly pool: Pool;
  readonly solved: { readonly packages: readonly PackageRecord[] };
}

export interface UnevenSet {
  readonly set: string;
  /** To be solved again with these. */
  readonly constraints: readonly VersionConstraint[];
  /** Packages that no version fits on all architectures. */
  readonly problems: readonly Problem[];
}

/** Sets whose architectures disagree on a package that the globs name. */
export function commonVersions(solved: readonly SolvedForArchitecture[], globs: readonly string[]): UnevenSet[] {
  const matchers = globs.map(globMatcher);
  const sets = new Set(solved.map(({ target }) => target.set.name));
  const uneven: UnevenSet[] = [];
  for (const set of sets) {
    const answers = solved.filter(({ target }) => target.set.name === set);
    const constraints: VersionConstraint[] = [];
    const problems: Problem[] = [];
    for (const name of disagreements(answers, matchers)) {
      const versions = answers.map(({ target, pool }) => ({ architecture: target.architecture, evrs: versionsOf(pool, name) }));
      const concerned = versions.filter(({ evrs }) => evrs.length > 0);
      const common = concerned[0]?.evrs.find((evr) => concerned.every(({ evrs }) => evrs.includes(evr)));
      if (common === undefined) problems.push(noCommonVersion(name, versions));
      else constraints.push({ name, version: withEpoch(common), reason: `kept at ${common}, the newest version that all architectures have` });
    }
    if (constraints.length > 0 || problems.length > 0) uneven.push({ set, constraints, problems });
  }
  return uneven;
}

function disagreements(answers: readonly SolvedForArchitecture[], matchers: readonly ((name: string) => boolean)[]): string[] {
  const found = new Map<string, Set<string>>();
  for (const { solved } of answers) {
    for (const record of solved.packages) {
      if (!matchers.some((matches) => matches(record.name))) continue;
      const versions = found.get(record.name) ?? new Set();
      found.set(record.name, versions.add(formatEvr(record)));
    }
  }
  return [...found].filter(([, versions]) => versions.size > 1).map(([name]) => name).sort();
}

/** Newest first. */
function versionsOf(pool: Pool, name: string): string[] {
  const id = pool.strings.find(name);
  const solvables = id === 0 ? [] : [...pool.withName(id)].filter((s) => pool.archRank[s] !== 0);
  return [...new Set(solvables.map((s) => pool.strings.get(pool.evr[s] as StringId)))].sort((a, b) => compareEvr(b, a));
}

function withEpoch(evr: string): string {
  return /^\d+:/.test(evr) ? evr : `0:${evr}`;
}

function noCommonVersion(name: string, versions: readonly { readonly architecture: string; readonly evrs: readonly string[] }[]): Problem {
  const width = Math.max(...versions.map(({ architecture }) => architecture.length));
  const table = versions.map(({ architecture, evrs }) => `  ${architecture.padEnd(width)}  ${evrs.slice(0, 6).join(', ') || '(none)'}`);
  return {
    kind: 'unsolvable',
    text: [`no version of ${name} is there for all architectures`, ...table].join('\n'),
    suggestions: [`take ${name} out of cross_architecture.same_version until the mirrors agree`],
    packages: [name],
    relations: [],
  };
}
