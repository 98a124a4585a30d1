/**
 * A contradiction in words: for each request that takes part, why none of its candidates is possible, down to the facts
 * (nothing provides it, it is excluded, two packages exclude each other). Of several true reasons the shortest is told.
 */
import type { SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { Contradiction } from '../solver/conflicts.ts';
import { type Reason, reasonOf } from '../solver/reasons.ts';
import type { FailedSolve } from '../solver/solve.ts';
import type { SpecJob } from './jobs.ts';
import type { Problem } from './resolution.ts';
import type { Visibility } from './visibility.ts';

/** A refusal is read by a person: more lines than this help nobody. */
const MAX_LINES = 40;
const MAX_VERSIONS = 3;

export function explainFailure(
  failure: FailedSolve,
  contradiction: Contradiction,
  jobs: readonly SpecJob[],
  visibility: Visibility,
): Problem {
  return new Explanation(failure, contradiction, jobs, visibility).problem();
}

class Explanation {
  readonly #pool: Pool;
  readonly #jobs: readonly SpecJob[];
  readonly #visibility: Visibility;
  readonly #wishes: readonly Extract<Reason, { kind: 'job' | 'best' }>[];
  /** Reasons against a package. */
  readonly #against = new Map<number, Reason[]>();
  /** How many steps the shortest refutation of a package takes. */
  readonly #steps = new Map<number, number>();
  readonly #lines: string[] = [];
  readonly #told = new Set<number>();
  readonly #packages = new Set<string>();
  readonly #relations = new Set<string>();
  readonly #suggestions = new Set<string>();

  constructor(failure: FailedSolve, contradiction: Contradiction, jobs: readonly SpecJob[], visibility: Visibility) {
    this.#pool = failure.state.pool;
    this.#jobs = jobs;
    this.#visibility = visibility;
    const reasons = contradiction.proof.map((rule) => reasonOf(failure, rule));
    this.#wishes = reasons.filter(
      (reason): reason is Extract<Reason, { kind: 'job' | 'best' }> => reason.kind === 'job' || reason.kind === 'best',
    );
    for (const reason of reasons) for (const s of packagesRuledOut(reason)) this.#against.set(s, [...(this.#against.get(s) ?? []), reason]);
    this.#countSteps();
  }

  problem(): Problem {
    const wishes = [...this.#wishes].sort((a, b) => a.job - b.job || (a.kind < b.kind ? -1 : 1));
    for (const wish of wishes) {
      const { spec } = this.#jobs[wish.job]!;
      const alsoBest = wishes.some((other) => other.kind === 'best' && other.job === wish.job);
      if (wish.kind === 'job' && alsoBest) continue;
      this.#say(0, wish.kind === 'best' ? `the best candidate for \`${spec}\` cannot be installed` : `\`${spec}\` is requested`);
      if (wish.kind === 'best') this.#suggestions.add('allow an older version: leave out `best`');
      this.#explainAll(wish.candidates, 1);
    }
    if (wishes.length > 1) this.#suggestPins(wishes.map((wish) => this.#jobs[wish.job]!.spec));
    return {
      kind: 'unsolvable',
      text: this.#lines.join('\n'),
      suggestions: [...this.#suggestions],
      packages: [...this.#packages],
      relations: [...this.#relations],
    };
  }

  /** Fixpoint: a fact takes one step, a requirement one more than the hardest of its providers. */
  #countSteps(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [s, reasons] of this.#against) {
        const steps = Math.min(...reasons.map((reason) => this.#stepsOf(reason)));
        if (steps < (this.#steps.get(s) ?? Number.POSITIVE_INFINITY)) {
          this.#steps.set(s, steps);
          changed = true;
        }
      }
    }
  }

  #stepsOf(reason: Reason): number {
    if (reason.kind === 'requires') return 1 + Math.max(0, ...reason.providers.map((s) => this.#steps.get(s) ?? Number.POSITIVE_INFINITY));
    if (reason.kind === 'not-installable' || reason.kind === 'nothing-provides' || reason.kind === 'inferior-architecture') return 1;
    return 2;
  }

  #shortest(s: number): Reason | undefined {
    const reasons = this.#against.get(s) ?? [];
    return [...reasons].sort((a, b) => this.#stepsOf(a) - this.#stepsOf(b))[0];
  }

  /** Candidates with the same name and the same reason are told in one line. */
  #explainAll(candidates: readonly number[], depth: number): void {
    const groups = new Map<string, number[]>();
    for (const s of candidates) {
      const key = `${this.#nameArch(s)} ${this.#headline(s)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [s]);
      else group.push(s);
    }
    for (const group of groups.values()) this.#explainGroup(group, depth);
  }

  #explainGroup(group: readonly number[], depth: number): void {
    const s = group.at(-1)!;
    for (const member of group) this.#packages.add(this.#pool.nevra(member as SolvableId));
    const reason = this.#shortest(s);
    const headline = this.#headline(s);
    this.#say(depth, `${this.#listVersions(group)} ${group.length > 1 ? ofSeveral(headline) : headline}`);
    if (reason === undefined || this.#told.has(s)) return;
    this.#told.add(s);
    if ('dep' in reason) this.#relations.add(this.#pool.describeDep(reason.dep));
    if (reason.kind === 'requires') this.#explainAll(reason.providers, depth + 1);
    if (reason.kind === 'nothing-provides')
      this.#suggestions.add(`enable a repository that provides \`${this.#pool.describeDep(reason.dep)}\``);
    if (reason.kind === 'not-installable') {
      const why = this.#visibility.reasonFor(s);
      if (why !== undefined) this.#suggestions.add(`${this.#name(s)} is ${why}: lift that, if it may be used`);
    }
  }

  #headline(s: number): string {
    const reason = this.#shortest(s);
    if (reason === undefined) return 'could be installed';
    switch (reason.kind) {
      case 'requires':
        return `requires ${this.#pool.describeDep(reason.dep)}`;
      case 'nothing-provides':
        return `requires ${this.#pool.describeDep(reason.dep)}, which nothing provides`;
      case 'not-installable':
        return `is ${this.#visibility.reasonFor(s) ?? 'not installable on this architecture'}`;
      case 'inferior-architecture':
        return 'is of an inferior architecture';
      case 'conflicts':
      case 'obsoletes': {
        const dep = this.#pool.describeDep(reason.dep);
        if (reason.package === s) return `${reason.kind} ${dep}, which is ${this.#nevra(reason.other)}`;
        const verb = reason.kind === 'conflicts' ? 'conflicted with' : 'obsoleted';
        return `is ${verb} by ${this.#nevra(reason.package)} (${reason.kind} ${dep})`;
      }
      case 'same-name': {
        const other = reason.package === s ? reason.other : reason.package;
        return `cannot be installed beside ${this.#nevra(other)}`;
      }
      case 'rich':
        return `has \`${this.#pool.describeDep(reason.dep)}\`, which ${reason.others.map((p) => this.#nevra(p)).join(' and ')} cannot meet`;
      default:
        return 'could be installed';
    }
  }

  #suggestPins(specs: readonly string[]): void {
    const pins = [...new Set(specs)].filter((spec) => /-\d/.test(spec));
    if (pins.length > 1) this.#suggestions.add(`these pins do not go together, change one: ${pins.map((pin) => `\`${pin}\``).join(', ')}`);
  }

  #say(depth: number, text: string): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(`${'  '.repeat(depth)}${text}`);
    else if (this.#lines.length === MAX_LINES) this.#lines.push('  ...');
  }

  #listVersions(group: readonly number[]): string {
    const newest = [...group].reverse();
    const shown = newest.slice(0, MAX_VERSIONS).map((s) => this.#nevra(s));
    const hidden = newest.length - shown.length;
    return hidden > 0 ? `${shown.join(', ')} and ${hidden} other version${hidden > 1 ? 's' : ''}` : shown.join(', ');
  }

  #name(s: number): string {
    return this.#pool.strings.get(this.#pool.name[s] as StringId);
  }

  #nameArch(s: number): string {
    return `${this.#name(s)}.${this.#pool.strings.get(this.#pool.arch[s] as StringId)}`;
  }

  /** As people write it: the epoch only where it is not 0. */
  #nevra(s: number): string {
    return this.#pool.nevra(s as SolvableId).replace('-0:', '-');
  }
}

const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/^requires /, 'require '],
  [/^conflicts /, 'conflict '],
  [/^obsoletes /, 'obsolete '],
  [/^is /, 'are '],
  [/^has /, 'have '],
];

/** What is said of one package, said of several. */
function ofSeveral(headline: string): string {
  for (const [verb, plural] of PLURALS) if (verb.test(headline)) return headline.replace(verb, plural);
  return headline;
}

function packagesRuledOut(reason: Reason): number[] {
  switch (reason.kind) {
    case 'job':
    case 'best':
      return [];
    case 'conflicts':
    case 'obsoletes':
    case 'same-name':
      return [reason.package, reason.other];
    case 'rich':
      return [reason.package, ...reason.others];
    default:
      return [reason.package];
  }
}
