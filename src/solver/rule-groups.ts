/** Rules that are disabled together if one of them takes part in a problem (libsolv: solver_ruletoproblem, solver_disablechoicerules). */
import type { RuleGroups, RuleRanges } from './conflicts.ts';
import { KIND } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';
import { erasable, type SystemRules } from './system-rules.ts';

export function ruleGroups(
  state: SolverState,
  ranges: RuleRanges,
  jobOfRule: ReadonlyMap<number, number>,
  systemRules: SystemRules,
): RuleGroups {
  const { rules, pool, search } = state;
  let rulesOfJob: ReadonlyMap<number, readonly number[]> | undefined;
  return { groupOf, erasable: (conflicting) => erasable(state, systemRules, conflicting) };

  function groupOf(rule: number): readonly number[] {
    const { packageEnd, jobEnd, inferiorEnd } = ranges;
    if (rule < packageEnd) return [rule];
    const kind = rules.kindOf(rule);
    if (kind === KIND.inferiorArchitecture) return withName(rule, jobEnd, inferiorEnd);
    if (kind === KIND.distroSync) return withName(rule, inferiorEnd, search.learntStart);
    if (kind === KIND.choice) return systemRules.choices.like(rule);
    // A job and its best rule go together.
    rulesOfJob ??= groupByJob(jobOfRule);
    const job = jobOfRule.get(rule);
    return (job === undefined ? undefined : rulesOfJob.get(job)) ?? [rule];
  }

  /** Rules of the same kind for packages of the same name. */
  function withName(rule: number, start: number, end: number): number[] {
    const kind = rules.kindOf(rule);
    const name = pool.name[-rules.first[rule]!];
    const group: number[] = [];
    for (let r = start; r < end; r++) if (rules.kindOf(r) === kind && pool.name[-rules.first[r]!] === name) group.push(r);
    return group;
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
