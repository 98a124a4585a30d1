import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { readLockfiles } from '../lockfile/lockfile-dir.ts';
import { canonicalArchitecture, splitArchitectures } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';
import { lockfilesDirectory, type ProjectInput, type TargetInput } from './manifest-input.ts';

/** The lockfiles that the flags select, without a manifest. Throws if there are none. */
export async function readChosenLocks(input: ProjectInput & TargetInput, context: Context): Promise<Lockfile[]> {
  const directory = lockfilesDirectory(input, context);
  const locks = (await readLockfiles(directory)).map(({ lockfile }) => lockfile);
  if (locks.length === 0) {
    throw new RpmDepsError('LOCKFILE_MISSING', `no lockfiles found in \`${directory}\``, {
      hint: '`rpm-deps update` creates them; --lockfiles DIR names another directory',
    });
  }
  const architectures =
    input.arch === undefined || input.arch.length === 0
      ? undefined
      : splitArchitectures(input.arch).map((name) => canonicalArchitecture(name) ?? name);
  const sets = input.set === undefined || input.set.length === 0 ? undefined : input.set;
  refuseUnknown(
    sets,
    locks.map((lock) => lock.package_set),
    'set',
  );
  refuseUnknown(
    architectures,
    locks.map((lock) => lock.architecture),
    'architecture',
  );
  return locks.filter((lock) => sets?.includes(lock.package_set) !== false && architectures?.includes(lock.architecture) !== false);
}

function refuseUnknown(names: readonly string[] | undefined, known: readonly string[], what: string): void {
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearestOf(unknown, known);
  throw new RpmDepsError('USAGE', `no lockfile exists for the ${what} \`${unknown}\``, {
    hint: near === undefined ? `there are: ${[...new Set(known)].join(', ')}` : `did you mean \`${near}\`?`,
  });
}
