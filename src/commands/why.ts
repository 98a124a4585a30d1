import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { type Why, whyPackage } from '../lockfile/graph.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';
import { type ChainRelations, readChainRelations } from './chain-relations.ts';

export interface WhyInput extends ProjectInput, TargetInput {
  readonly name: string;
  readonly all?: boolean | undefined;
}

export interface WhyOutput {
  readonly answers: readonly Why[];
  /** The queried locks. */
  readonly asked: readonly LockName[];
  /** Relations between packages of a chain, if the cache has the metadata of the lock. */
  readonly relations: ChainRelations;
}

/** Why a package is locked, from the lockfiles alone. */
export async function why(input: WhyInput, context: Context): Promise<WhyOutput> {
  const locks = await readChosenLocks(input, context);
  const answers = locks.map((lock) => whyPackage(lock, input.name, { all: input.all ?? false })).filter((answer) => answer !== undefined);
  if (answers.length === 0) throw notLocked(input.name, locks);
  const asked = locks.map(({ package_set, architecture }) => ({ package_set, architecture }));
  return { answers, asked, relations: await readChainRelations(input, locks, answers, context) };
}

export function notLocked(name: string, locks: readonly Lockfile[]): RpmDepsError {
  const near = nearestOf(name, new Set(locks.flatMap(({ packages }) => packages.map((locked) => locked.name))));
  return new RpmDepsError('CHECK_FAILED', `no lockfile has a package \`${name}\``, {
    hint: near === undefined ? '`rpm-deps tree` shows what is locked' : `did you mean \`${near}\`?`,
  });
}
