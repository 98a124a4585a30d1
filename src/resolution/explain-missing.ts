/** Why a spec matched nothing, and what was probably meant. */

import { nearestFew } from '../nearest.ts';
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { possibleNevras } from '../version/nevra.ts';
import { namesOf, PackageQuery } from './package-query.ts';
import type { Problem, ProblemKind } from './resolution.ts';
import type { Visibility } from './visibility.ts';

const MAX_VERSIONS = 6;

export function explainMissing(pool: Pool, spec: string, visibility: Visibility, suggestions: readonly string[]): Problem {
  return (
    explainHidden(pool, spec, visibility) ??
    explainGoneVersion(pool, spec) ??
    explainForeignArchitecture(pool, spec) ??
    unknown(pool, spec, suggestions)
  );
}

function explainHidden(pool: Pool, spec: string, visibility: Visibility): Problem | undefined {
  if (visibility.hidden === undefined || spec.startsWith('@')) return undefined;
  const match = new PackageQuery(pool, undefined).bySpec(spec);
  if ('unknownPath' in match || match.solvables.length === 0) return undefined;
  const reasons = [...new Set(match.solvables.map((s) => visibility.reasonFor(s) ?? 'hidden'))];
  const nevras = match.solvables.map((s) => pool.nevra(s as SolvableId));
  const isModular = reasons.some((reason) => reason.includes('module'));
  return problem('excluded', `\`${spec}\` is there, but may not be used: ${list(nevras)} (${reasons.join('; ')})`, {
    suggestions: [
      isModular
        ? 'enable the module stream that has it (`modules: { enable: [...] }`)'
        : 'lift the exclude, hold or constraint that hides it',
    ],
    packages: nevras,
  });
}

/** The name is known, but not in that version. */
function explainGoneVersion(pool: Pool, spec: string): Problem | undefined {
  for (const reading of possibleNevras(spec)) {
    if (reading.version === undefined) continue;
    const id = pool.strings.find(reading.name);
    const solvables = id === 0 ? [] : [...pool.withName(id)].filter((s) => pool.archRank[s] !== 0);
    if (solvables.length === 0) continue;
    const newestFirst = solvables.sort((a, b) => pool.compareEvr(pool.evr[b] as StringId, pool.evr[a] as StringId));
    const versions = [...new Set(newestFirst.map((s) => withEpoch(pool.strings.get(pool.evr[s] as StringId))))];
    return problem(
      'version-gone',
      `\`${spec}\` is in no repository; there ${versions.length > 1 ? 'are' : 'is'} ${reading.name} ${list(versions)}`,
      {
        suggestions: [`ask for ${reading.name}-${versions[0]}`, `run \`rpm-deps bump ${reading.name}\` to move the pin`],
        packages: newestFirst.map((s) => pool.nevra(s as SolvableId)),
      },
    );
  }
  return undefined;
}

function explainForeignArchitecture(pool: Pool, spec: string): Problem | undefined {
  for (const reading of possibleNevras(spec)) {
    const id = pool.strings.find(reading.name);
    const solvables = id === 0 ? [] : [...pool.withName(id)];
    if (solvables.length === 0) continue;
    const archs = [...new Set(solvables.map((s) => pool.strings.get(pool.arch[s] as StringId)))].sort();
    const text = `\`${spec}\`: ${reading.name} is there for ${archs.join(', ')} only, not for ${reading.arch ?? pool.architecture}`;
    return problem('wrong-architecture', text, {
      suggestions: [`limit the package to architectures that have it: { name: ${reading.name}, architectures: [...] }`],
      packages: solvables.map((s) => pool.nevra(s as SolvableId)),
    });
  }
  return undefined;
}

function unknown(pool: Pool, spec: string, suggestions: readonly string[]): Problem {
  const name = possibleNevras(spec).at(-1)?.name ?? spec;
  const similar = spec.startsWith('@')
    ? suggestions
    : nearestFew(
        name,
        namesOf(pool).map(({ text }) => text),
      );
  const text = `nothing in the repositories for ${pool.architecture} matches \`${spec}\``;
  return problem('no-such-package', text, {
    suggestions: similar.length > 0 ? [`did you mean ${similar.map((other) => `\`${other}\``).join(' or ')}?`] : [],
    packages: [],
  });
}

function problem(kind: ProblemKind, text: string, more: { suggestions: readonly string[]; packages: readonly string[] }): Problem {
  return { kind, text, suggestions: more.suggestions, packages: more.packages, relations: [] };
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, MAX_VERSIONS).join(', ');
  return items.length > MAX_VERSIONS ? `${shown} and ${items.length - MAX_VERSIONS} more` : shown;
}

function withEpoch(evr: string): string {
  return /^\d+:/.test(evr) ? evr : `0:${evr}`;
}
