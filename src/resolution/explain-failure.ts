/**
 * Explains a contradiction: for each request in it, why none of its candidates can be installed, down to the facts
 * (nothing provides it, it is excluded, two packages exclude each other). Uses only rules of the minimal proof.
 */

import type { Turns } from '../base/turns.ts';
import type { DepId, SolvableId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import type { Budget } from '../solver/budget.ts';
import type { Contradiction } from '../solver/conflicts.ts';
import type { Reason, Reasons } from '../solver/reasons.ts';
import { shortestProof } from '../solver/shortest-proof.ts';
import type { FailedSolve } from '../solver/solve.ts';
import type { StepBudget } from '../solver/step-budget.ts';
import type { SpecJob } from './jobs.ts';
import { ofSeveral, ReasonText } from './reason-text.ts';
import type { Problem } from './resolution.ts';
import type { Visibility } from './visibility.ts';

/** Limit of lines; longer explanations are not readable. */
const MAX_LINES = 40;
/** Number of facts that are shown from the omitted lines. */
const MAX_FACTS = 3;
/** Maximum number of packages and relations in the problem's machine-readable lists. */
const MAX_NAMED = 500;

/** `budget` limits the search for a shorter proof, `solve` the whole solve: an explanation may have millions of parts. */
export function* explainFailure(
  failure: FailedSolve,
  contradiction: Contradiction,
  asked: {
    readonly pool: Pool;
    readonly jobs: readonly SpecJob[];
    readonly visibility: Visibility;
    /** Installed versions that are removed because of `installonly_limit`. */
    readonly overLimit: readonly number[];
    readonly reasons: Reasons;
    readonly budget: StepBudget;
    readonly solve: Budget;
  },
): Turns<Problem> {
  return yield* new Explanation(failure, contradiction, asked).problem();
}

type RequestReason = Extract<Reason, { kind: 'job' | 'best' }>;
type Kept = Extract<Reason, { kind: 'keep' | 'best-update' }>;

/**
 * Writes lines; yields a writer that must finish before the next line, or undefined to let other work run. A generator, because chains of
 * requirements may be deeper than the call stack.
 */
type LineWriter = Generator<LineWriter | undefined, void, undefined>;

class Explanation {
  readonly #pool: Pool;
  readonly #solve: Budget;
  readonly #jobs: readonly SpecJob[];
  readonly #visibility: Visibility;
  readonly #text: ReasonText;
  readonly #requests: readonly RequestReason[];
  /** Installed packages that must stay. */
  readonly #kept: readonly Kept[];
  /** Reasons against each package. None can be omitted, because the proof is minimal. */
  readonly #against = new Map<number, Reason[]>();
  readonly #lines: string[] = [];
  /** Number of omitted lines, and the first facts among them. */
  #omitted = 0;
  readonly #omittedFacts: string[] = [];
  /** Packages whose reasons were written. */
  readonly #explained = new Set<number>();
  /** Reasons about two packages that were written for one of them. */
  readonly #explainedShared = new Set<Reason>();
  readonly #packages = new Set<string>();
  readonly #relations = new Set<string>();
  readonly #suggestions = new Set<string>();

  constructor(
    failure: FailedSolve,
    contradiction: Contradiction,
    { pool, jobs, visibility, overLimit, reasons: known, budget, solve }: Parameters<typeof explainFailure>[2],
  ) {
    this.#pool = pool;
    this.#solve = solve;
    this.#jobs = jobs;
    this.#visibility = visibility;
    this.#text = new ReasonText(pool, jobs, visibility, overLimit);
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

  *problem(): Turns<Problem> {
    const requests = [...this.#requests].sort((a, b) => a.job - b.job || (a.kind < b.kind ? -1 : 1));
    for (const request of requests) {
      const { spec } = this.#jobs[request.job]!;
      const alsoBest = requests.some((other) => other.kind === 'best' && other.job === request.job);
      if (request.kind === 'job' && alsoBest) continue;
      if (request.kind === 'best') this.#suggestions.add('allow an older version: leave out `best`');
      if (request.kind === 'job' && request.candidates.every((s) => this.#isExplainedByOther(s))) {
        const isConditional = request.condition.length > 0;
        this.#addLine(
          0,
          () =>
            `${this.#requestText(request, spec)}${isConditional ? '' : `, which can only be ${this.#text.list(this.#text.bestFirst(request.candidates))}`}`,
        );
        for (const s of request.candidates) this.#namePackage(s);
        continue;
      }
      this.#addLine(0, () =>
        request.kind === 'best' ? `the best candidate for \`${spec}\` cannot be installed` : this.#requestText(request, spec),
      );
      yield* writeAll(this.#explainAll(request.candidates, 1), this.#solve);
    }
    for (const kept of this.#kept) yield* this.#explainKept(kept);
    this.#addOmitted();
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

  *#explainKept({ kind, package: p, candidates }: Kept): Turns<void> {
    const what = this.#text.nevra(p);
    this.#suggestions.add(
      kind === 'keep' ? 'allow removing installed packages: `allow_erasing`' : 'allow an older version: leave out `best`',
    );
    const unexplained = candidates.filter((s) => !this.#isExplainedByOther(s));
    this.#namePackage(p);
    if (unexplained.length === 0) {
      const others = candidates.filter((s) => this.#text.nevra(s) !== what);
      this.#addLine(0, () => `${what} is installed${others.length > 0 ? `, and could only become ${this.#text.list(others)}` : ''}`);
      return;
    }
    this.#addLine(0, () => (kind === 'keep' ? `${what} is installed` : `the best update of ${what} cannot be installed`));
    yield* writeAll(this.#explainAll(candidates, 1), this.#solve);
  }

  #requestText({ candidates, condition }: RequestReason, spec: string): string {
    if (condition.length === 0) return `\`${spec}\` is requested`;
    const installed = `${this.#text.list(condition)} is installed`;
    return candidates.length === 0
      ? `\`${spec}\` requires, if ${installed}, a package that is available for other architectures only`
      : `\`${spec}\` requires ${this.#text.list(this.#text.bestFirst(candidates))} if ${installed}`;
  }

  /** Whether all reasons against a package were already written for the other package. */
  #isExplainedByOther(s: number): boolean {
    const reasons = this.#against.get(s) ?? [];
    return reasons.length > 0 && reasons.every((reason) => this.#explainedShared.has(reason));
  }

  /** A fact if there is one; otherwise all failing requirements, and the conflicts that were not written for the other package. */
  #reasonsToWrite(s: number): readonly Reason[] {
    const reasons = this.#against.get(s) ?? [];
    const fact = reasons.find(isFact);
    if (fact !== undefined) return [fact];
    const unexplained = reasons.filter((reason) => !this.#explainedShared.has(reason));
    return unexplained.length === 0 ? reasons : [...unexplained].sort((a, b) => Number('other' in a) - Number('other' in b));
  }

  /** Candidates with the same name and the same reasons share a line. Reasons that differ only in the package's own version count as equal. */
  *#explainAll(candidates: readonly number[], depth: number): LineWriter {
    const groups = new Map<string, number[]>();
    const { name } = this.#pool;
    const versions = new Map<number, number>();
    for (const s of candidates) versions.set(name[s]!, (versions.get(name[s]!) ?? 0) + 1);
    for (const s of this.#text.bestFirst(candidates)) {
      yield;
      // Headlines are expensive, and a refusal may have a million of them.
      const headlines = versions.get(name[s]!) === 1 ? [] : this.#reasonsToWrite(s).map((reason) => this.#text.headlineOfAny(reason, s));
      const key = [this.#text.name(s), ...headlines].join('\n');
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
        const headline = group.length > 1 ? ofSeveral(this.#text.headlineOfAny(reason, first)) : this.#text.headline(reason, first);
        return `${this.#text.list(group)} ${index > 0 ? 'also ' : ''}${headline}`;
      };
      if (isShared(reason))
        for (const s of group) for (const other of this.#against.get(s) ?? []) if (isShared(other)) this.#explainedShared.add(other);
      this.#addLine(depth, write, isFact(reason));
      yield this.#explainReasons(
        unexplained.map((s) => reasons.get(s)![index]!),
        depth,
      );
    }
  }

  /** Writes the details below the line of a group: the reason of each member. */
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
        this.#suggestions.add(
          `change \`${spec}\`: the others are compatible with ${this.#text.list(this.#text.bestFirst([...new Set(others)]))}`,
        );
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

  /** Calls `write` only if the line fits. */
  #addLine(depth: number, write: () => string, isFact = false): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(`${'  '.repeat(depth)}${write()}`);
    else {
      this.#omitted++;
      if (isFact && this.#omittedFacts.length < MAX_FACTS) this.#omittedFacts.push(write());
    }
  }

  #addOmitted(): void {
    if (this.#omitted === 0) return;
    const hidden = this.#omitted - this.#omittedFacts.length;
    this.#lines.push(
      hidden > 0 ? `  ... (${hidden} more line${hidden > 1 ? 's' : ''})` : '  ...',
      ...this.#omittedFacts.map((text) => `  ${text}`),
    );
  }
}

function* writeAll(first: LineWriter, solve: Budget): Turns<void> {
  const open = [first];
  while (open.length > 0) {
    const { done, value } = open.at(-1)!.next();
    if (done === true) open.pop();
    else if (value !== undefined) open.push(value);
    solve.steps++;
    if (solve.isTurnOver()) yield;
  }
}

/** A reason about two packages: if it was written for one, it is not repeated for the other. */
const isShared = (reason: Reason): boolean => 'other' in reason || (reason.kind === 'rich' && reason.others.length > 0);

/** Whether a reason needs no further explanation. */
const FACTS: { readonly [kind in Reason['kind']]: boolean } = {
  'not-installable': true,
  'nothing-provides': true,
  'inferior-architecture': true,
  erase: true,
  'not-in-repositories': true,
  job: false,
  best: false,
  requires: false,
  rich: false,
  split: false,
  conflicts: false,
  obsoletes: false,
  'same-name': false,
  keep: false,
  'best-update': false,
};
const isFact = ({ kind }: Reason): boolean => FACTS[kind];

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
