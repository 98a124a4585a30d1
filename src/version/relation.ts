import { compareEvr } from './evr.ts';

export type Operator = '<' | '<=' | '=' | '>=' | '>';

/** `name` or `name operator evr`. */
export interface Relation {
  readonly name: string;
  readonly operator: Operator | undefined;
  readonly evr: string | undefined;
}

/** Reads `name`, or `name OP evr`; undefined for anything else. */
export function parseRelation(text: string): Relation | undefined {
  const parts = /^(\S+?)(?:\s*(<=|>=|==|=|<|>)\s*(\S+))?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, name = '', operator, evr] = parts;
  return { name, operator: (operator === '==' ? '=' : operator) as Operator | undefined, evr };
}

/**
 * Whether a provide meets a require, as rpm and libsolv decide: names are equal and the two ranges of versions overlap.
 * A provide without a version meets every require of its name; a release missing on one side does not count.
 */
export function satisfies(provide: Relation, require: Relation): boolean {
  if (provide.name !== require.name) return false;
  if (provide.operator === undefined || require.operator === undefined) return true;
  const isBelow = (operator: Operator): boolean => operator.startsWith('<');
  const isAbove = (operator: Operator): boolean => operator.startsWith('>');
  const hasEqual = (operator: Operator): boolean => operator.endsWith('=');
  if (isBelow(provide.operator) && isBelow(require.operator)) return true;
  if (isAbove(provide.operator) && isAbove(require.operator)) return true;
  const order = compareEvr(provide.evr ?? '', require.evr ?? '', 'match');
  if (order === 0) return hasEqual(provide.operator) && hasEqual(require.operator);
  if (order === -2) return hasEqual(provide.operator);
  if (order === 2) return hasEqual(require.operator);
  return order < 0 ? isBelow(require.operator) || isAbove(provide.operator) : isAbove(require.operator) || isBelow(provide.operator);
}
