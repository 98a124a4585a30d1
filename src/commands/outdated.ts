import { RpmDepsError } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import { type BumpRow, planBump } from '../lockfile/bump.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { BaseChange, LockName } from '../lockfile/lockfile-diff.ts';
import { manifestPins, namesToLookUp } from '../lockfile/manifest-pins.ts';
import { type OutdatedRow, outdatedPackages } from '../lockfile/outdated.ts';
import { olderMetadata, warnOfOlderMetadata } from '../locking/backwards-error.ts';
import { readCandidates } from '../locking/known-candidates.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseTargets, loadManifest, type ProjectInput, type TargetInput } from '../project/manifest-input.ts';
import { newerBases } from '../project/newer-bases.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';
import { planVariables } from './bump-variables.ts';

export interface OutdatedOutput {
  readonly rows: readonly OutdatedRow[];
  /** Result of `bump` for the pins of the manifest that the chosen sets and architectures use. */
  readonly pins: readonly BumpRow[];
  /** Bases whose image or contents changed since they were locked. */
  readonly bases: readonly BaseChange[];
  /** The compared locks. */
  readonly locks: readonly LockName[];
}

export async function outdated(input: ProjectInput & TargetInput, context: Context): Promise<OutdatedOutput> {
  const manifest = await loadManifest(input, context);
  const asked = namesToLookUp(manifest);
  const hasPins = manifestPins(manifest).length > 0 || manifest.listedVariables !== undefined;
  const locks = (await chosenLocks(input, context, { mayBeNone: hasPins })).filter(({ architecture }) =>
    manifest.architectures.includes(architecture),
  );
  const older: Warning[] = [];
  const candidates = await readCandidates(manifest, lockedNames(locks, asked), async (architecture) => {
    const pool = await loadArchitecture(manifest, architecture, context, { locks });
    older.push(...olderMetadata(manifest, locks, pool));
    return pool;
  });
  warnOfOlderMetadata(older, locks, context.emit);
  const pins = manifestPins(manifest, candidates, locks);
  const options = { holds: manifest.holds, sameVersion: manifest.sameVersion, pins, today: context.now().toISOString().slice(0, 10) };
  const chosen = new Set(chooseTargets(manifest, input).map(({ set, architecture }) => `${set.name} ${architecture}`));
  return {
    rows: outdatedPackages(locks, candidates, options),
    pins: [
      ...(await planVariables(manifest, {}, context)),
      ...planBump(pins, candidates, options).rows.filter(({ pin }) =>
        pin.uses.some(({ package_set: set, architecture }) => chosen.has(`${set} ${architecture}`)),
      ),
    ],
    bases: await newerBases(manifest, locks, context),
    locks: locks.map(({ package_set, architecture }) => ({ package_set, architecture })),
  };
}

/** The chosen locks; none if nothing is locked yet, because pins can be compared anyway. */
async function chosenLocks(
  input: ProjectInput & TargetInput,
  context: Context,
  { mayBeNone }: { readonly mayBeNone: boolean },
): Promise<Lockfile[]> {
  try {
    return await readChosenLocks(input, context);
  } catch (error) {
    if (mayBeNone && error instanceof RpmDepsError && error.code === 'LOCKFILE_MISSING') return [];
    throw error;
  }
}

/** Names of locked packages by architecture, added to `names`. */
function lockedNames(locks: readonly Lockfile[], names: Map<string, Set<string>>): Map<string, Set<string>> {
  for (const { architecture, packages } of locks) {
    const known = names.get(architecture) ?? new Set();
    names.set(architecture, known);
    for (const { name } of packages) known.add(name);
  }
  return names;
}
