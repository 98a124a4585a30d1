/** All rules about installed packages, each kind in a separate file, and the code that disables them. */
import { addBestUpdateRules } from './best-update-rules.ts';
import { ChoiceRules } from './choice-rules.ts';
import { KeepRules } from './keep-rules.ts';
import type { Policy } from './policy.ts';
import { KIND } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';
import { SplitRules } from './split-rules.ts';

export class SystemRules {
  readonly kept: KeepRules;
  readonly split: SplitRules;
  readonly choices: ChoiceRules;
  /** The installed package of each best rule. */
  packageOfBest: ReadonlyMap<number, number> = new Map();
  readonly #state: SolverState;
  readonly #policy: Policy;

  constructor(state: SolverState, policy: Policy) {
    this.#state = state;
    this.#policy = policy;
    this.kept = new KeepRules(state);
    this.split = new SplitRules(state, policy);
    this.choices = new ChoiceRules(state, this.kept, policy);
  }

  addBestRules(): void {
    this.packageOfBest = addBestUpdateRules(this.#state, this.kept, this.#policy);
  }

  /**
   * Disables rules that jobs contradict on purpose (rules.c: solver_disablepolicyrules): if a job requests another version,
   * the installed one need not be kept.
   */
  yieldToJobs(disableInferior: (name: number) => void): void {
    const { system, request, pool } = this.#state;
    const yielding = new Set<number>();
    for (const p of system.request.erase) {
      yielding.add(p);
      if (this.#isInLockStep(p)) disableInferior(pool.name[p]!);
    }
    for (const { candidates, condition } of request.jobs) {
      if (condition !== undefined || candidates.length === 0) continue;
      if ([...candidates].some((s) => system.isInstalled(s))) continue;
      for (const p of this.#replacedByAll(candidates)) yielding.add(p);
    }
    for (const p of yielding) this.#giveUp(p);
  }

  #isInLockStep(p: number): boolean {
    const { system, pool } = this.#state;
    for (const s of system.named(pool.name[p]!)) {
      if (s !== p && pool.evr[s] === pool.evr[p] && pool.arch[s] !== pool.arch[p] && system.isInstalled(s)) return true;
    }
    return false;
  }

  /** Installed packages that every candidate would replace. */
  #replacedByAll(candidates: Int32Array): readonly number[] {
    const { system, request, pool } = this.#state;
    let common: Set<number> | undefined;
    for (const s of candidates) {
      const replaced = new Set<number>(system.obsoletedBy(s));
      for (const p of system.namesakes(s)) {
        const isBeside = request.multiversion?.[s] === 1 && (pool.evr[s] !== pool.evr[p] || pool.arch[s] !== pool.arch[p]);
        if (!isBeside) replaced.add(p);
      }
      common = common === undefined ? replaced : new Set([...common].filter((p) => replaced.has(p)));
      if (common.size === 0) break;
    }
    // dnf's jobs name versions and architectures. Only a change of the name could be unwanted, and dnf allows it.
    return [...(common ?? [])];
  }

  #giveUp(p: number): void {
    const { system, rules } = this.#state;
    system.noUpdate[p] = 1;
    for (const rule of [this.kept.keep[p]!, this.kept.keepAtAll[p]!]) if (rule !== 0) rules.disable(rule);
    for (const [rule, of] of this.packageOfBest) if (of === p) rules.disable(rule);
  }
}

/** problems.c: solver_autouninstall. */
export function erasable({ system, rules }: SolverState, systemRules: SystemRules, conflicting: readonly number[]): number {
  if (!system.isThere || !system.request.allowErasing) return 0;
  const best = new Set(conflicting.map((rule) => systemRules.packageOfBest.get(rule)));
  let last = 0;
  let lastOnly = 0;
  for (const rule of conflicting) {
    if (rules.kindOf(rule) !== KIND.keep) continue;
    const p = rules.first[rule]!;
    if (system.isPinned(p) || best.has(p)) continue;
    if (systemRules.kept.keepAtAll[p] !== 0) {
      last = Math.max(last, rule);
      continue;
    }
    if (rules.literals(rule).length === 1) return rule;
    lastOnly = Math.max(lastOnly, rule);
  }
  return last || lastOnly;
}
