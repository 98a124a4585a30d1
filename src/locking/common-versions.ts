/** `cross_architecture: same_version`: finds the newest version of a package that all architectures of a set have. */
import type { PackageRecord, Pool } from '../pool/pool.ts';
import { installableVersions, newestFirst } from '../resolution/query-versions.ts';
import type { Problem, VersionConstraint } from '../resolution/resolution.ts';
import { packageNames } from '../resolution/resolve.ts';
import { formatEvr } from '../rpm/evr.ts';
import { globMatcher } from '../rpm/glob.ts';
import { evrForms } from './moved-packages.ts';
import type { Target } from './target.ts';

/** Available EVRs, newest first, by architecture and repositories (`versionsKeyOf`), then package name. */
export type KnownVersions = Map<string, ReadonlyMap<string, readonly string[]>>;

/** `repositories`: ids of the only repositories of a set. */
export const versionsKeyOf = (architecture: string, repositories: readonly string[] | undefined): string =>
  repositories === undefined ? architecture : JSON.stringify([architecture, repositories]);

/** Versions of matching packages, to compare architectures whose packages are no longer in memory. */
export function versionsIn(pool: Pool, globs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const matchers = globs.map(globMatcher);
  const versions = new Map<string, readonly string[]>();
  if (matchers.length === 0) return versions;
  const versionsOf = installableVersions(pool);
  for (const name of packageNames(pool)) if (matchers.some((matches) => matches(name))) versions.set(name, newestFirst(versionsOf(name)));
  return versions;
}

export interface UnevenSet {
  readonly set: string;
  /** Additional constraints for the next solve. */
  readonly constraints: readonly VersionConstraint[];
  /** Packages without a version that fits all architectures. */
  readonly problems: readonly Problem[];
}

export interface SolvedForArchitecture {
  readonly target: Target;
  readonly solved: { readonly packages: readonly Pick<PackageRecord, 'name' | 'epoch' | 'version' | 'release'>[] };
}

/**
 * Sets whose architectures have different versions of a package that matches the globs, with constraints for a common version. Architectures
 * without an entry in `known` are not solved in this run: their locked versions are fixed, and the others follow.
 */
export function alignVersions(solved: readonly SolvedForArchitecture[], globs: readonly string[], known: KnownVersions): UnevenSet[] {
  const matchers = globs.map(globMatcher);
  const uneven: UnevenSet[] = [];
  for (const set of new Set(solved.map(({ target }) => target.set.name))) {
    const answers = solved.filter(({ target }) => target.set.name === set);
    const constraints: VersionConstraint[] = [];
    const problems: Problem[] = [];
    for (const name of disagreements(answers, matchers)) {
      const versions = answers.map(({ target: { architecture, set: of }, solved: { packages } }) => {
        const inRepositories = known.get(versionsKeyOf(architecture, of.repositories));
        if (inRepositories !== undefined) return { architecture, evrs: inRepositories.get(name) ?? [], isLocked: false };
        return { architecture, evrs: packages.filter((locked) => locked.name === name).map(formatEvr), isLocked: true };
      });
      const concerned = versions.filter(({ evrs }) => evrs.length > 0);
      const common = concerned[0]?.evrs.find((evr) => concerned.every(({ evrs }) => evrs.includes(evr)));
      if (common === undefined) problems.push(noCommonVersion(name, versions));
      else
        constraints.push({
          name,
          version: evrForms(common)[2],
          reason: `kept at ${common}, the newest version that all architectures have`,
        });
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
  return [...found]
    .filter(([, versions]) => versions.size > 1)
    .map(([name]) => name)
    .sort();
}

interface ArchitectureVersions {
  readonly architecture: string;
  readonly evrs: readonly string[];
  readonly isLocked: boolean;
}

function noCommonVersion(name: string, versions: readonly ArchitectureVersions[]): Problem {
  const width = Math.max(...versions.map(({ architecture }) => architecture.length));
  const table = versions.map(
    ({ architecture, evrs, isLocked }) =>
      `  ${architecture.padEnd(width)}  ${evrs.slice(0, 6).join(', ') || '(none)'}${isLocked ? ' (as locked)' : ''}`,
  );
  return {
    kind: 'unsolvable',
    text: [`no version of ${name} is available for all architectures`, ...table].join('\n'),
    suggestions: [
      ...(versions.some(({ isLocked }) => isLocked) ? ['update all architectures of the set together'] : []),
      `remove ${name} from cross_architecture.same_version until the mirrors agree`,
    ],
    packages: [name],
    relations: [],
  };
}
