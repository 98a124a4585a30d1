import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import { manifestPins } from '../lockfile/manifest-pins.ts';
import { type OutdatedRow, outdatedPackages } from '../lockfile/outdated.ts';
import type { Context } from './context.ts';
import { readCandidates } from './known-candidates.ts';
import { loadManifest, type ProjectInput, type TargetInput } from './manifest-input.ts';
import { readChosenLocks } from './read-locks.ts';

export interface OutdatedOutput {
  readonly rows: readonly OutdatedRow[];
  /** The locks that were looked at. */
  readonly locks: readonly LockName[];
}

/** What is locked against the newest in the repositories of each architecture. */
export async function outdated(input: ProjectInput & TargetInput, context: Context): Promise<OutdatedOutput> {
  const manifest = await loadManifest(input, context);
  const locks = (await readChosenLocks(input, context)).filter(({ architecture }) => manifest.architectures.includes(architecture));
  const candidates = await readCandidates(manifest, lockedNames(locks), context);
  const options = { holds: manifest.holds, pins: manifestPins(manifest), today: context.now().toISOString().slice(0, 10) };
  return {
    rows: outdatedPackages(locks, candidates, options),
    locks: locks.map(({ package_set, architecture }) => ({ package_set, architecture })),
  };
}

/** Names of locked packages by architecture. */
function lockedNames(locks: readonly Lockfile[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { architecture, packages } of locks) {
    const known = names.get(architecture) ?? new Set();
    names.set(architecture, known);
    for (const { name } of packages) known.add(name);
  }
  return names;
}
