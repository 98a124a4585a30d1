/**
 * Explains a contradiction: for each request that takes part, why none of its candidates is possible, down to the facts
 * (nothing provides it, it is excluded, two packages exclude each other). Only rules of the minimal proof are mentioned.
 */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { Contradiction } from '../solver/conflicts.ts';
import type { Reason, Reasons } from '../solver/reasons.ts';
import { isRich } from '../solver/rich-dependencies.ts';
import { shortestProof } from '../solver/shortest-proof.ts';
import type { FailedSolve } from '../solver/solve.ts';
import type { StepBudget } from '../solver/step-budget.ts';
import type { SpecJob } from './jobs.ts';
import type { Problem } from './resolution.ts';
import type { Visibility } from './visibility.ts';

/** A longer explanation does not help its reader. */
const MAX_LINES = 40;
const MAX_SHOWN = 3;
/** Facts that are shown from the lines that do not fit. */
const MAX_FACTS = 3;
/** Packages and relations that the problem lists for programs. */
const MAX_NAMED = 500;

export function explainFailure(
  failure: FailedSolve,
  contradiction: Contradiction,
  asked: {
    readonly pool: Pool;
    readonly jobs: readonly SpecJob[];
    readonly visibility: Visibility;
    readonly reasons: Reasons;
    readonly budget: StepBudget;
  },
): Problem {
  return new Explanation(failure, contradiction, asked).problem();
}

type RequestReason = Extract<Reason, { kind: 'job' | 'best' }>;
type Kept = Extract<Reason, { kind: 'keep' | 'best-update' }>;

/** Writes lines; yields the part that has to be written before its next line. A generator, because chains of requirements are longer than any stack. */
type LineWriter = Generator<LineWriter, void, undefined>;

class Explanation {
  readonly #pool: Pool;
  readonly #jobs: readonly SpecJob[];
  readonly #visibility: Visibility;
  readonly #requests: readonly RequestReason[];
  /** Installed packages that have to stay. */
  readonly #kept: readonly Kept[];
  /** Reasons against each package. None can be left out: the proof is minimal. */
  readonly #against = new Map<number, Reason[]>();
  readonly #lines: string[] = [];
  /** Lines that did not fit, and the first facts among them. */
  #omitted = 0;
  readonly #omittedFacts: string[] = [];
  /** Packages whose reasons are written. */
  readonly #explained = new Set<number>();
  /** Reasons about two packages that are written for one of them. */
  readonly #explainedShared = new Set<Reason>();
  readonly #packages = new Set<string>();
  readonly #relations = new Set<string>();
  readonly #suggestions = new Set<string>();

  constructor(
    failure: FailedSolve,
    contradiction: Contradiction,
    { pool, jobs, visibility, reasons: known, budget }: Parameters<typeof explainFailure>[2],
  ) {
    this.#pool = pool;
    this.#jobs = jobs;
    this.#visibility = visibility;
    const reasons = shortestProof(failure, contradiction.proof, budget).map((rule) => known.of(rule));
    this.#requests = reasons.filter((reason): reason is RequestReason => reason.kind === 'job' || reason.kind === 'best');
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
    const requests = [...this.#requests].sort((a, b) => a.job - b.job || (a.kind < b.kind ? -1 : 1));
    for (const request of requests) {
      const { spec } = this.#jobs[request.job]!;
      const alsoBest = requests.some((other) => other.kind === 'best' && other.job === request.job);
      if (request.kind === 'job' && alsoBest) continue;
      if (request.kind === 'best') this.#suggestions.add('allow an older version: leave out `best`');
      if (request.kind === 'job' && request.candidates.every((s) => this.#isExplainedByOther(s))) {
        const isConditional = request.condition.length > 0;
        this.#say(
          0,
          () =>
            `${this.#requestText(request, spec)}${isConditional ? '' : `, which can only be ${this.#list(this.#bestFirst(request.candidates))}`}`,
        );
        for (const s of request.candidates) this.#namePackage(s);
        continue;
      }
      this.#say(0, () =>
        request.kind === 'best' ? `the best candidate for \`${spec}\` cannot be installed` : this.#requestText(request, spec),
      );
      writeAll(this.#explainAll(request.candidates, 1));
    }
    for (const kept of this.#kept) this.#explainKept(kept);
    this.#sayOmitted();
    if (requests.length > 1) this.#suggestPins(requests);
    if (this.#suggestions.size === 0) this.#suggestLess(requests.map((request) => `\`${this.#jobs[request.job]!.spec}\``));
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
    this.#suggestions.add(
      kind === 'keep' ? 'allow removing installed packages: `allow_erasing`' : 'allow an older version: leave out `best`',
    );
    const unexplained = candidates.filter((s) => !this.#isExplainedByOther(s));
    this.#namePackage(p);
    if (unexplained.length === 0) {
      const others = candidates.filter((s) => this.#nevra(s) !== what);
      this.#say(0, () => `${what} is installed${others.length > 0 ? `, and could only become ${this.#list(others)}` : ''}`);
      return;
    }
    this.#say(0, () => (kind === 'keep' ? `${what} is installed` : `the best update of ${what} cannot be installed`));
    writeAll(this.#explainAll(candidates, 1));
  }

  #requestText({ candidates, condition }: RequestReason, spec: string): string {
    if (condition.length === 0) return `\`${spec}\` is requested`;
    const beside = `beside ${this.#list(condition)}`;
    return candidates.length === 0
      ? `\`${spec}\` wants a package ${beside} that is available for other architectures only`
      : `\`${spec}\` wants ${this.#list(this.#bestFirst(candidates))} ${beside}`;
  }

  /** Whether all reasons against it were written for the other package that they are about. */
  #isExplainedByOther(s: number): boolean {
    const reasons = this.#against.get(s) ?? [];
    return reasons.length > 0 && reasons.every((reason) => this.#explainedShared.has(reason));
  }

  /** One fact if there is one; otherwise all requirements that fail, and the conflicts that were not written for the other package. */
  #reasonsToWrite(s: number): readonly Reason[] {
    const reasons = this.#against.get(s) ?? [];
    const fact = reasons.find(isFact);
    if (fact !== undefined) return [fact];
    const unexplained = reasons.filter((reason) => !this.#explainedShared.has(reason));
    return unexplained.length === 0 ? reasons : [...unexplained].sort((a, b) => Number('other' in a) - Number('other' in b));
  }

  /** Candidates with the same name and the same reasons share a line. Reasons that differ only in the package's own version count as the same. */
  *#explainAll(candidates: readonly number[], depth: number): LineWriter {
    const groups = new Map<string, number[]>();
    const { name } = this.#pool;
    const versions = new Map<number, number>();
    for (const s of candidates) versions.set(name[s]!, (versions.get(name[s]!) ?? 0) + 1);
    for (const s of this.#bestFirst(candidates)) {
      // Headlines take long, and refusals may have a million of them.
      const headlines = versions.get(name[s]!) === 1 ? [] : this.#reasonsToWrite(s).map((reason) => this.#headlineOfAny(reason, s));
      const key = [this.#name(s), ...headlines].join('\n');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [s]);
      else group.push(s);
    }
    for (const group of groups.values()) yield this.#explainGroup(group, depth);
  }

  *#explainGroup(group: readonly number[], depth: number): LineWriter {
    for (const member of group) this.#namePackage(member);
    const unexplained = group.filter((s) => !this.#explained.has(s));
    for (const s of group) this.#explained.add(s);
    const [first = 0] = group;
    const reasons = new Map(group.map((s) => [s, this.#reasonsToWrite(s)]));
    for (const [index, reason] of reasons.get(first)!.entries()) {
      // An earlier reason may have led to the same one.
      if (index > 0 && this.#explainedShared.has(reason)) continue;
      const write = (): string => {
        const headline = group.length > 1 ? ofSeveral(this.#headlineOfAny(reason, first)) : this.#headline(reason, first);
        return `${this.#list(group)} ${index > 0 ? 'also ' : ''}${headline}`;
      };
      if (isShared(reason))
        for (const s of group) for (const other of this.#against.get(s) ?? []) if (isShared(other)) this.#explainedShared.add(other);
      this.#say(depth, write, isFact(reason));
      yield this.#explainReasons(
        unexplained.map((s) => reasons.get(s)![index]!),
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

  /** Writes below the line of a group: of each member the reason that the line is about. */
  *#explainReasons(reasons: readonly Reason[], depth: number): LineWriter {
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
        return 'is for a less preferred architecture';
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
        return 'is requested to be removed';
      case 'not-in-repositories':
        return 'is not in the repositories in the installed version';
      case 'split':
        return `must be installed together with ${this.#list(this.#bestFirst(reason.providers))}`;
      case 'keep':
      case 'best-update':
        return `is ruled out by ${this.#nevra(reason.package)}, which is installed`;
      case 'job':
      case 'best':
        return reason.candidates.length === 0
          ? `comes with a package that is available for other architectures only, as \`${this.#jobs[reason.job]!.spec}\` wants it`
          : `comes with ${this.#list(this.#bestFirst(reason.candidates))}, as \`${this.#jobs[reason.job]!.spec}\` wants it`;
    }
  }

  /** Requirements that exist in other versions come first, the rest are listed together. */
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
    const beside = others.map((p) => this.#nevra(p)).join(' and ');
    if (s !== owner) return `brings ${this.#nevra(owner)} to ${isConflict ? 'conflict with' : 'need'} ${text}`;
    if (isConflict) return `conflicts with ${text}, which is ${beside}`;
    const meets = providers.length > 0 ? 'counts' : 'nothing meets';
    return others.length === 0 ? `requires ${text}` : `requires ${text}, which ${meets} beside ${beside}`;
  }

  /** Packages that provide the relation's name in versions that do not satisfy it. */
  #otherVersions(dep: DepId): string {
    const name = dep < 0 && !isRich(this.#pool, dep) ? this.#pool.relations.name(dep) : undefined;
    if (name === undefined) return '';
    const others = [...this.#pool.providersOf(name)];
    return others.length === 0 ? '' : ` (there ${others.length > 1 ? 'are' : 'is'} ${this.#list(this.#bestFirst(others))})`;
  }

  #suggestPins(requests: readonly { readonly job: number; readonly candidates: readonly number[] }[]): void {
    const pins = requests
      .map(({ job, candidates }) => ({ spec: this.#jobs[job]!.spec, candidates }))
      .filter(({ spec }) => /-\d|[<>=]/.test(spec));
    const specs = [...new Set(pins.map(({ spec }) => `\`${spec}\``))];
    if (specs.length > 1) this.#suggestions.add(`these pins conflict, change one: ${specs.join(', ')}`);
    const pinned = new Set(pins.flatMap(({ candidates }) => candidates));
    for (const { spec, candidates } of pins) {
      const others = candidates
        .flatMap((s) => this.#against.get(s) ?? [])
        .flatMap((reason) => (reason.kind === 'same-name' ? [reason.package, reason.other] : []))
        .filter((s) => !pinned.has(s) && !candidates.includes(s));
      if (others.length > 0)
        this.#suggestions.add(`change \`${spec}\`: the others are compatible with ${this.#list(this.#bestFirst([...new Set(others)]))}`);
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

  /** `write` is called only for a line that fits. */
  #say(depth: number, write: () => string, isFact = false): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(`${'  '.repeat(depth)}${write()}`);
    else {
      this.#omitted++;
      if (isFact && this.#omittedFacts.length < MAX_FACTS) this.#omittedFacts.push(write());
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

  /** Without an epoch of 0. */
  #nevra(s: number): string {
    return this.#pool.nevra(s as SolvableId).replace('-0:', '-');
  }
}

function writeAll(first: LineWriter): void {
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

/** A reason about two packages: written for one, it is not repeated for the other. */
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

/** Turns the headline of one package into that of several. */
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
