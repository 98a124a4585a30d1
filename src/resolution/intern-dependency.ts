import { type DepId, REL } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { parseRich, type RichDependency } from '../version/rich.ts';

const NODES = { and: REL.AND, or: REL.OR, if: REL.COND, unless: REL.UNLESS, with: REL.WITH, without: REL.WITHOUT } as const;

/** rpm's comparison operators as the pool has them. */
export const OPERATORS: Readonly<Record<string, number>> = { '=': REL.EQ, '<': REL.LT, '<=': REL.LE, '>': REL.GT, '>=': REL.GE };

/** A rich dependency from text, such as `(a or b)`; undefined when it is not one. */
export function internRich(pool: Pool, text: string): DepId | undefined {
  const tree = parseRich(text);
  return tree === undefined ? undefined : intern(pool, tree);
}

function intern(pool: Pool, tree: RichDependency): DepId {
  if (tree.kind === 'simple') {
    const name = pool.strings.intern(tree.name);
    if (tree.operator === undefined || tree.evr === undefined) return name;
    return pool.relations.intern(name, OPERATORS[tree.operator]!, pool.strings.intern(tree.evr.replace(/^0+:/, '')));
  }
  const left = intern(pool, tree.left);
  let right = intern(pool, tree.right);
  if (tree.otherwise !== undefined) right = pool.relations.intern(right, REL.ELSE, intern(pool, tree.otherwise));
  return pool.relations.intern(left, NODES[tree.kind], right);
}
