/** Packages that a request hides from the solver, with the reason: excludes, modules, holds, unselected repositories. */
import type { Warning } from '../base/warnings.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import { SYSTEM_REPOSITORY } from '../pool/installed-entry.ts';
import type { Pool } from '../pool/pool.ts';
import { compareEvr, parseEvr } from '../rpm/evr.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import { regexMatcher, regexSource } from '../rpm/regex.ts';
import { explainModular } from './explain-modular.ts';
import { modulesAskedFor } from './groups.ts';
import { otherThanInstalled } from './installed.ts';
import { type ModuleOptions, moduleFilter } from './module-filter.ts';
import { namesOf, PackageQuery } from './package-query.ts';
import type { ResolveRequest } from './resolution.ts';

export interface Visibility {
  /** 1 for a hidden solvable; undefined if nothing is hidden. */
  readonly hidden: Uint8Array | undefined;
  /** Why a solvable is hidden; undefined if it is not. */
  reasonFor(s: number): HiddenReason | undefined;
  /** Whether a solvable is hidden by the streams of modules, and not by what the request excludes. */
  isOfOtherStream(s: number): boolean;
  /** Problems of requested modules. */
  readonly moduleProblems: readonly string[];
  /** Warnings about modules that could not be read or used as declared. */
  readonly warnings: readonly Warning[];
}

interface HiddenReason {
  /** The text after "is": `excluded by "python*"`. */
  readonly text: string;
  /** How to make the package available. */
  readonly remedy: string;
}

export function findVisibility(pool: Pool, request: ResolveRequest): Visibility {
  const hidden = new Uint8Array(pool.end);
  const reasons: (HiddenReason | 'module')[] = [];
  /** Index of the reason + 1, for hidden solvables. */
  const causes = new Int32Array(pool.end);
  const hide: Hide = (solvables, reason) => {
    let index = -1;
    for (const s of solvables) {
      if (hidden[s] === 1) continue;
      if (index < 0) index = reasons.push(reason) - 1;
      hidden[s] = 1;
      causes[s] = index + 1;
    }
  };
  for (const [s, why] of pool.unusable) {
    hide([s], {
      text: `left out because ${why}`,
      remedy: `ask the operator of repository ${pool.repoOf(s as SolvableId).id} to fix its metadata`,
    });
  }
  hideByRepository(pool, request, hide);
  const everything = new PackageQuery(pool, undefined);
  for (const glob of request.exclude ?? []) {
    const reason = { text: `excluded by \`${glob}\``, remedy: `remove \`${glob}\` from \`exclude\`, or narrow it` };
    hide(everything.byNevra(glob).solvables, reason);
  }
  for (const constraint of request.constraints ?? []) {
    const { version, notBelow } = constraint;
    const isVersion = notBelow === undefined ? versionPattern(version) : (evr: string) => compareEvr(evr, notBelow) >= 0;
    const others = solvablesNamed(pool, constraint.name).filter(
      (s) => s >= pool.installedEnd && !isVersion(pool.strings.get(pool.evr[s] as StringId)),
    );
    hide(others, {
      text: constraint.reason,
      remedy: `remove the constraint that keeps ${constraint.name} at ${constraint.version} (${constraint.reason})`,
    });
  }
  hide(otherThanInstalled(pool, request.matchInstalledVersions ?? []), {
    text: 'not in the version that is installed',
    remedy: 'remove it from `match_base_versions`',
  });
  const moduleOptions = moduleOptionsFor(pool, request);
  const modules = moduleFilter(pool, moduleOptions);
  const modular: number[] = [];
  for (let s = pool.installedEnd; s < pool.end; s++) if (modules.excluded[s] === 1) modular.push(s);
  hide(modular, 'module');
  return {
    hidden: reasons.length === 0 ? undefined : hidden,
    reasonFor: (s) => {
      const reason = reasons[causes[s]! - 1];
      return reason === 'module' ? explainModular(pool, moduleOptions, s) : reason;
    },
    isOfOtherStream: (s) => reasons[causes[s]! - 1] === 'module',
    moduleProblems: modules.problems,
    warnings: modules.warnings,
  };
}

type Hide = (solvables: Iterable<number>, reason: HiddenReason | 'module') => void;

/** Modules that a request enables and disables. */
export function moduleOptionsFor(pool: Pool, request: ResolveRequest): ModuleOptions {
  return { enable: enabledModules(pool, request), disable: request.modules?.disable ?? [] };
}

/** `@nodejs:20/common` enables the module stream that it installs from, as in dnf. */
function enabledModules(pool: Pool, request: ResolveRequest): string[] {
  const named = request.modules?.enable ?? [];
  return [
    ...named,
    ...modulesAskedFor(pool, request.install).filter((text) => !named.some((spec) => text === spec || text.startsWith(`${spec}/`))),
  ];
}

function hideByRepository(pool: Pool, request: ResolveRequest, hide: Hide): void {
  for (const repo of pool.repos) {
    if (repo.id !== SYSTEM_REPOSITORY && request.repositories !== undefined && !request.repositories.includes(repo.id)) {
      hide(range(repo.firstSolvable, repo.endSolvable), {
        text: `in repository ${repo.id}, which is not used`,
        remedy: `use repository ${repo.id} too`,
      });
    }
    const isInRepo = (s: number): boolean => s >= repo.firstSolvable && s < repo.endSolvable;
    const query = new PackageQuery(pool, undefined);
    if (repo.includePackages.length > 0) {
      const included = new Set(repo.includePackages.flatMap((glob) => query.byNevra(glob).solvables));
      hide(
        range(repo.firstSolvable, repo.endSolvable).filter((s) => !included.has(s)),
        { text: `not in includepkgs of repository ${repo.id}`, remedy: `add it to includepkgs of repository ${repo.id}` },
      );
    }
    for (const glob of repo.exclude) {
      hide(query.byNevra(glob).solvables.filter(isInRepo), {
        text: `excluded from repository ${repo.id} by \`${glob}\``,
        remedy: `remove \`${glob}\` from the excludes of repository ${repo.id}, or narrow it`,
      });
    }
  }
}

/** Solvables whose name a glob matches. */
function solvablesNamed(pool: Pool, pattern: string): number[] {
  if (!hasGlob(pattern)) {
    const id = pool.strings.find(pattern);
    return id === 0 ? [] : [...pool.withName(id)];
  }
  const isName = globMatcher(pattern);
  return namesOf(pool)
    .filter(({ text }) => isName(text))
    .flatMap(({ id }) => [...pool.withName(id)]);
}

/** A glob on `version`, `version-release` or `epoch:version-release`, as a test on an EVR. */
export function versionPattern(pattern: string): (evr: string) => boolean {
  const matches = globMatcher(pattern);
  return (text) => {
    const { epoch, version, release } = parseEvr(text);
    return matches(version) || matches(`${version}-${release}`) || matches(`${epoch}:${version}-${release}`);
  };
}

/** Solvables that `ignore` matches: globs on the name, or `/regex/` anywhere in `name-epoch:version-release.arch`. */
export function findIgnored(pool: Pool, patterns: readonly string[]): Uint8Array | undefined {
  if (patterns.length === 0) return undefined;
  const ignored = new Uint8Array(pool.end);
  const regexes: ((text: string) => boolean)[] = [];
  for (const pattern of patterns) {
    const expression = regexSource(pattern);
    if (expression !== undefined) regexes.push(regexMatcher(expression));
    else for (const s of solvablesNamed(pool, pattern)) ignored[s] = 1;
  }
  if (regexes.length === 0) return ignored;
  for (let s = 1; s < pool.end; s++) {
    const nevra = pool.nevra(s as SolvableId);
    if (regexes.some((matches) => matches(nevra))) ignored[s] = 1;
  }
  return ignored;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
