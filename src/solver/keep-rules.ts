/**
 * Rules that keep installed packages (libsolv, rules.c):
 *   keep              (P | U1 | U2)    an installed package stays, or is replaced by one of its updates
 *   keep at all       (P | A1 | A2)    the same with every possible replacement, also older ones; enabled once `keep` is disabled
 */
import type { DepId, SolvableId } from '../pool/ids.ts';
import { matchesName } from './match-name.ts';
import { KIND } from './rule-kinds.ts';
import { isSameList } from './same-list.ts';
import type { SolverState } from './solver-state.ts';

export class KeepRules {
  /** Rules by installed package; 0 if it has none. */
  readonly keep: Int32Array;
  readonly keepAtAll: Int32Array;
  /** Packages that are kept at the end if no rule forbids it. */
  readonly orphaned: number[] = [];
  /** By installed package: newer builds that would be installed beside it. */
  readonly special = new Map<number, readonly number[]>();
  readonly #state: SolverState;

  constructor(state: SolverState) {
    this.#state = state;
    this.keep = new Int32Array(state.system.end);
    this.keepAtAll = new Int32Array(state.system.end);
  }

  /** The rule that keeps an installed package: the narrower one if there are two, 0 if there is none. */
  ruleOf(p: number): number {
    return this.keep[p]! || this.keepAtAll[p]!;
  }

  /** Adds all wide rules first, then the others: the order of rules influences the result. */
  add(): void {
    const { system, rules } = this.#state;
    const wide: (readonly number[] | undefined)[] = [];
    const narrow: (readonly number[] | undefined)[] = [];
    for (let p = 1; p < system.end; p++) {
      const all = system.updatersOf(p, 'all');
      wide[p] = this.#isOrphan(p, all) ? undefined : [p, ...all];
      narrow[p] = this.#narrow(p, wide[p]);
      if (narrow[p] === undefined) wide[p] = undefined;
      else if (!system.syncAll && wide[p]?.length === 1) this.orphaned.push(p);
      if (wide[p] !== undefined && isSameList(wide[p]!, narrow[p]!)) wide[p] = undefined;
    }
    for (let p = 1; p < system.end; p++) {
      const literals = wide[p];
      if (literals === undefined) continue;
      this.keepAtAll[p] = rules.addClause(literals, KIND.keepAtAll);
      rules.disable(this.keepAtAll[p]!);
    }
    for (let p = 1; p < system.end; p++) {
      const literals = narrow[p];
      if (literals !== undefined) this.keep[p] = rules.addClause(literals, KIND.keep);
    }
  }

  /** In a distro-sync: the repositories have neither the package nor any replacement for it. */
  #isOrphan(p: number, updaters: readonly number[]): boolean {
    const { system } = this.#state;
    if (!system.isSyncInvolved(p) || system.maySyncKeep(p)) return false;
    return !updaters.some((s) => !system.isInstalled(s) || system.maySyncKeep(s));
  }

  #narrow(p: number, wide: readonly number[] | undefined): readonly number[] | undefined {
    const { system, request, pool } = this.#state;
    if (system.isPinned(p)) return [p];
    if (wide === undefined) {
      this.orphaned.push(p);
      return [p];
    }
    const isSync = system.isSyncInvolved(p);
    const updaters = system.updatersOf(p, isSync ? 'sync' : 'update');
    if (!updaters.some((s) => request.multiversion?.[s] === 1)) return [p, ...updaters];
    // Builds that are installed side by side are no updates, unless they are the same build or obsolete the package.
    const left = updaters.filter(
      (s) =>
        request.multiversion?.[s] !== 1 ||
        this.#obsoletesByName(s, p) ||
        (pool.name[s] === pool.name[p] && pool.evr[s] === pool.evr[p] && pool.arch[s] === pool.arch[p]),
    );
    if (left.length === 0 && isSync && !system.maySyncKeep(p)) {
      this.orphaned.push(p);
      this.special.set(p, updaters);
      return [p];
    }
    if (left.length < updaters.length && system.wantsUpdate[p] === 1) this.special.set(p, updaters);
    return [p, ...left];
  }

  #obsoletesByName(s: number, p: number): boolean {
    const { obsoletes } = this.#state.pool.dependencies;
    for (let i = obsoletes.start[s]!; i < obsoletes.start[s + 1]!; i++) {
      if (matchesName(this.#state.pool, p as SolvableId, obsoletes.ids[i] as DepId)) return true;
    }
    return false;
  }

  /** Whether the package has no possible replacement. */
  mayStayOrphaned(p: number): boolean {
    const { rules } = this.#state;
    const rule = this.ruleOf(p);
    if (rule === 0) return true;
    if (this.special.has(p) || rules.literals(rule).length > 1) return false;
    const wide = this.keepAtAll[p]!;
    return wide === 0 || rules.literals(wide).length === 1;
  }
}
