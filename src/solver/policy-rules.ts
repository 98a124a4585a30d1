/**
 * Rules of the request and of its options:
 *   job               (A | B | C)      one of the candidates
 *   conditional job   (-X | A | B)     the same, for each X that is the condition
 *   inferior arch     (-A | B)         another architecture of the same name is better here; A is allowed with its better twin B
 *   best              (A)              only the best candidates of a job are accepted
 */
import type { StringId } from '../pool/ids.ts';
import type { Policy } from './policy.ts';
import { KIND } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';

/** Callers report jobs without candidates. A conditional job without candidates forbids its condition. */
export function addJobRules(state: SolverState, jobOfRule: Map<number, number>, weakRules: Set<number>): void {
  const { rules, request } = state;
  request.jobs.forEach(({ candidates, condition, weak }, index) => {
    if (candidates.length === 0 && condition === undefined) return;
    const run = candidates.length > 1 || (condition !== undefined && candidates.length > 0) ? rules.addLiterals(candidates) : 0;
    const note = (rule: number): void => {
      jobOfRule.set(rule, index);
      if (weak) weakRules.add(rule);
    };
    if (condition === undefined) note(rules.add(candidates[0]!, 0, run === 0 ? 0 : run + 1, KIND.job));
    else for (const s of condition) if (!candidates.includes(s)) note(rules.add(-s, 0, run, KIND.job));
  });
}

/** `reached` lists all reachable packages, ascending; `added` is 1 for each. Names that a job requests in one architecture are exempt. */
export function addInferiorArchitectureRules(state: SolverState, reached: Int32Array, added: Uint8Array): void {
  const { pool, rules, lists, request, system } = state;
  const exempt = new Set<number>();
  /** Inferior packages, each with the best architecture rank of its name. */
  const inferior = new Map<number, number>();
  const seen = new Set<number>();
  for (const s of reached) {
    if (pool.archRank[s]! <= 1) continue;
    const name = pool.name[s]!;
    if (seen.has(name)) continue;
    seen.add(name);
    const offset = lists.offsetOf(name as StringId);
    if (offset < 0) continue;
    const arena = lists.arena.items;
    let best = 0;
    let bestInstalled = 0;
    const installedRanks = new Set<number>();
    for (let i = offset; arena[i] !== 0; i++) {
      const p = arena[i]!;
      if (pool.name[p] !== name || added[p] === 0) continue;
      const rank = pool.archRank[p]!;
      if (rank <= 1) continue;
      if (system.isInstalled(p)) {
        // An installed architecture may stay, but does not decide which one is the best.
        if (system.isSyncInvolved(p)) continue;
        installedRanks.add(rank);
        if (bestInstalled === 0 || rank < bestInstalled) bestInstalled = rank;
      } else if (best === 0 || rank < best) best = rank;
    }
    if (best === 0 && installedRanks.size > 1) best = bestInstalled;
    if (best === 0) continue;
    const allowed = allowedRanks(state, name, { best, installedRanks, added });
    for (let i = offset; arena[i] !== 0; i++) {
      const p = arena[i]!;
      if (pool.name[p] !== name || added[p] === 0 || pool.archRank[p] === 1 || pool.archRank[p] === best) continue;
      if (system.isInstalled(p) || !allowed.has(pool.archRank[p]!)) inferior.set(p, best);
    }
  }
  if (inferior.size === 0) return;
  for (const { candidates, condition } of request.jobs)
    if (condition === undefined) for (const s of candidates) if (inferior.has(s)) exempt.add(pool.name[s]!);
  for (const [s, best] of inferior) {
    const twins = betterTwins(state, s, best);
    if (system.isInstalled(s) && !twins.some((twin) => system.isInstalled(twin))) continue;
    const [twin = 0] = twins.length < 2 ? twins : [];
    const rule = rules.add(-s, twin, twins.length < 2 ? 0 : rules.addLiterals(Int32Array.from(twins)), KIND.inferiorArchitecture);
    if (exempt.has(pool.name[s]!)) rules.disable(rule);
  }
}

/** Ranks of installed packages of inferior architectures that have no twin of the best architecture or noarch. */
function allowedRanks(
  { pool, system }: SolverState,
  name: number,
  { best, installedRanks, added }: { readonly best: number; readonly installedRanks: ReadonlySet<number>; readonly added: Uint8Array },
): ReadonlySet<number> {
  const allowed = new Set<number>();
  if (installedRanks.size === 0 || (installedRanks.size === 1 && installedRanks.has(best))) return allowed;
  for (const p of system.named(name)) {
    if (!system.isInstalled(p) || added[p] === 0 || system.isSyncInvolved(p)) continue;
    const rank = pool.archRank[p]!;
    if (rank === 1 || rank === best) continue;
    const isInStep = [...system.named(name)].some(
      (s) =>
        s !== p && pool.evr[s] === pool.evr[p] && pool.arch[s] !== pool.arch[p] && (pool.archRank[s] === 1 || pool.archRank[s] === best),
    );
    if (!isInStep) allowed.add(rank);
  }
  return allowed;
}

/** Builds of the same name and version for the best architecture or noarch: with multilib they are installed in lock step. */
function betterTwins({ pool, lists }: SolverState, s: number, best: number): number[] {
  const twins: number[] = [];
  const arena = lists.arena.items;
  for (let i = lists.offsetOf(pool.name[s] as StringId); arena[i] !== 0; i++) {
    const p = arena[i]!;
    const rank = pool.archRank[p]!;
    if (pool.name[p] === pool.name[s] && pool.evr[p] === pool.evr[s] && pool.arch[p] !== pool.arch[s] && (rank === 1 || rank === best))
      twins.push(p);
  }
  return twins;
}

export function addBestRules(state: SolverState, policy: Policy, jobOfRule: Map<number, number>, weakRules: Set<number>): void {
  const { rules, request } = state;
  for (const [jobRule, index] of [...jobOfRule]) {
    const literals = rules.literals(jobRule);
    const possible = literals.filter((literal) => literal > 0 && request.excluded?.[literal] !== 1);
    if (possible.length === 0) continue;
    const best = policy.select(possible, 'recommend');
    if (best.length === possible.length) continue;
    const [first = 0, ...rest] = [...literals.filter((literal) => literal < 0), ...best];
    const rule = rules.add(first, 0, rest.length > 0 ? rules.addLiterals(Int32Array.from(rest)) : 0, KIND.best);
    jobOfRule.set(rule, index);
    if (weakRules.has(jobRule)) weakRules.add(rule);
  }
}
