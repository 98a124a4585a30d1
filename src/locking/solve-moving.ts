/** Solves for packages that the user requested to move, and finds why a package cannot move. */
import type { Pool } from '../pool/pool.ts';
import type { Problem, ResolveOutcome, ResolveRequest, VersionConstraint } from '../resolution/resolution.ts';
import { resolveAsync, type SolveLimits } from '../resolution/resolve.ts';

/** A package that was requested to move but cannot. */
export interface StuckPackage {
  readonly name: string;
  /** The version that it cannot move to. */
  readonly version: string;
  readonly reason: string;
}

/**
 * Updates the named packages as far as possible. A package that cannot be updated to the newest version is reported, and is updated to the newest
 * version that can be solved, or stays.
 */
export async function solveMoving(
  pool: Pool,
  request: ResolveRequest,
  /** The constraints of each package, the best first. */
  moving: readonly (readonly VersionConstraint[])[],
  limits: SolveLimits,
): Promise<{ readonly outcome: ResolveOutcome; readonly stuck: readonly StuckPackage[] }> {
  const attempt = (more: readonly VersionConstraint[]): Promise<ResolveOutcome> =>
    resolveAsync(pool, { ...request, constraints: [...(request.constraints ?? []), ...more] }, limits);
  const outcome = await attempt(moving.map(([newest]) => newest!));
  if (outcome.kind === 'solved' || moving.length === 0) return { outcome, stuck: [] };
  let best = await attempt([]);
  if (best.kind === 'unsolvable') return { outcome: best, stuck: [] };
  const accepted: VersionConstraint[] = [];
  const stuck: StuckPackage[] = [];
  for (const constraints of moving) {
    let reason: string | undefined;
    for (const constraint of constraints) {
      const next = await attempt([...accepted, constraint]);
      if (next.kind === 'unsolvable') {
        reason ??= reasonFor(constraint.name, request, next.problems);
        continue;
      }
      accepted.push(constraint);
      best = next;
      if (reason !== undefined) reason += `; ${constraint.version} is taken`;
      break;
    }
    if (reason !== undefined) stuck.push({ name: constraints[0]!.name, version: constraints[0]!.version, reason });
  }
  return { outcome: best, stuck };
}

function reasonFor(name: string, { install }: ResolveRequest, problems: readonly Problem[]): string {
  const pin = install.find((spec) => spec.startsWith(`${name}-`) && /^\d/.test(spec.slice(name.length + 1)));
  if (pin !== undefined) return `the manifest pins \`${pin}\`, which \`rpm-deps bump ${name}\` moves`;
  const lines = (problems[0]?.text ?? '').split('\n').map((line) => line.trim());
  // The first line only names the request; the lines below contain the cause.
  const reasons = lines.length > 1 ? lines.slice(1) : lines;
  return reasons.filter((line) => line !== '').join('; ') || 'the request cannot be resolved';
}
