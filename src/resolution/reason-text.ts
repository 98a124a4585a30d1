/** Texts of reasons why a package cannot be installed: the part of a line after the package. */
import { firstOf } from '../base/printable.ts';
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { Reason } from '../solver/reasons.ts';
import { isRich } from '../solver/rich-dependencies.ts';
import { INSTALLONLY_LIMIT } from './install-only.ts';
import type { SpecJob } from './jobs.ts';
import type { Visibility } from './visibility.ts';

/** Maximum number of packages or relations in a line. */
const MAX_SHOWN = 3;

export class ReasonText {
  readonly #pool: Pool;
  readonly #jobs: readonly SpecJob[];
  readonly #visibility: Visibility;
  readonly #overLimit: readonly number[];

  constructor(pool: Pool, jobs: readonly SpecJob[], visibility: Visibility, overLimit: readonly number[]) {
    this.#pool = pool;
    this.#jobs = jobs;
    this.#visibility = visibility;
    this.#overLimit = overLimit;
  }

  /** The same text for all versions of a package whose reason contains only their own version. */
  headlineOfAny(reason: Reason, s: number): string {
    const evr = this.#pool.strings.get(this.#pool.evr[s] as StringId);
    return this.headline(reason, s).replaceAll(` = ${evr}`, ' in the same version');
  }

  headline(reason: Reason, s: number): string {
    switch (reason.kind) {
      case 'requires':
        return `requires ${this.#pool.describeDep(reason.dep)}`;
      case 'nothing-provides':
        return this.#describeMissing(reason.deps);
      case 'not-installable':
        return `is ${this.#visibility.reasonFor(s)?.text ?? 'not installable on this architecture'}`;
      case 'inferior-architecture':
        return 'is for a less preferred architecture';
      case 'conflicts':
      case 'obsoletes': {
        const dep = this.#pool.describeDep(reason.dep);
        const what = `${reason.kind === 'conflicts' ? 'conflicts with' : 'obsoletes'} ${dep}`;
        if (reason.package === s) return `${what}, which is ${this.nevra(reason.other)}`;
        return `is ruled out by ${this.nevra(reason.package)}, which ${what}`;
      }
      case 'same-name': {
        const other = reason.package === s ? reason.other : reason.package;
        return `cannot be installed beside ${this.nevra(other)}`;
      }
      case 'rich':
        return this.#describeRich(reason, s);
      case 'erase':
        return this.#overLimit.includes(s)
          ? `would be removed, because no more than ${INSTALLONLY_LIMIT} versions stay installed`
          : 'is requested to be removed';
      case 'not-in-repositories':
        return 'is not in the repositories in the installed version';
      case 'split':
        return `must be installed together with ${this.list(this.bestFirst(reason.providers))}`;
      case 'keep':
      case 'best-update':
        return `is ruled out by ${this.nevra(reason.package)}, which is installed`;
      case 'job':
      case 'best':
        return reason.candidates.length === 0
          ? `requires a package that is available for other architectures only, because of \`${this.#jobs[reason.job]!.spec}\``
          : `is only installed with ${this.list(this.bestFirst(reason.candidates))}, because of \`${this.#jobs[reason.job]!.spec}\``;
    }
  }

  /** Requirements that exist in other versions come first; the others are listed together. */
  #describeMissing(deps: readonly DepId[]): string {
    const missing = deps.map((dep) => ({ text: this.#pool.describeDep(dep), others: this.#otherVersions(dep) }));
    const close = missing
      .filter(({ others }) => others !== '')
      .map(({ text, others }) => `requires ${text}, which nothing provides${others}`);
    const away = missing.filter(({ others }) => others === '').map(({ text }) => text);
    return [...close, ...(away.length === 0 ? [] : [`requires ${shortList(away)}, which nothing provides`])].join(' and ');
  }

  #describeRich({ package: owner, dep, others, providers, isConflict }: Extract<Reason, { kind: 'rich' }>, s: number): string {
    const text = `\`${this.#pool.describeDep(dep)}\``;
    const beside = others.map((p) => this.nevra(p)).join(' and ');
    if (s !== owner) return `brings ${this.nevra(owner)} to ${isConflict ? 'conflict with' : 'need'} ${text}`;
    if (isConflict) return `conflicts with ${text}, which is ${beside}`;
    const meets = providers.length > 0 ? 'counts' : 'nothing meets';
    return others.length === 0 ? `requires ${text}` : `requires ${text}, which ${meets} beside ${beside}`;
  }

  /** Packages that provide the relation's name in versions that do not satisfy it. */
  #otherVersions(dep: DepId): string {
    const name = dep < 0 && !isRich(this.#pool, dep) ? this.#pool.relations.name(dep) : undefined;
    if (name === undefined) return '';
    const others = [...this.#pool.providersOf(name)];
    return others.length === 0 ? '' : ` (there ${others.length > 1 ? 'are' : 'is'} ${this.list(this.bestFirst(others))})`;
  }

  list(packages: readonly number[]): string {
    // Several repositories may have the same build.
    const builds = [...new Set(packages.map((s) => this.nevra(s)))];
    return shortList(builds);
  }

  name(s: number): string {
    return this.#pool.strings.get(this.#pool.name[s] as StringId);
  }

  /** Without an epoch of 0. */
  nevra(s: number): string {
    return this.#pool.nevra(s as SolvableId).replace('-0:', '-');
  }

  bestFirst(candidates: readonly number[]): number[] {
    const { archRank, evr } = this.#pool;
    return [...candidates].sort(
      (a, b) => archRank[a]! - archRank[b]! || this.#pool.compareEvr(evr[b] as StringId, evr[a] as StringId) || a - b,
    );
  }
}

const shortList = (texts: readonly string[]): string => firstOf(texts, MAX_SHOWN);

const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/^requires /, 'require '],
  [/^conflicts /, 'conflict '],
  [/^obsoletes /, 'obsolete '],
  [/^is /, 'are '],
  [/^brings /, 'bring '],
];

/** Turns the headline of one package into that of several. */
export function ofSeveral(headline: string): string {
  for (const [verb, plural] of PLURALS) if (verb.test(headline)) return headline.replace(verb, plural);
  return headline;
}
