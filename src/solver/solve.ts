/**
 * The solver: adds rules from packages, jobs and policy; then decides until everything holds.
 *
 * The order of decisions is libsolv's (solver.c, solver_run_sat): jobs first, then dependencies with one good candidate,
 * then those with a choice, then weak dependencies; at the end it undoes choices that became unnecessary.
 */

import { inOneGo, type Turns } from '../base/turns.ts';
import type { StringId } from '../pool/ids.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import { Branches } from './branches.ts';
import { Budget } from './budget.ts';
import { Conflicts, type Contradiction, type RuleRanges } from './conflicts.ts';
import { installWeak } from './install-weak.ts';
import { KeepInstalled } from './keep-installed.ts';
import { minimize } from './minimize.ts';
import { OpenRules } from './open-rules.ts';
import { PackageRules } from './package-rules.ts';
import { Policy } from './policy.ts';
import { addBestRules, addInferiorArchitectureRules, addJobRules } from './policy-rules.ts';
import { borrowProviderLists, type ProviderLists, returnProviderLists } from './provider-lists.ts';
import { Recommendations } from './recommendations.ts';
import type { SolverRequest } from './request.ts';
import { RichNormalizer } from './rich-dependencies.ts';
import { ruleGroups } from './rule-groups.ts';
import { RuleStore } from './rule-store.ts';
import { BASE_LEVEL, type Decided, RESTART, Search } from './search.ts';
import type { SolverState } from './solver-state.ts';
import { addEraseRules, addSyncRules } from './sync-rules.ts';
import { System } from './system.ts';
import { SystemRules } from './system-rules.ts';

export interface SolveStatistics {
  readonly clauses: number;
  readonly decisions: number;
  readonly propagations: number;
  readonly conflicts: number;
}

/** The parts of a finished solve that explanations need. */
export interface FailedSolve {
  readonly state: SolverState;
  readonly ranges: RuleRanges;
  readonly contradictions: readonly Contradiction[];
  /** Index of the job of each job rule or best rule. */
  readonly jobOfRule: ReadonlyMap<number, number>;
  /** The installed package of each best-update rule. */
  readonly packageOfBest: ReadonlyMap<number, number>;
}

export type SolveOutcome =
  | { readonly kind: 'solved'; readonly installed: Int32Array; readonly statistics: SolveStatistics }
  | { readonly kind: 'unsolvable'; readonly failure: FailedSolve; readonly statistics: SolveStatistics }
  /** Dependencies name paths that are only in filelists.xml: load it and solve again. */
  | { readonly kind: 'needs-filelists'; readonly paths: readonly StringId[] };

export function solve(pool: SolverPool, request: SolverRequest, budget = new Budget()): SolveOutcome {
  return inOneGo(solveInTurns(pool, request, budget));
}

/** Each solve borrows separate provider lists until it ends, because solves on one pool may take turns. */
export function* solveInTurns(pool: SolverPool, request: SolverRequest, budget: Budget): Turns<SolveOutcome> {
  const lists = borrowProviderLists(pool);
  try {
    return yield* new Solve(pool, request, lists, budget).run();
  } finally {
    returnProviderLists(pool, lists);
  }
}

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
  readonly #openRules: OpenRules;

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
    this.#openRules = new OpenRules(this.#state, this.#policy);
    this.#systemRules = new SystemRules(this.#state, this.#policy);
    const groups = ruleGroups(this.#state, this.#ranges, this.#jobOfRule, this.#systemRules);
    this.#conflicts = new Conflicts(search, this.#ranges, groups);
    this.#installed = new KeepInstalled(this.#state, this.#systemRules.kept, {
      install: (level, candidates, rule) => this.#install(level, candidates, rule),
      decide: (level, literal, rule) => search.decide(level, literal, rule, this.#conflicts),
      ordered: (candidates) => this.#ordered(candidates),
    });
    search.onRevert = (level): void => {
      this.#branches.revert(level);
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
    this.#systemRules.kept.add();
    this.#ranges.jobStart = rules.count;
    addEraseRules(this.#state);
    addJobRules(this.#state, this.#jobOfRule, this.#conflicts.weakRules);
    this.#ranges.jobEnd = rules.count;
    addInferiorArchitectureRules(this.#state, packages.reached, packages.added);
    this.#ranges.inferiorEnd = rules.count;
    if (system.isThere) addSyncRules(this.#state, this.#systemRules.kept, packages.reached, packages.added);
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
    this.#systemRules.split.add();
    for (const rule of this.#systemRules.choices.add(packageEnd, { start: jobEnd, end: syncEnd })) this.#conflicts.weakRules.add(rule);
    this.#systemRules.yieldToJobs((name) => {
      for (let rule = jobEnd; rule < inferiorEnd; rule++) if (pool.name[-rules.first[rule]!] === name) rules.disable(rule);
    });
  }

  *#search(): Turns<void> {
    let decided: Decided = RESTART;
    /** Jobs are decided again if decisions below this level were undone. */
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
        // If deciding installed packages undoes some jobs, both are decided again.
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

  /** Puts everything that holds without a decision on the trail. */
  #assertBase(): Decided {
    const level = this.#conflicts.assertRules();
    const conflict = this.#state.search.propagate(level);
    return conflict === 0 ? { kind: 'level', level } : this.#conflicts.unsolvable(conflict);
  }

  #install(level: number, candidates: readonly number[], rule: number, isJob = false): Decided {
    let ordered = this.#ordered(candidates);
    if (isJob && this.#state.system.isThere && ordered.length > 1) ordered = this.#policy.preferFutureInstalled(ordered);
    if (ordered.length > 1) ordered = this.#systemRules.split.withoutSplit(ordered);
    if (ordered.length > 1) this.#branches.open(level, ordered);
    return this.#state.search.decide(level, ordered[0]!, rule, this.#conflicts);
  }

  /** Candidates, best first. */
  #ordered(candidates: readonly number[]): readonly number[] {
    return candidates.length > 1 ? this.#policy.select(candidates, 'choose') : candidates;
  }

  *#resolveJobs(start: number): Turns<Decided> {
    const { rules, search, budget } = this.#state;
    let level = start;
    for (let rule = this.#ranges.jobStart; rule < this.#ranges.jobEnd; rule++) {
      if (rules.isDisabled(rule)) continue;
      const literals = rules.literals(rule);
      budget.steps += literals.length;
      if (budget.isTurnOver()) yield;
      // The condition of a job is true once its package is installed.
      if (literals.some((literal) => (literal > 0 ? search.isTrue(literal) : search.levels[-literal]! <= 0))) continue;
      const candidates = this.#installed.preferred(literals.filter((literal) => search.levels[literal] === 0));
      if (candidates.length === 0) continue;
      const decided = this.#install(level, candidates, rule, true);
      if (!reaches(decided, start)) return decided;
      // The search backed up: decide the same job again, or all of them.
      if (decided.level === level) rule--;
      else if (decided.level < level) rule = this.#ranges.jobStart - 1;
      level = decided.level;
    }
    return { kind: 'level', level };
  }

  /**
   * Iterates over all rules until none is open. A rule with a real choice waits until a whole round found nothing simpler,
   * because the decisions in between often leave only one candidate.
   */
  *#resolveDependencies(start: number): Turns<Decided> {
    const round = this.#openRules.startRound();
    let level = start;
    for (;;) {
      if (this.#state.budget.isTurnOver()) yield;
      const open = this.#openRules.next(round);
      if (open.kind === 'pause') continue;
      if (open.kind === 'none') return { kind: 'level', level };
      const decided = this.#install(level, open.candidates, open.rule);
      if (!reaches(decided, start)) return decided;
      level = decided.level;
      // Continue after the rule that was decided.
      round.rule = open.rule + 1;
      round.looked = 1;
    }
  }

  /** undefined if there was nothing to install. */
  *#installWeak(level: number): Turns<Decided | undefined> {
    if (!this.#state.request.weakDependencies) return undefined;
    return yield* installWeak(this.#state, this.#policy, this.#recommendations, this.#branches, this.#conflicts, level);
  }

  /** Disables choice rules that excluded packages which were installed anyway, and decides again (rules.c: solver_check_unneeded_choicerules). */
  #giveUpChoices(): Decided | undefined {
    const unneeded = this.#systemRules.choices.unneeded();
    if (unneeded.length === 0) return undefined;
    this.#conflicts.giveUp(unneeded);
    return RESTART;
  }

  #minimize(): Decided | undefined {
    return minimize(this.#state, this.#branches, this.#recommendations, this.#conflicts);
  }
}

function reaches(decided: Decided, level: number): decided is Extract<Decided, { kind: 'level' }> {
  return decided.kind === 'level' && decided.level >= level;
}
