import { dependencyTree, type TreeNode } from '../lockfile/dependency-tree.ts';
import { lockedName } from '../lockfile/requested-names.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';
import { notLocked } from './why.ts';

export interface TreeInput extends ProjectInput, TargetInput {
  /** Names to start at; default: the requested packages. */
  readonly names?: readonly string[] | undefined;
  readonly depth?: number | undefined;
  readonly invert?: boolean | undefined;
}

export interface LockTree {
  readonly package_set: string;
  readonly architecture: string;
  readonly roots: readonly TreeNode[];
}

/** Dependency trees of each lock, from the lockfiles alone. */
export async function tree(input: TreeInput, context: Context): Promise<LockTree[]> {
  const locks = await readChosenLocks(input, context);
  const specs = input.names ?? [];
  const missing = specs.find((spec) => !locks.some((lock) => lockedName(lock, spec) !== undefined));
  if (missing !== undefined) throw notLocked(missing, locks);
  const names = locks.flatMap((lock) => specs.flatMap((spec) => lockedName(lock, spec) ?? []));
  const options = {
    invert: input.invert ?? false,
    ...(names.length === 0 ? {} : { roots: [...new Set(names)] }),
    ...(input.depth === undefined ? {} : { depth: input.depth }),
  };
  return locks
    .map((lock) => ({ package_set: lock.package_set, architecture: lock.architecture, roots: dependencyTree(lock, options) }))
    .filter(({ roots }) => roots.length > 0);
}
