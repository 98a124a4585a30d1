/**
 * A contradiction in words: for each request that takes part, why none of its candidates is possible, down to the facts
 * (nothing provides it, it is excluded, two packages exclude each other). What the contradiction does not need is not told.
 */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { Contradiction } from '../solver/conflicts.ts';
import { type Reason, reasonOf } from '../solver/reasons.ts';
import { isRich } from '../solver/rich-dependencies.ts';
import { shortestProof } from '../solver/shortest-proof.ts';
import type { FailedSolve } from '../solver/solve.ts';
import type { StepBudget } from '../solver/step-budget.ts';
import type { SpecJob } from './jobs.ts';
import type { Problem } from './resolution.ts';
import type { Visibility } from './visibility.ts';

/** A refusal is read by a person: more lines than this help nobody. */
const MAX_LINES = 40;
const MAX_SHOWN = 3;
/** Of what does not fit into the lines: the facts that it ends with. */
const MAX_FACTS = 3;
/** A problem names the packages and relations that it is about, and not half of a distribution. */
const MAX_NAMED = 500;

export function explainFailure(
  failure: FailedSolve,
  contradiction: Contradiction,
  asked: { readonly pool: Pool; readonly jobs: readonly SpecJob[]; readonly visibility: Visibility; readonly budget: StepBudget },
): Problem {
  return new Explanation(failure, contradiction, asked).problem();
}

type Wish = Extract<Reason, { kind: 'job' | 'best' }>;
type Kept = Extract<Reason, { kind: 'keep' | 'best-update' }>;

/** Lines to write, and what has to be written before the next of them. */
type Telling = Generator<Telling, void, undefined>;

class Explanation {
  readonly #pool: Pool;
  readonly #jobs: readonly SpecJob[];
  readonly #visibility: Visibility;
  readonly #wishes: readonly Wish[];
  /** Installed packages that have to stay. */
  readonly #kept: readonly Kept[];
  /** Reasons against a package. No one of them could be left out: the proof is minimal. */
  readonly #against = new Map<number, Reason[]>();
  readonly #lines: string[] = [];
  /** Lines that did not fit, and the first facts among them. */
  #omitted = 0;
  readonly #omittedFacts: string[] = [];
  readonly #told = new Set<number>();
  readonly #toldShared = new Set<Reason>();
  readonly #packages = new Set<string>();
  readonly #relations = new Set<string>();
  readonly #suggestions = new Set<string>();

  constructor(
    failure: FailedSolve,
    contradiction: Contradiction,
    { pool, jobs, visibility, budget }: Parameters<typeof explainFailure>[2],
  ) {
    this.#pool = pool;
    this.#jobs = jobs;
    this.#visibility = visibility;
    const reasons = shortestProof(failure, contradiction.proof, budget).map((rule) => reasonOf(failure, rule));
    this.#wishes = reasons.filter((reason): reason is Wish => reason.kind === 'job' || reason.kind === 'best');
    this.#kept = reasons.filter((reason): reason is Kept => reason.kind === 'keep' || reason.kind === 'best-update');
    for (const reason of reasons) {
      for (const s of packagesRuledOut(reason)) {
        const against = this.#against.get(s);
        if (against === undefined) this.#against.set(s, [reason]);
        else against.push(reason);
      }
    }
  }

  problem(): Problem {
    const wishes = [...this.#wishes].sort((a, b) => a.job - b.job || (a.kind < b.kind ? -1 : 1));
    for (const wish of wishes) {
      const { spec } = this.#jobs[wish.job]!;
      const alsoBest = wishes.some((other) => other.kind === 'best' && other.job === wish.job);
      if (wish.kind === 'job' && alsoBest) continue;
      if (wish.kind === 'best') this.#suggestions.add('allow an older version: leave out `best`');
      if (wish.kind === 'job' && wish.candidates.every((s) => this.#isToldOfOther(s))) {
        const isConditional = wish.condition.length > 0;
        this.#say(
          0,
          `${this.#wish(wish, spec)}${isConditional ? '' : `, which can only be ${this.#list(this.#bestFirst(wish.candidates))}`}`,
        );
        for (const s of wish.candidates) this.#namePackage(s);
        continue;
      }
      this.#say(0, wish.kind === 'best' ? `the best candidate for \`${spec}\` cannot be installed` : this.#wish(wish, spec));
      tellAll(this.#explainAll(wish.candidates, 1));
    }
    for (const kept of this.#kept) this.#explainKept(kept);
    this.#sayOmitted();
    if (wishes.length > 1) this.#suggestPins(wishes);
    if (this.#suggestions.size === 0) this.#suggestLess(wishes.map((wish) => `\`${this.#jobs[wish.job]!.spec}\``));
    return {
      kind: 'unsolvable',
      text: this.#lines.join('\n'),
      suggestions: [...this.#suggestions],
      packages: [...this.#packages],
      relations: [...this.#relations],
    };
  }

  #explainKept({ kind, package: p, candidates }: Kept): void {
    const what = this.#nevra(p);
    this.#suggestions.add(kind === 'keep' ? 'let installed packages go: `allow_erasing`' : 'allow an older version: leave out `best`');
    const told = candidates.filter((s) => !this.#isToldOfOther(s));
    this.#namePackage(p);
    if (told.length === 0) {
      const others = candidates.filter((s) => this.#nevra(s) !== what);
      this.#say(0, `${what} is installed${others.length > 0 ? `, and could only become ${this.#list(others)}` : ''}`);
      return;
    }
    this.#say(0, kind === 'keep' ? `${what} is installed` : `the best update of ${what} cannot be installed`);
    tellAll(this.#explainAll(candidates, 1));
  }

  #wish({ candidates, condition }: Wish, spec: string): string {
    if (condition.length === 0) return `\`${spec}\` is requested`;
    return `\`${spec}\` wants ${this.#list(this.#bestFirst(candidates))} beside ${this.#list(condition)}`;
  }

  /** That it excludes another package is all that is against it, and that is told of the other one. */
  #isToldOfOther(s: number): boolean {
    const reasons = this.#against.get(s) ?? [];
    return reasons.length > 0 && reasons.every((reason) => this.#toldShared.has(reason));
  }

  /** What to tell of a package: a fact, which is enough; else all that it needs in vain, and whom it excludes if that is not told of the other. */
  #reasonsToTell(s: number): readonly Reason[] {
    const reasons = this.#against.get(s) ?? [];
    const fact = reasons.find(isFact);
    if (fact !== undefined) return [fact];
    const untold = reasons.filter((reason) => !this.#toldShared.has(reason));
    return untold.length === 0 ? reasons : [...untold].sort((a, b) => Number('other' in a) - Number('other' in b));
  }

  /** Candidates with the same name and the same reasons are told in one line; a reason that names the own version counts as the same for all versions. */
  *#explainAll(candidates: readonly number[], depth: number): Telling {
    const groups = new Map<string, number[]>();
    for (const s of this.#bestFirst(candidates)) {
      const key = [this.#name(s), ...this.#reasonsToTell(s).map((reason) => this.#headlineOfAny(reason, s))].join('\n');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [s]);
      else group.push(s);
    }
    for (const group of groups.values()) yield this.#explainGroup(group, depth);
  }

  *#explainGroup(group: readonly number[], depth: number): Telling {
    for (const member of group) this.#namePackage(member);
    const untold = group.filter((s) => !this.#told.has(s));
    for (const s of group) this.#told.add(s);
    const [first = 0] = group;
    const versions = this.#list(group);
    const reasons = new Map(group.map((s) => [s, this.#reasonsToTell(s)]));
    for (const [index, reason] of reasons.get(first)!.entries()) {
      // What a reason before it led to may have been the same.
      if (index > 0 && this.#toldShared.has(reason)) continue;
      const headline = group.length > 1 ? ofSeveral(this.#headlineOfAny(reason, first)) : this.#headline(reason, first);
      if (isShared(reason))
        for (const s of group) for (const other of this.#against.get(s) ?? []) if (isShared(other)) this.#toldShared.add(other);
      this.#say(depth, `${versions} ${index > 0 ? 'also ' : ''}${headline}`, isFact(reason));
      yield this.#explainReasons(
        untold.map((s) => reasons.get(s)![index]!),
        depth,
      );
    }
  }

  #bestFirst(candidates: readonly number[]): number[] {
    const { archRank, evr } = this.#pool;
    return [...candidates].sort(
      (a, b) => archRank[a]! - archRank[b]! || this.#pool.compareEvr(evr[b] as StringId, evr[a] as StringId) || a - b,
    );
  }

  /** What stands below the line of a group: of each member the reason that the line is about. */
  *#explainReasons(reasons: readonly Reason[], depth: number): Telling {
    const providers = new Set<number>();
    for (const reason of reasons) {
      if ('dep' in reason) this.#nameRelation(reason.dep);
      if (reason.kind === 'requires' || reason.kind === 'rich' || reason.kind === 'split')
        for (const s of reason.providers) providers.add(s);
      if (reason.kind === 'nothing-provides') {
        for (const dep of reason.deps) this.#nameRelation(dep);
        for (const dep of reasons.length > 1 ? reason.deps.slice(0, 1) : reason.deps)
          this.#suggestions.add(`enable a repository that provides \`${this.#pool.describeDep(dep)}\``);
      }
      const why = reason.kind === 'not-installable' ? this.#visibility.reasonFor(reason.package) : undefined;
      if (why !== undefined) this.#suggestions.add(why.remedy);
    }
    if (providers.size > 0) yield this.#explainAll([...providers], depth + 1);
  }

  #namePackage(s: number): void {
    if (this.#packages.size < MAX_NAMED) this.#packages.add(this.#pool.nevra(s as SolvableId));
  }

  #nameRelation(dep: DepId): void {
    if (this.#relations.size < MAX_NAMED) this.#relations.add(this.#pool.describeDep(dep));
  }

  /** The same for all versions of a package that give their own version. */
  #headlineOfAny(reason: Reason, s: number): string {
    const evr = this.#pool.strings.get(this.#pool.evr[s] as StringId);
    return this.#headline(reason, s).replaceAll(` = ${evr}`, ' in the same version');
  }

  #headline(reason: Reason, s: number): string {
    switch (reason.kind) {
      case 'requires':
        return `requires ${this.#pool.describeDep(reason.dep)}`;
      case 'nothing-provides':
        return this.#describeMissing(reason.deps);
      case 'not-installable':
        return `is ${this.#visibility.reasonFor(s)?.text ?? 'not installable on this architecture'}`;
      case 'inferior-architecture':
        return 'is of an inferior architecture';
      case 'conflicts':
      case 'obsoletes': {
        const dep = this.#pool.describeDep(reason.dep);
        const what = `${reason.kind === 'conflicts' ? 'conflicts with' : 'obsoletes'} ${dep}`;
        if (reason.package === s) return `${what}, which is ${this.#nevra(reason.other)}`;
        return `is ruled out by ${this.#nevra(reason.package)}, which ${what}`;
      }
      case 'same-name': {
        const other = reason.package === s ? reason.other : reason.package;
        return `cannot be installed beside ${this.#nevra(other)}`;
      }
      case 'rich':
        return this.#describeRich(reason, s);
      case 'erase':
        return 'is to be removed';
      case 'not-in-repositories':
        return 'is not the version that the repositories have';
      case 'split':
        return `comes only together with ${this.#list(this.#bestFirst(reason.providers))}`;
      case 'keep':
      case 'best-update':
        return `is ruled out by ${this.#nevra(reason.package)}, which is installed`;
      case 'job':
      case 'best':
        return `comes with ${this.#list(this.#bestFirst(reason.candidates))}, as \`${this.#jobs[reason.job]!.spec}\` wants it`;
    }
  }

  /** What is there in other versions is told first, the rest together. */
  #describeMissing(deps: readonly DepId[]): string {
    const told = deps.map((dep) => ({ text: this.#pool.describeDep(dep), others: this.#otherVersions(dep) }));
    const close = told.filter(({ others }) => others !== '').map(({ text, others }) => `requires ${text}, which nothing provides${others}`);
    const away = told.filter(({ others }) => others === '').map(({ text }) => text);
    return [...close, ...(away.length === 0 ? [] : [`requires ${shortList(away)}, which nothing provides`])].join(' and ');
  }

  #describeRich({ package: owner, dep, others, providers, isConflict }: Extract<Reason, { kind: 'rich' }>, s: number): string {
    const text = `\`${this.#pool.describeDep(dep)}\``;
    const beside = others.map((p) => this.#nevra(p)).join(' and ');
    if (s !== owner) return `brings ${this.#nevra(owner)} to ${isConflict ? 'conflict with' : 'need'} ${text}`;
    if (isConflict) return `conflicts with ${text}, which is ${beside}`;
    const meets = providers.length > 0 ? 'counts' : 'nothing meets';
    return others.length === 0 ? `requires ${text}` : `requires ${text}, which ${meets} beside ${beside}`;
  }

  /** What has the name that a relation asks for, in versions that it does not take. */
  #otherVersions(dep: DepId): string {
    const name = dep < 0 && !isRich(this.#pool, dep) ? this.#pool.relations.name(dep) : undefined;
    if (name === undefined) return '';
    const others = [...this.#pool.providersOf(name)];
    return others.length === 0 ? '' : ` (there ${others.length > 1 ? 'are' : 'is'} ${this.#list(this.#bestFirst(others))})`;
  }

  #suggestPins(wishes: readonly { readonly job: number; readonly candidates: readonly number[] }[]): void {
    const pins = wishes
      .map(({ job, candidates }) => ({ spec: this.#jobs[job]!.spec, candidates }))
      .filter(({ spec }) => /-\d|[<>=]/.test(spec));
    const specs = [...new Set(pins.map(({ spec }) => `\`${spec}\``))];
    if (specs.length > 1) this.#suggestions.add(`these pins do not go together, change one: ${specs.join(', ')}`);
    const pinned = new Set(pins.flatMap(({ candidates }) => candidates));
    for (const { spec, candidates } of pins) {
      const others = candidates
        .flatMap((s) => this.#against.get(s) ?? [])
        .flatMap((reason) => (reason.kind === 'same-name' ? [reason.package, reason.other] : []))
        .filter((s) => !pinned.has(s) && !candidates.includes(s));
      if (others.length > 0)
        this.#suggestions.add(`change \`${spec}\`: the others go with ${this.#list(this.#bestFirst([...new Set(others)]))}`);
    }
  }

  #suggestLess(specs: readonly string[]): void {
    const [first = '', ...others] = new Set(specs);
    this.#suggestions.add(
      others.length > 0
        ? `leave out one of ${[first, ...others].join(', ')}, or put them into different sets`
        : `leave out ${first}, or add a repository that has other versions of what it needs`,
    );
  }

  #say(depth: number, text: string, isFact = false): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(`${'  '.repeat(depth)}${text}`);
    else {
      this.#omitted++;
      if (isFact && this.#omittedFacts.length < MAX_FACTS) this.#omittedFacts.push(text);
    }
  }

  #sayOmitted(): void {
    if (this.#omitted === 0) return;
    const hidden = this.#omitted - this.#omittedFacts.length;
    this.#lines.push(
      hidden > 0 ? `  ... (${hidden} more line${hidden > 1 ? 's' : ''})` : '  ...',
      ...this.#omittedFacts.map((text) => `  ${text}`),
    );
  }

  #list(packages: readonly number[]): string {
    // The same build may be in several repositories.
    const builds = [...new Set(packages.map((s) => this.#nevra(s)))];
    return shortList(builds);
  }

  #name(s: number): string {
    return this.#pool.strings.get(this.#pool.name[s] as StringId);
  }

  /** As people write it: the epoch only where it is not 0. */
  #nevra(s: number): string {
    return this.#pool.nevra(s as SolvableId).replace('-0:', '-');
  }
}

/** Chains of requirements are longer than any stack. */
function tellAll(first: Telling): void {
  const open = [first];
  while (open.length > 0) {
    const { done, value } = open.at(-1)!.next();
    if (done === true) open.pop();
    else open.push(value);
  }
}

function shortList(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_SHOWN);
  const hidden = texts.length - shown.length;
  return hidden > 0 ? `${shown.join(', ')} and ${hidden} other${hidden > 1 ? 's' : ''}` : shown.join(', ');
}

/** Told of one package it needs not be told of the others. */
const isShared = (reason: Reason): boolean => 'other' in reason || (reason.kind === 'rich' && reason.others.length > 0);

const FACTS: readonly Reason['kind'][] = ['not-installable', 'nothing-provides', 'inferior-architecture', 'erase', 'not-in-repositories'];
const isFact = ({ kind }: Reason): boolean => FACTS.includes(kind);

const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/^requires /, 'require '],
  [/^conflicts /, 'conflict '],
  [/^obsoletes /, 'obsolete '],
  [/^is /, 'are '],
  [/^brings /, 'bring '],
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
    case 'keep':
    case 'best-update':
      return [...reason.condition];
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
