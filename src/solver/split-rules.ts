/**
 * Rules of packages that were split (rules.c: solver_addyumobsrules):
 *   split             (-A | B)         two packages that obsolete the same one are installed together
 */
import type { DepId, SolvableId } from '../pool/ids.ts';
import { matchesName } from './match-name.ts';
import type { Policy } from './policy.ts';
import { KIND } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';
import { canCollide } from './system.ts';

export class SplitRules {
  readonly #state: SolverState;
  readonly #policy: Policy;
  #start = 0;
  #end = 0;

  constructor(state: SolverState, policy: Policy) {
    this.#state = state;
    this.#policy = policy;
  }

  add(): void {
    const { system, pool, rules } = this.#state;
    this.#start = rules.count;
    const found = new Set<DepId>();
    for (let p = 1; p < system.end; p++) {
      for (const s of system.obsoleting(p)) {
        for (let i = pool.dependencies.obsoletes.start[s]!; i < pool.dependencies.obsoletes.start[s + 1]!; i++) {
          const dep = pool.dependencies.obsoletes.ids[i] as DepId;
          if (found.has(dep)) continue;
          for (const other of system.providers(dep)) {
            if (!system.isInstalled(other) || !matchesName(pool, other as SolvableId, dep)) continue;
            if (!canCollide(pool, p, other)) continue;
            found.add(dep);
            break;
          }
        }
      }
    }
    for (const dep of found) {
      const groups = this.#groupsObsoleting(dep);
      groups.forEach((group, own) => {
        for (const s of group) {
          if (system.isInstalled(s)) continue;
          groups.forEach((others, index) => {
            if (index !== own) rules.addClause([-s, ...others], KIND.split);
          });
        }
      });
    }
    this.#end = rules.count;
  }

  /** Packages that have exactly this dependency in their Obsoletes, grouped by name, best name first; none unless there are two names. */
  #groupsObsoleting(dep: DepId): number[][] {
    const { system, pool } = this.#state;
    const found = new Set<number>();
    const hasWord = (s: number): boolean => {
      for (let i = pool.dependencies.obsoletes.start[s]!; i < pool.dependencies.obsoletes.start[s + 1]!; i++)
        if (pool.dependencies.obsoletes.ids[i] === dep) return true;
      return false;
    };
    for (const p of system.providers(dep)) {
      if (!system.isInstalled(p) || !matchesName(pool, p as SolvableId, dep)) continue;
      for (const s of [...system.obsoleting(p), ...system.named(pool.name[p]!)]) {
        if (canCollide(pool, p, s) && hasWord(s)) found.add(s);
      }
    }
    const all = [...found];
    const names = [...new Set(this.#policy.bestOfEachName(all).map((s) => pool.name[s]!))];
    if (names.length < 2) return [];
    return names.map((name) => all.filter((s) => pool.name[s] === name));
  }

  /** Of candidates that are installed together anyway, the first one (solver.c: prune_yumobs). */
  withoutSplit(candidates: readonly number[]): readonly number[] {
    const { rules, pool } = this.#state;
    if (this.#start === this.#end) return candidates;
    const dropped = new Set<number>();
    for (const [i, s] of candidates.entries()) {
      if (dropped.has(s) || pool.dependencies.obsoletes.start[s] === pool.dependencies.obsoletes.start[s + 1]) continue;
      const together = new Set<number>();
      for (let rule = this.#start; rule < this.#end; rule++) {
        if (rules.first[rule] === -s) for (const literal of rules.literals(rule)) if (literal > 0) together.add(literal);
      }
      for (const other of candidates.slice(i + 1)) if (together.has(other)) dropped.add(other);
    }
    return dropped.size === 0 ? candidates : candidates.filter((s) => !dropped.has(s));
  }
}
