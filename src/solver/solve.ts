/**
 * The solver: rules from packages, jobs and policy; then decide until everything holds.
 *
 * The order of decisions is libsolv's (solver.c, solver_run_sat): jobs first, then dependencies with one good candidate,
 * then those with a choice, then weak dependencies; at the end choices that something else made unnecessary are undone.
 */
import type { StringId } from '../pool/ids.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import { type Branch, Branches } from './branches.ts';
import { Budget } from './budget.ts';
import { Conflicts, type Contradiction, type RuleRanges } from './conflicts.ts';
import { installWeak } from './install-weak.ts';
import { KeepInstalled } from './keep-installed.ts';
import { PackageRules } from './package-rules.ts';
import { Policy } from './policy.ts';
import { addBestRules, addInferiorArchitectureRules, addJobRules } from './policy-rules.ts';
import { borrowProviderLists, type ProviderLists, returnProviderLists } from './provider-lists.ts';
import { Recommendations } from './recommendations.ts';
import type { SolverRequest } from './request.ts';
import { RichNormalizer } from './rich-dependencies.ts';
import { KIND } from './rule-kinds.ts';
import { RuleStore } from './rule-store.ts';
import { BASE_LEVEL, type Decided, RESTART, Search } from './search.ts';
import type { SolverState } from './solver-state.ts';
import { System } from './system.ts';
import { erasable, SystemRules } from './system-rules.ts';
import { inOneGo, type Turns } from './turns.ts';

export interface SolveStatistics {
  readonly clauses: number;
  readonly decisions: number;
  readonly propagations: number;
  readonly conflicts: number;
}

/** What explanations need of a finished solve. */
export interface FailedSolve {
  readonly state: SolverState;
  readonly ranges: RuleRanges;
  readonly contradictions: readonly Contradiction[];
  /** Index of the job that a job rule or best rule comes from. */
  readonly jobOfRule: ReadonlyMap<number, number>;
  /** The installed package that a rule about its best update is for. */
  readonly packageOfBest: ReadonlyMap<number, number>;
}

export type SolveOutcome =
  | { readonly kind: 'solved'; readonly installed: Int32Array; readonly statistics: SolveStatistics }
  | { readonly kind: 'unsolvable'; readonly failure: FailedSolve; readonly statistics: SolveStatistics }
  /** Dependencies name paths that only filelists.xml can answer: load them and ask again. */
  | { readonly kind: 'needs-filelists'; readonly paths: readonly StringId[] };

export function solve(pool: SolverPool, request: SolverRequest, budget = new Budget()): SolveOutcome {
  return inOneGo(solveInTurns(pool, request, budget));
}

/** What it needs of the pool's provider lists is its own until it ends: solves on one pool may take turns. */
export function* solveInTurns(pool: SolverPool, request: SolverRequest, budget: Budget): Turns<SolveOutcome> {
  const lists = borrowProviderLists(pool);
  try {
    return yield* new Solve(pool, request, lists, budget).run();
  } finally {
    returnProviderLists(pool, lists);
  }
}

/** A round through the rules that looks for the next decision. */
interface Round {
  rule: number;
  /** How many rules were looked at since the last decision. */
  looked: number;
  /** The first rule that was left for later because it has a real choice; 0 where there is none yet, NOW when choices are due. */
  postponed: number;
}

const NOW = -1;

type Open =
  | { readonly kind: 'open'; readonly rule: number; readonly candidates: readonly number[] }
  /** The round goes on where it stopped. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'none' };

const PAUSE: Open = { kind: 'pause' };
const NONE: Open = { kind: 'none' };
/** Looks at candidates after which a round pauses. */
const MAX_LOOKS = 100_000;

class Solve {
  readonly #state: SolverState;
  readonly #branches = new Branches();
  readonly #recommendations: Recommendations;
  readonly #policy: Policy;
  readonly #conflicts: Conflicts;
  readonly #ranges: RuleRanges = { packageEnd: 0, jobStart: 0, jobEnd: 0, inferiorEnd: 0 };
  readonly #systemRules: SystemRules;
  readonly #installed: KeepInstalled;
  readonly #jobOfRule = new Map<number, number>();
  #rulesOfJob: ReadonlyMap<number, readonly number[]> | undefined;
  /** The choice that is being retried: a backtrack to its level must not drop it. */
  #retrying: Branch | undefined;

  constructor(pool: SolverPool, request: SolverRequest, lists: ProviderLists, budget: Budget) {
    lists.reset();
    const rules = new RuleStore(lists.arena, { capacity: lists.rulesBefore });
    const search = new Search(rules, pool.end, budget);
    this.#state = {
      pool,
      request,
      lists,
      rules,
      search,
      normalizer: new RichNormalizer(pool, lists),
      system: new System(pool, request, lists),
      budget,
    };
    this.#recommendations = new Recommendations(this.#state);
    this.#policy = new Policy(this.#state, this.#recommendations);
    this.#conflicts = new Conflicts(search, this.#ranges, {
      groupOf: (rule) => this.#ruleGroup(rule),
      erasable: (conflicting) => erasable(this.#state, this.#systemRules, conflicting),
    });
    this.#systemRules = new SystemRules(this.#state, this.#policy);
    this.#installed = new KeepInstalled(this.#state, this.#systemRules, {
      install: (level, candidates, rule) => this.#install(level, candidates, rule),
      decide: (level, literal, rule) => search.decide(level, literal, rule, this.#conflicts),
    });
    search.onRevert = (level): void => {
      this.#branches.revert(level, this.#retrying);
      this.#recommendations.trailShortened();
    };
  }

  *run(): Turns<SolveOutcome> {
    const { pool, request, rules, lists, search, system } = this.#state;
    const packages = new PackageRules(this.#state);
    for (let p = 1; p < system.end; p++) yield* packages.addReachable([p]);
    for (let p = 1; p < system.end; p++) yield* packages.addReachable(system.updatersOf(p, 'all'));
    for (const job of request.jobs) yield* packages.addReachable(job.candidates);
    yield* packages.addSupplementing();
    if (packages.unknownPaths.size > 0) return { kind: 'needs-filelists', paths: [...packages.unknownPaths] };
    lists.markShared();
    yield* rules.unify(pool.end);
    this.#ranges.packageEnd = rules.count;
    this.#systemRules.addKeepRules();
    this.#ranges.jobStart = rules.count;
    this.#systemRules.addEraseRules();
    addJobRules(this.#state, this.#jobOfRule, this.#conflicts.weakRules);
    this.#ranges.jobEnd = rules.count;
    addInferiorArchitectureRules(this.#state, packages.reached, packages.added);
    this.#ranges.inferiorEnd = rules.count;
    if (system.isThere) this.#systemRules.addSyncRules(packages.reached, packages.added);
    const syncEnd = rules.count;
    if (request.best) addBestRules(this.#state, this.#policy, this.#jobOfRule, this.#conflicts.weakRules);
    if (system.isThere) this.#addMoreSystemRules(syncEnd);
    lists.rulesBefore = rules.count;
    yield* search.start();
    yield* this.#search();
    const statistics = {
      clauses: search.learntStart - 1,
      decisions: search.decisions,
      propagations: search.propagations,
      conflicts: search.conflicts,
    };
    if (this.#conflicts.contradictions.length > 0) {
      const { contradictions } = this.#conflicts;
      const { packageOfBest } = this.#systemRules;
      const failure = { state: this.#state, ranges: this.#ranges, contradictions, jobOfRule: this.#jobOfRule, packageOfBest };
      return { kind: 'unsolvable', failure, statistics };
    }
    const installed = search.trail
      .toArray()
      .filter((literal) => literal > 0)
      .sort();
    return { kind: 'solved', installed, statistics };
  }

  #addMoreSystemRules(syncEnd: number): void {
    const { pool, rules } = this.#state;
    const { packageEnd, jobEnd, inferiorEnd } = this.#ranges;
    this.#systemRules.addBestRules();
    this.#systemRules.addSplitRules();
    for (const rule of this.#systemRules.addChoiceRules(packageEnd, { start: jobEnd, end: syncEnd })) this.#conflicts.weakRules.add(rule);
    this.#systemRules.yieldToJobs((name) => {
      for (let rule = jobEnd; rule < inferiorEnd; rule++) if (pool.name[-rules.first[rule]!] === name) rules.disable(rule);
    });
  }

  *#search(): Turns<void> {
    let decided: Decided = RESTART;
    /** Jobs are looked at when something below this level was undone. */
    let settledLevel = BASE_LEVEL;
    while (decided.kind !== 'refused') {
      if (this.#state.budget.isTurnOver()) yield;
      if (decided.kind === 'restart') {
        decided = this.#assertBase();
        if (decided.kind !== 'level') continue;
        settledLevel = decided.level + 1;
      }
      const { level } = decided;
      if (level < settledLevel) {
        decided = yield* this.#resolveJobs(level);
        if (!reaches(decided, level)) continue;
        const afterJobs: number = decided.level;
        // If installed packages undo part of the jobs, both are looked at again.
        settledLevel = afterJobs + 1;
        decided = yield* this.#installed.resolve(afterJobs);
        if (!reaches(decided, afterJobs)) continue;
        settledLevel = decided.level;
      }
      const before = decided.level;
      decided = yield* this.#resolveDependencies(before);
      if (!reaches(decided, before)) continue;
      const weak = yield* this.#installWeak(decided.level);
      if (weak !== undefined) {
        decided = weak;
        continue;
      }
      const last = this.#installed.decideRest(decided.level) ?? this.#giveUpChoices() ?? this.#minimize();
      if (last === undefined) return;
      decided = last;
    }
  }

  /** Puts everything on the trail that holds without any decision. */
  #assertBase(): Decided {
    const level = this.#conflicts.assertRules();
    const conflict = this.#state.search.propagate(level);
    return conflict === 0 ? { kind: 'level', level } : this.#conflicts.unsolvable(conflict);
  }

  #install(level: number, candidates: readonly number[], rule: number, isJob = false): Decided {
    let ordered: readonly number[] = candidates.length > 1 ? this.#policy.select(candidates, 'choose') : candidates;
    if (isJob && this.#state.system.isThere && ordered.length > 1) ordered = this.#policy.preferFutureInstalled(ordered);
    if (ordered.length > 1) ordered = this.#systemRules.withoutSplit(ordered);
    if (ordered.length > 1) this.#branches.open(level, ordered);
    return this.#state.search.decide(level, ordered[0]!, rule, this.#conflicts);
  }

  *#resolveJobs(start: number): Turns<Decided> {
    const { rules, search, budget } = this.#state;
    let level = start;
    for (let rule = this.#ranges.jobStart; rule < this.#ranges.jobEnd; rule++) {
      if (rules.isDisabled(rule)) continue;
      const literals = rules.literals(rule);
      budget.steps += literals.length;
      if (budget.isTurnOver()) yield;
      // The condition of a job counts once its package is there.
      if (literals.some((literal) => (literal > 0 ? search.isTrue(literal) : search.levels[-literal]! <= 0))) continue;
      const candidates = this.#installed.preferred(literals.filter((literal) => search.levels[literal] === 0));
      if (candidates.length === 0) continue;
      const decided = this.#install(level, candidates, rule, true);
      if (!reaches(decided, start)) return decided;
      // Backed up: the same job once more, or all of them.
      if (decided.level === level) rule--;
      else if (decided.level < level) rule = this.#ranges.jobStart - 1;
      level = decided.level;
    }
    return { kind: 'level', level };
  }

  /**
   * Goes round all rules until none is open. A rule with a real choice waits until a whole round found nothing simpler,
   * because what is decided in between often leaves only one candidate.
   */
  *#resolveDependencies(start: number): Turns<Decided> {
    const round: Round = { rule: 1, looked: 1, postponed: 0 };
    let level = start;
    for (;;) {
      if (this.#state.budget.isTurnOver()) yield;
      const open = this.#nextOpen(round);
      if (open.kind === 'pause') continue;
      if (open.kind === 'none') return { kind: 'level', level };
      const decided = this.#install(level, open.candidates, open.rule);
      if (!reaches(decided, start)) return decided;
      level = decided.level;
      // Goes on behind the rule that was decided.
      round.rule = open.rule + 1;
      round.looked = 1;
    }
  }

  /** The next rule that needs a decision. The loop allocates nothing until it finds a rule that is open. */
  #nextOpen(round: Round): Open {
    const { rules, search, budget } = this.#state;
    const { levels } = search;
    let { rule, looked, postponed } = round;
    const open: number[] = [];
    let looks = 0;
    for (; ; rule++, looked++) {
      if (looked >= rules.count) {
        if (postponed <= 0) return NONE;
        rule = postponed;
        postponed = NOW;
        looked = 1;
      }
      if (rule === rules.count) rule = 1;
      looks++;
      const run = rules.tail[rule]!;
      if (run < 0) continue;
      const first = rules.first[rule]!;
      if (first < 0 && (run === 0 || levels[-first]! <= 0)) continue;
      open.length = 0;
      if (run === 0) {
        const second = rules.watchB[rule]!;
        if (second <= 0 || levels[first] !== 0 || levels[second] !== 0) continue;
        open.push(first, second);
      } else if (!this.#collectOpen(first, run, open)) continue;
      let candidates = open;
      if (postponed >= 0) {
        looks += open.length;
        candidates = this.#policy.select(open, 'prune');
        if (candidates.length > 1) {
          if (postponed === 0) postponed = rule;
          if (looks < MAX_LOOKS) continue;
          budget.steps += looks;
          Object.assign(round, { rule: rule + 1, looked: looked + 1, postponed });
          return PAUSE;
        }
      }
      budget.steps += looks;
      round.postponed = postponed;
      return { kind: 'open', rule, candidates };
    }
  }

  /** Undecided positive literals of an unfulfilled rule; false when the rule holds already. */
  #collectOpen(first: number, run: number, open: number[]): boolean {
    const { levels } = this.#state.search;
    const literals = this.#state.rules.arena.items;
    if (first > 0) {
      if (levels[first]! > 0) return false;
      if (levels[first] === 0) open.push(first);
    }
    for (let i = run; literals[i] !== 0; i++) {
      const literal = literals[i]!;
      if (literal < 0) {
        if (levels[-literal]! <= 0) return false;
      } else {
        if (levels[literal]! > 0) return false;
        if (levels[literal] === 0) open.push(literal);
      }
    }
    return true;
  }

  /** undefined when there was nothing to install. */
  *#installWeak(level: number): Turns<Decided | undefined> {
    if (!this.#state.request.weakDependencies) return undefined;
    return yield* installWeak(this.#state, this.#policy, this.#recommendations, this.#branches, this.#conflicts, level);
  }

  /** Comes back to a choice when another candidate got installed anyway; undefined when there is none. */
  #minimize(): Decided | undefined {
    const { search, request, system } = this.#state;
    const { levels } = search;
    if (this.#branches.list.length === 0) return undefined;
    this.#recommendations.update();
    const isWanted = (s: number): boolean => this.#recommendations.isRecommended(s) || this.#recommendations.isSupplementing(s);
    let retry: { branch: Branch; index: number } | undefined;
    for (const branch of this.#branches.list.toReversed()) {
      const { candidates, level } = branch;
      const installed = candidates.findIndex((s) => s > 0 && levels[s]! > level);
      if (installed >= 0) {
        retry = { branch, index: installed };
        continue;
      }
      const wanted = candidates.findIndex((s) => s > 0 && isWanted(s));
      if (wanted < 0) continue;
      const hasWorse = candidates.some((s) => {
        if (s >= 0 || levels[-s] !== level + 1) return false;
        const { favored } = request;
        if (favored !== undefined && favored[-s]! > favored[candidates[wanted]!]!) return false;
        if (system.isThere && system.replacesInstalled(-s)) return false;
        return !isWanted(-s);
      });
      if (hasWorse) retry = { branch, index: wanted };
    }
    if (retry === undefined) return undefined;
    const { branch, index } = retry;
    const candidate = branch.candidates[index]!;
    branch.candidates[index] = -candidate;
    const decisionRule = this.#ruleOfDecisionAbove(branch.level);
    this.#retrying = branch;
    search.revert(branch.level);
    this.#retrying = undefined;
    return search.decide(branch.level, candidate, decisionRule, this.#conflicts);
  }

  /** The rule for which the first decision above a level was made. */
  #ruleOfDecisionAbove(level: number): number {
    const { trail, reasons, levels } = this.#state.search;
    let index = trail.length;
    while (index > 0 && Math.abs(levels[Math.abs(trail.items[index - 1]!)]!) > level) index--;
    return -reasons.items[index]!;
  }

  /** Choices that kept out what came anyway are given up, and everything is decided again (rules.c: solver_check_unneeded_choicerules). */
  #giveUpChoices(): Decided | undefined {
    const unneeded = this.#systemRules.unneededChoices();
    if (unneeded.length === 0) return undefined;
    this.#conflicts.giveUp(unneeded);
    return RESTART;
  }

  /** Rules that are given up together. */
  #ruleGroup(rule: number): readonly number[] {
    const { packageEnd, jobEnd, inferiorEnd } = this.#ranges;
    const { rules, pool } = this.#state;
    if (rule < packageEnd) return [rule];
    const kind = rules.kindOf(rule);
    if (kind === KIND.inferiorArchitecture || kind === KIND.distroSync) {
      const name = pool.name[-rules.first[rule]!];
      const group: number[] = [];
      const [start, end] = kind === KIND.distroSync ? [inferiorEnd, this.#state.search.learntStart] : [jobEnd, inferiorEnd];
      for (let r = start; r < end; r++) if (rules.kindOf(r) === kind && pool.name[-rules.first[r]!] === name) group.push(r);
      return group;
    }
    if (kind === KIND.choice) return this.#systemRules.choicesLike(rule);
    // A job and its best rule go together (libsolv, solver_ruletoproblem).
    this.#rulesOfJob ??= groupByJob(this.#jobOfRule);
    const job = this.#jobOfRule.get(rule);
    return (job === undefined ? undefined : this.#rulesOfJob.get(job)) ?? [rule];
  }
}

function groupByJob(jobOfRule: ReadonlyMap<number, number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [rule, job] of jobOfRule) {
    const group = groups.get(job);
    if (group === undefined) groups.set(job, [rule]);
    else group.push(rule);
  }
  return groups;
}

function reaches(decided: Decided, level: number): decided is Extract<Decided, { kind: 'level' }> {
  return decided.kind === 'level' && decided.level >= level;
}
