import { parseRich, type RichDependency } from '../rpm/rich.ts';
import { type DepId, REL } from './ids.ts';
import type { RelationPool, StringPool } from './pool.ts';

const NODES = { and: REL.AND, or: REL.OR, if: REL.COND, unless: REL.UNLESS, with: REL.WITH, without: REL.WITHOUT } as const;

/** REL values of rpm's comparison operators. */
export const OPERATORS: Readonly<Record<string, number>> = { '=': REL.EQ, '<': REL.LT, '<=': REL.LE, '>': REL.GT, '>=': REL.GE };

/** Interns a rich dependency such as `(a or b)`; undefined if it is another text or malformed. */
export function internRich(strings: Pick<StringPool, 'intern'>, relations: Pick<RelationPool, 'intern'>, text: string): DepId | undefined {
  const tree = parseRich(text);
  return tree === undefined ? undefined : intern(strings, relations, tree);
}

function intern(strings: Pick<StringPool, 'intern'>, relations: Pick<RelationPool, 'intern'>, tree: RichDependency): DepId {
  if (tree.kind === 'simple') {
    const name = strings.intern(tree.name);
    if (tree.operator === undefined || tree.evr === undefined) return name;
    return relations.intern(name, OPERATORS[tree.operator]!, strings.intern(tree.evr.replace(/^0+:/, '')));
  }
  const left = intern(strings, relations, tree.left);
  let right = intern(strings, relations, tree.right);
  if (tree.otherwise !== undefined) right = relations.intern(right, REL.ELSE, intern(strings, relations, tree.otherwise));
  return relations.intern(left, NODES[tree.kind], right);
}
