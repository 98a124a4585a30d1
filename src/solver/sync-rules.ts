/**
 * Rules of packages that the request removes, and of a distro-sync:
 *   erase             (-P)             removed by the request
 *   distro-sync       (-P)             a version that no repository has
 */
import type { KeepRules } from './keep-rules.ts';
import { KIND } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';
import { canCollide } from './system.ts';

/** Also excludes packages of the repositories that could replace the removed ones. */
export function addEraseRules({ system, pool, rules, request }: SolverState): void {
  const wanted = new Set(request.jobs.flatMap(({ candidates }) => [...candidates]));
  for (const p of system.request.erase) {
    rules.add(-p, 0, 0, KIND.erase);
    for (const s of system.named(pool.name[p]!)) {
      if (system.isInstalled(s) || wanted.has(s) || !canCollide(pool, p, s)) continue;
      rules.add(-s, 0, 0, KIND.erase);
    }
  }
}

/** rules.c: solver_addduprules. */
export function addSyncRules({ system, pool, rules }: SolverState, kept: KeepRules, reached: Int32Array, added: Uint8Array): void {
  if (!system.syncAll && system.syncInvolved.length === 0) return;
  const seen = new Set<number>();
  for (const i of reached) {
    if (seen.has(pool.name[i]!)) continue;
    seen.add(pool.name[i]!);
    for (const p of system.named(pool.name[i]!)) {
      if (added[p] === 0 || !system.isSyncInvolved(p)) continue;
      if (!system.isInstalled(p)) {
        if (system.syncGood[p] === 0) rules.add(-p, 0, 0, KIND.distroSync);
        continue;
      }
      if (system.isPinned(p) || system.syncGood[p] === 1) continue;
      if (system.maySyncKeep(p) || kept.mayStayOrphaned(p)) {
        system.syncGood[p] = 1;
        continue;
      }
      const special = kept.special.get(p);
      if (special !== undefined) rules.addClause([-p, ...special], KIND.distroSync);
      else rules.add(-p, 0, 0, KIND.distroSync);
    }
  }
}
