import { dependencyTree, type TreeNode } from '../lockfile/dependency-tree.ts';
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
  const names = input.names ?? [];
  const missing = names.find((name) => !locks.some(({ packages }) => packages.some((locked) => locked.name === name)));
  if (missing !== undefined) throw notLocked(missing, locks);
  const options = {
    invert: input.invert ?? false,
    ...(names.length === 0 ? {} : { roots: names }),
    ...(input.depth === undefined ? {} : { depth: input.depth }),
  };
  return locks
    .map((lock) => ({ package_set: lock.package_set, architecture: lock.architecture, roots: dependencyTree(lock, options) }))
    .filter(({ roots }) => roots.length > 0);
}
