/** Why a spec matched nothing, with suggestions. */

import { nearestFew } from '../base/nearest.ts';
import { firstOf, shortPrintable } from '../base/printable.ts';
import { architectureRank, isArchitecture } from '../pool/arch.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { compareEvr } from '../rpm/evr.ts';
import { hasGlob } from '../rpm/glob.ts';
import { possibleNevras } from '../rpm/nevra.ts';
import { parseRelation } from '../rpm/relation.ts';
import { compsOf, expandGroup } from './groups.ts';
import { namesOf, PackageQuery } from './package-query.ts';
import type { Problem, ProblemKind } from './resolution.ts';
import type { Visibility } from './visibility.ts';

const MAX_VERSIONS = 6;

interface NotFound {
  readonly suggestions: readonly string[];
  readonly because?: string;
}

/** `isBrief`: without suggestions of similar names, because these are searched among all names. */
export function explainMissing(
  pool: Pool,
  spec: string,
  visibility: Visibility,
  { suggestions, because, isBrief }: NotFound & { readonly isBrief: boolean },
): Problem {
  if (because !== undefined) {
    const text = `\`${spec}\` cannot be installed: ${because}`;
    return problem('no-such-package', text, { suggestions: suggestions.map((other) => `request \`${other}\``), packages: [] });
  }
  return (
    explainHidden(pool, spec, visibility) ??
    explainForeignArchitecture(pool, spec) ??
    explainGoneVersion(pool, spec, visibility) ??
    unknown(pool, spec, isBrief ? [] : suggestionsFor(pool, spec, suggestions))
  );
}

/** Whether an architecture has a match for a spec. A path that is only in filelists.xml counts as missing. */
export function hasSpec(pool: Pool, spec: string): boolean {
  if (spec.startsWith('@')) return expandGroup(pool, spec).kind !== 'not-found';
  const match = new PackageQuery(pool, undefined).bySpec(spec);
  return 'solvables' in match && match.solvables.some((s) => pool.archRank[s] !== 0);
}

/** A problem for a spec without a match that other architectures have. */
export function explainElsewhere(problem: Problem, architecture: string, others: readonly string[]): Problem {
  const { kind, spec, suggestions } = problem;
  if (kind === 'version-gone')
    return { ...problem, suggestions: [`${list(others)} ${others.length > 1 ? 'have' : 'has'} it`, ...suggestions] };
  return {
    kind: 'wrong-architecture',
    text: `nothing in the repositories for ${architecture} matches \`${spec}\`; it is available for ${list(others)} only`,
    suggestions: [`request it only for these architectures: { name: ${JSON.stringify(spec)}, architectures: [${others.join(', ')}] }`],
    packages: [],
    relations: [],
    spec: spec!,
  };
}

function explainHidden(pool: Pool, spec: string, visibility: Visibility): Problem | undefined {
  if (visibility.hidden === undefined || spec.startsWith('@')) return undefined;
  const match = new PackageQuery(pool, undefined).bySpec(spec);
  if ('unknownPath' in match) return undefined;
  const solvables = newestFirst(
    pool,
    match.solvables.filter((s) => visibility.reasonFor(s) !== undefined),
  );
  if (solvables.length === 0) return undefined;
  const reasons = solvables.flatMap((s) => visibility.reasonFor(s) ?? []);
  const nevras = solvables.map((s) => pool.nevra(s as SolvableId));
  const why = [...new Set(reasons.map(({ text }) => text))].join('; ');
  return problem('excluded', `\`${spec}\` exists, but may not be used: ${list(nevras.map(asWritten))} (${why})`, {
    suggestions: [...new Set(reasons.map(({ remedy }) => remedy))],
    packages: nevras,
  });
}

/** The name exists, but not in that version. Only an exact version is a lost pin; a range or a glob has to be widened. */
function explainGoneVersion(pool: Pool, spec: string, visibility: Visibility): Problem | undefined {
  for (const { name, arch, version, isExact, isPin } of versionReadings(spec)) {
    // A part without a digit is the end of an unknown name rather than a version.
    if (!/\d/.test(version)) continue;
    const solvables = withName(pool, name).filter((s) => pool.archRank[s] !== 0 && (arch === undefined || archOf(pool, s) === arch));
    if (solvables.length === 0) continue;
    const versionsOf = (found: readonly number[]): string[] => [
      ...new Set(newestFirst(pool, found).map((s) => pool.strings.get(pool.evr[s] as StringId).replace(/^0:/, ''))),
    ];
    const versions = versionsOf(solvables);
    const usable = versionsOf(solvables.filter((s) => visibility.hidden?.[s] !== 1))[0] ?? versions[0];
    const packages = newestFirst(pool, solvables).map((s) => pool.nevra(s as SolvableId));
    const there = `there ${versions.length > 1 ? 'are' : 'is'} ${name} ${list(versions)}`;
    if (!isExact) {
      const suggestions = [`request \`${name}\`, or a range of versions that includes ${usable}`];
      return problem('no-such-package', `no version matches \`${spec}\`; ${there}`, { suggestions, packages, spec });
    }
    const remedy = isPin ? [`run \`rpm-deps bump ${name}\` to move the pin`] : [];
    return problem('version-gone', `\`${spec}\` is in no repository; ${there}`, {
      suggestions: [`request ${name}-${usable}`, ...(isBehind(versions, version) ? [MIRROR_MAY_BE_BEHIND] : remedy)],
      packages,
      spec,
    });
  }
  return undefined;
}

/** A suggestion for a pin that is newer than all available versions. */
export const MIRROR_MAY_BE_BEHIND = 'every available version is older: is the mirror behind?';

/** If the spec has no epoch, the epochs of the packages are ignored. */
function isBehind(versions: readonly string[], wanted: string): boolean {
  const plain = (version: string): string => (/^\d+:/.test(wanted) ? version : version.replace(/^\d+:/, ''));
  return versions.every((version) => compareEvr(plain(version), wanted, 'match') === -1);
}

interface VersionReading {
  readonly name: string;
  readonly version: string;
  readonly arch: string | undefined;
  readonly isExact: boolean;
  /** False for a relation, which `bump` does not treat as a pin. */
  readonly isPin: boolean;
}

function versionReadings(spec: string): VersionReading[] {
  const relation = parseRelation(spec);
  if (relation?.evr !== undefined)
    return [{ name: relation.name, version: relation.evr, arch: undefined, isExact: relation.operator === '=', isPin: false }];
  return possibleNevras(spec).flatMap(({ name, epoch, version: upstream, release, arch }) => {
    if (upstream === undefined) return [];
    const version = `${epoch === undefined ? '' : `${epoch}:`}${upstream}${release === undefined ? '' : `-${release}`}`;
    return [{ name, version, arch, isExact: !hasGlob(version), isPin: true }];
  });
}

function explainForeignArchitecture(pool: Pool, spec: string): Problem | undefined {
  for (const { name, arch } of possibleNevras(spec)) {
    const solvables = withName(pool, name);
    if (solvables.length === 0) continue;
    const isForeign = arch !== undefined && isArchitecture(arch) && architectureRank(pool.architecture, arch) === 0;
    const fits = solvables.some((s) => pool.archRank[s] !== 0);
    // The part after the last dot may belong to a name or a release.
    if (fits && !isForeign && (arch === undefined || !isArchitecture(arch))) continue;
    const archs = [...new Set(solvables.filter((s) => !fits || pool.archRank[s] !== 0).map((s) => archOf(pool, s)))].sort();
    const text = isForeign
      ? `\`${spec}\`: packages for ${arch} cannot be installed on ${pool.architecture}; ${name} is available for ${list(archs)}`
      : `\`${spec}\`: ${name} is available for ${list(archs)} only, not for ${arch ?? pool.architecture}`;
    return problem('wrong-architecture', text, {
      suggestions: [`limit the package to architectures that have it: { name: ${name}, architectures: [...] }`],
      packages: solvables.map((s) => pool.nevra(s as SolvableId)),
    });
  }
  return undefined;
}

const newestFirst = (pool: Pool, solvables: readonly number[]): number[] =>
  [...solvables].sort((a, b) => pool.compareEvr(pool.evr[b] as StringId, pool.evr[a] as StringId) || a - b);

function withName(pool: Pool, name: string): number[] {
  const id = pool.strings.find(name);
  return id === 0 ? [] : [...pool.withName(id)];
}

/** If some names begin with the same word, only these: `glibc-static` is not a misspelt `llvm-static`. */
function alike(names: readonly string[], name: string): readonly string[] {
  const word = /^[^-]+-/.exec(name)?.[0];
  const same = word === undefined ? [] : names.filter((other) => other.startsWith(word));
  return same.length > 0 ? same : names;
}

const archOf = (pool: Pool, s: number): string => pool.strings.get(pool.arch[s] as StringId);

function suggestionsFor(pool: Pool, spec: string, suggestions: readonly string[]): readonly string[] {
  if (spec.startsWith('@')) return suggestions;
  const readings = possibleNevras(spec);
  const name = (readings.findLast(({ version = '0' }) => /\d/.test(version)) ?? readings.at(-1))?.name ?? spec;
  const names = namesOf(pool).map(({ text }) => text);
  return nearestFew(name, alike(names, name));
}

function unknown(pool: Pool, spec: string, similar: readonly string[]): Problem {
  const text =
    pool.end === 1
      ? `the repositories for ${pool.architecture} have no packages, so nothing matches \`${spec}\``
      : `nothing in the repositories for ${pool.architecture} matches \`${spec}\``;
  return problem('no-such-package', text, { suggestions: adviceFor(pool, spec, similar), packages: [], spec });
}

function adviceFor(pool: Pool, spec: string, similar: readonly string[]): string[] {
  if (similar.length > 0) return [`did you mean ${similar.map((other) => `\`${other}\``).join(' or ')}?`];
  if (!spec.startsWith('@') || pool.needsGroups) return [];
  const groups = compsOf(pool).groups.map(({ id }) => `@${shortPrintable(id)}`);
  return [groups.length > 0 ? `groups are ${list(groups)}` : 'these repositories have no groups'];
}

function problem(kind: ProblemKind, text: string, more: Pick<Problem, 'suggestions' | 'packages' | 'spec'>): Problem {
  return { kind, text, ...more, relations: [] };
}

const list = (items: readonly string[]): string => firstOf(items, MAX_VERSIONS);

/** As people write it: with the epoch only if it is not 0. */
const asWritten = (nevra: string): string => nevra.replace(/-0:(?=[^:]*$)/, '-');
