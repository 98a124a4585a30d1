/** Keeps or updates installed packages, after the jobs are decided (libsolv, solver.c: resolve_installed, resolve_orphaned). */

import type { Turns } from '../base/turns.ts';
import type { KeepRules } from './keep-rules.ts';
import type { Decided } from './search.ts';
import type { SolverState } from './solver-state.ts';

export interface Deciding {
  /** Installs the best of the candidates. */
  install(level: number, candidates: readonly number[], rule: number): Decided;
  decide(level: number, literal: number, rule: number): Decided;
  /** Candidates, best first. */
  ordered(candidates: readonly number[]): readonly number[];
}

/** Requested updates are decided before all other installed packages. */
const ASKED_FOR = 0;
const ALL = 1;

export class KeepInstalled {
  readonly #state: SolverState;
  readonly #kept: KeepRules;
  readonly #deciding: Deciding;
  /** Where the last round backtracked: the next one begins there. */
  #position = 1;

  constructor(state: SolverState, kept: KeepRules, deciding: Deciding) {
    this.#state = state;
    this.#kept = kept;
    this.#deciding = deciding;
  }

  /** The installed ones among the candidates of a job, unless one of them is to be updated. */
  preferred(candidates: readonly number[]): readonly number[] {
    const { system } = this.#state;
    if (!system.isThere || candidates.length < 2 || system.syncAll || system.request.updateAll) return candidates;
    const installed = candidates.filter((s) => system.isInstalled(s));
    return installed.length === 0 || installed.some((p) => system.wantsUpdate[p] === 1) ? candidates : installed;
  }

  *resolve(start: number): Turns<Decided> {
    const { system, budget } = this.#state;
    let level = start;
    if (!system.isThere) return { kind: 'level', level };
    const isAll = system.syncAll || system.request.updateAll;
    const firstPass = !isAll && system.wantsUpdate.includes(1) ? ASKED_FOR : ALL;
    for (let pass = firstPass; pass <= ALL; ) {
      const passLevel = level;
      let trouble: Decided | undefined;
      let p = this.#position;
      for (let left = system.end - 1; left > 0; left--, p++) {
        if (p === system.end) p = 1;
        budget.steps++;
        if (budget.isTurnOver()) yield;
        if (pass === ASKED_FOR && system.wantsUpdate[p] === 0) continue;
        const done = this.#decideOne(level, p);
        if (done === undefined) continue;
        if (done.kind !== 'level' || done.level < passLevel) {
          trouble = done;
          break;
        }
        // The search backed up: decide this package again, and if earlier decisions were undone, all of them.
        if (done.level < level) left = system.end;
        if (done.level <= level) {
          p--;
          left = left === system.end ? left : left + 1;
        } else {
          // Something was decided: check the same package again.
          p--;
          left++;
        }
        level = done.level;
      }
      if (trouble !== undefined) {
        this.#position = p;
        if (trouble.kind !== 'level' || trouble.level < start) return trouble;
        level = trouble.level;
        pass = firstPass;
        continue;
      }
      this.#position = 1;
      pass++;
    }
    return { kind: 'level', level };
  }

  /** undefined if there is nothing to decide about the package. */
  #decideOne(level: number, p: number): Decided | undefined {
    const { system, rules, search } = this.#state;
    const { levels } = search;
    const special = this.#kept.special.get(p);
    if (levels[p]! > 0 && special === undefined) return undefined;
    const keep = this.#kept.keep[p]!;
    const wide = this.#kept.keepAtAll[p]!;
    const rule = keep === 0 || rules.isDisabled(keep) ? wide || keep : keep;
    if (rule === 0) return undefined;
    const isAll = system.syncAll || system.request.updateAll;
    if (system.noUpdate[p] === 0 && (levels[p]! < 0 || isAll || system.wantsUpdate[p] === 1)) {
      const targets = system.targets.get(p);
      const isTarget = (s: number): boolean => targets === undefined || targets.has(s);
      const best = special === undefined ? 0 : this.#bestSpecial(p, special, isTarget);
      if (best !== 0) return this.#deciding.install(level, [best], wide || keep);
      const literals = rules.literals(rule);
      if (!literals.some((s) => levels[s]! > 0)) {
        const open = literals.filter((s) => levels[s] === 0 && isTarget(s));
        if (open.length > 0) return this.#deciding.install(level, open, rule);
      }
    }
    return levels[p] === 0 ? this.#deciding.decide(level, p, keep || rule) : undefined;
  }

  /** The best of the builds that are installed side by side, if it is not installed yet; else 0 (solver.c: get_special_updaters). */
  #bestSpecial(p: number, special: readonly number[], isTarget: (s: number) => boolean): number {
    const { system, search } = this.#state;
    const { levels } = search;
    const candidates = [p, ...special].filter((s) => levels[s]! >= 0);
    for (const s of candidates.filter((candidate) => system.isInstalled(candidate)))
      for (const twin of special) if (levels[twin]! < 0 && !system.isInstalled(twin) && system.isSame(s, twin)) candidates.push(twin);
    const [best = p] = this.#deciding.ordered(candidates.filter(isTarget));
    return best !== p && levels[best] === 0 ? best : 0;
  }

  /**
   * Decides installed packages that no rule decides: those that no repository has stay, the others are removed. All of them are decided before
   * their dependencies. Returns undefined if nothing has to be decided again.
   */
  decideRest(start: number): Decided | undefined {
    const { system, search } = this.#state;
    const open = (p: number): boolean => search.levels[p] === 0;
    let level = start;
    let isKeeping = false;
    for (const p of this.#kept.orphaned) {
      if (!open(p)) continue;
      const decided = this.#deciding.decide(level, p, 0);
      if (decided.kind !== 'level' || decided.level < level) return decided;
      level = decided.level;
      isKeeping = true;
    }
    if (isKeeping) return { kind: 'level', level };
    for (let p = 1; p < system.end; p++) {
      if (!open(p)) continue;
      const decided = this.#deciding.decide(level, -p, 0);
      if (decided.kind !== 'level' || decided.level < level) return decided;
      level = decided.level;
    }
    return undefined;
  }
}
