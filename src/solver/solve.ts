/**
 * The solver: rules from packages, jobs and policy; then decide until everything holds.
 *
 * The order of decisions is libsolv's (solver.c, solver_run_sat): jobs first, then dependencies with one good candidate,
 * then those with a choice, then weak dependencies; at the end choices that something else made unnecessary are undone.
 */
import type { StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { type Branch, Branches } from './branches.ts';
import { Conflicts, type Contradiction, type RuleRanges } from './conflicts.ts';
import { PackageRules } from './package-rules.ts';
import { Policy } from './policy.ts';
import { addBestRules, addInferiorArchitectureRules, addJobRules } from './policy-rules.ts';
import { providerListsOf } from './provider-lists.ts';
import { Recommendations } from './recommendations.ts';
import type { SolverRequest } from './request.ts';
import { RichNormalizer } from './rich-dependencies.ts';
import { RuleStore } from './rule-store.ts';
import { Search } from './search.ts';
import type { SolverState } from './solver-state.ts';
import { installWeak } from './weak.ts';

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
}

export type SolveOutcome =
  | { readonly kind: 'solved'; readonly installed: Int32Array; readonly statistics: SolveStatistics }
  | { readonly kind: 'unsolvable'; readonly failure: FailedSolve; readonly statistics: SolveStatistics }
  /** Dependencies name paths that only filelists.xml can answer: load them and ask again. */
  | { readonly kind: 'needs-filelists'; readonly paths: readonly StringId[] };

export function solve(pool: Pool, request: SolverRequest): SolveOutcome {
  return new Solve(pool, request).run();
}

class Solve {
  readonly #state: SolverState;
  readonly #branches = new Branches();
  readonly #recommendations: Recommendations;
  readonly #policy: Policy;
  readonly #conflicts: Conflicts;
  readonly #ranges: RuleRanges = { packageEnd: 0, jobEnd: 0, inferiorEnd: 0 };
  readonly #jobOfRule = new Map<number, number>();
  /** The choice that is being retried: a backtrack to its level must not drop it. */
  #retrying: Branch | undefined;

  constructor(pool: Pool, request: SolverRequest) {
    const lists = providerListsOf(pool);
    lists.reset();
    const rules = new RuleStore(lists.arena, { capacity: lists.rulesBefore });
    const search = new Search(rules, pool.end);
    this.#state = { pool, request, lists, rules, search, normalizer: new RichNormalizer(pool, lists) };
    this.#recommendations = new Recommendations(this.#state);
    this.#policy = new Policy(this.#state, this.#recommendations);
    this.#conflicts = new Conflicts(search, this.#ranges, (rule) => this.#ruleGroup(rule));
    search.onRevert = (level): void => {
      this.#branches.revert(level, this.#retrying);
      this.#recommendations.trailShortened();
    };
  }

  run(): SolveOutcome {
    const { pool, request, rules, lists, search, normalizer } = this.#state;
    const packages = new PackageRules(pool, request, rules, lists, normalizer);
    for (const job of request.jobs) for (const s of job.candidates) packages.addReachable(s);
    packages.addSupplementing();
    if (packages.unknownPaths.size > 0) return { kind: 'needs-filelists', paths: [...packages.unknownPaths] };
    lists.markShared();
    rules.unify(pool.end);
    this.#ranges.packageEnd = rules.count;
    addJobRules(this.#state, this.#jobOfRule, this.#conflicts.weakRules);
    this.#ranges.jobEnd = rules.count;
    addInferiorArchitectureRules(this.#state, packages.reached, packages.added);
    this.#ranges.inferiorEnd = rules.count;
    if (request.best) addBestRules(this.#state, this.#policy, this.#jobOfRule, this.#conflicts.weakRules);
    lists.rulesBefore = rules.count;
    search.start();
    this.#search();
    const statistics = {
      clauses: search.learntStart - 1,
      decisions: search.decisions,
      propagations: search.propagations,
      conflicts: search.conflicts,
    };
    if (this.#conflicts.contradictions.length > 0) {
      const { contradictions } = this.#conflicts;
      const failure = { state: this.#state, ranges: this.#ranges, contradictions, jobOfRule: this.#jobOfRule };
      return { kind: 'unsolvable', failure, statistics };
    }
    const installed = search.trail
      .toArray()
      .filter((literal) => literal > 0)
      .sort();
    return { kind: 'solved', installed, statistics };
  }

  #search(): void {
    const { search, request } = this.#state;
    let level = 0;
    let settledLevel = 1;
    for (;;) {
      if (level <= 0) {
        if (level < 0) return;
        level = this.#conflicts.assertRules();
        const conflict = search.propagate(level);
        if (conflict !== 0) {
          level = this.#conflicts.unsolvable(conflict);
          continue;
        }
        settledLevel = level + 1;
      }
      if (level < settledLevel) {
        const before = level;
        level = this.#resolveJobs(level);
        if (level < before) continue;
        settledLevel = level + 1;
      }
      if (level < settledLevel) settledLevel = level;
      const before = level;
      level = this.#resolveDependencies(level);
      if (level < before) continue;
      if (request.weakDependencies) {
        const after = installWeak(this.#state, this.#policy, this.#recommendations, this.#branches, this.#conflicts, level);
        if (after.changed) {
          level = after.level;
          continue;
        }
      }
      const minimized = this.#minimize();
      if (minimized === undefined) return;
      level = minimized;
    }
  }

  #install(level: number, candidates: readonly number[], rule: number): number {
    const ordered = candidates.length > 1 ? this.#policy.select(candidates, 'choose') : candidates;
    if (ordered.length > 1) this.#branches.open(level, ordered);
    return this.#state.search.decide(level, ordered[0]!, rule, this.#conflicts);
  }

  #resolveJobs(level: number): number {
    const { rules, search } = this.#state;
    const start = level;
    for (let rule = this.#ranges.packageEnd; rule < this.#ranges.jobEnd; rule++) {
      if (rules.isDisabled(rule)) continue;
      const literals = rules.literals(rule);
      // The condition of a job counts once its package is there.
      if (literals.some((literal) => (literal > 0 ? search.isTrue(literal) : search.levels[-literal]! <= 0))) continue;
      const candidates = literals.filter((literal) => search.levels[literal] === 0);
      if (candidates.length === 0) continue;
      const before = level;
      level = this.#install(level, candidates, rule);
      if (level > before) continue;
      if (level === before) {
        rule--;
        continue;
      }
      if (level < start) return level;
      rule = this.#ranges.packageEnd - 1;
    }
    return level;
  }

  /**
   * Goes round all rules until none is open. A rule with a real choice waits until a whole round found nothing simpler,
   * because what is decided in between often leaves only one candidate.
   */
  #resolveDependencies(level: number): number {
    const { rules, search } = this.#state;
    const { levels } = search;
    const start = level;
    let postponed = 0;
    const open: number[] = [];
    for (let rule = 1, looked = 1; ; rule++, looked++) {
      if (looked >= rules.count) {
        if (postponed <= 0) return level;
        rule = postponed;
        postponed = -1;
        looked = 1;
      }
      if (rule === rules.count) rule = 1;
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
        candidates = this.#policy.select(open, 'prune');
        if (candidates.length > 1) {
          if (postponed === 0) postponed = rule;
          continue;
        }
      }
      level = this.#install(level, candidates, rule);
      if (level < start) return level;
      looked = 0;
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

  /** Comes back to a choice when another candidate got installed anyway; undefined when there is none. */
  #minimize(): number | undefined {
    const { search, request } = this.#state;
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

  /** Rules that are given up together. */
  #ruleGroup(rule: number): readonly number[] {
    const { packageEnd, jobEnd, inferiorEnd } = this.#ranges;
    const { rules, pool } = this.#state;
    if (rule < packageEnd) return [rule];
    const group: number[] = [];
    if (rule >= jobEnd && rule < inferiorEnd) {
      const name = pool.name[-rules.first[rule]!];
      for (let r = jobEnd; r < inferiorEnd; r++) if (pool.name[-rules.first[r]!] === name) group.push(r);
      return group;
    }
    // A job and its best rule go together (libsolv, solver_ruletoproblem).
    const job = this.#jobOfRule.get(rule);
    for (let r = packageEnd; r < jobEnd; r++) if (this.#jobOfRule.get(r) === job) group.push(r);
    for (let r = inferiorEnd; r < this.#state.search.learntStart; r++) if (this.#jobOfRule.get(r) === job) group.push(r);
    return group.length > 0 ? group : [rule];
  }
}
