import { lockGraph, shortestChain } from './graph.ts';
import type { LockPair } from './lock-pair.ts';
import type { ChangeReason } from './lockfile-diff.ts';
import type { PackageMove } from './package-moves.ts';

type WithoutPlace<T> = T extends unknown ? Omit<T, 'package' | 'locks'> : never;
/** A reason before its locks are counted. */
export type BareReason = WithoutPlace<ChangeReason>;

/** Why a package was added to a lock or removed from it. Undefined for other changes and if the lock does not record it (schema 1.0). */
export function changeReason(move: PackageMove, { before, after }: LockPair): BareReason | undefined {
  if (move.kind === 'added') return after.requested === undefined ? undefined : additionReason(move.after.name, after);
  if (move.kind === 'removed') return before.requested === undefined ? undefined : removalReason(move.before.name, before, after);
  return undefined;
}

function additionReason(name: string, after: LockPair['after']): BareReason | undefined {
  const graph = lockGraph(after);
  const specs = graph.requested.get(name);
  if (specs) return { kind: 'requested', specs };
  const chain = shortestChain(graph, name);
  return chain && { kind: 'required', chain };
}

function removalReason(name: string, before: LockPair['before'], after: LockPair['after']): BareReason | undefined {
  if (after.ignored?.includes(name)) return { kind: 'ignored' };
  const old = lockGraph(before);
  const now = lockGraph(after);
  const specs = old.requested.get(name);
  if (specs && after.requested !== undefined) {
    const asked = specs.filter((spec) => after.requested!.includes(spec));
    const by = [...now.requested].filter(([, others]) => others.some((spec) => asked.includes(spec))).map(([other]) => other);
    return by.length > 0 ? { kind: 'replaced', specs: asked, by } : { kind: 'no_longer_requested' };
  }
  const dependents = old.dependents.get(name) ?? [];
  const staying = dependents.filter((dependent) => now.dependencies.has(dependent));
  // Schema 1.0 does not record what the remaining packages require.
  if (staying.length > 0) return after.requested === undefined ? undefined : { kind: 'no_longer_required', by: staying };
  return dependents.length > 0 ? { kind: 'removed_with', packages: dependents } : undefined;
}
