import { compareEvr } from './evr.ts';

export type Operator = '<' | '<=' | '=' | '>=' | '>';

/** `name` or `name operator evr`. */
export interface Relation {
  readonly name: string;
  readonly operator: Operator | undefined;
  readonly evr: string | undefined;
}

/** Parses `name`, or `name OP evr`; undefined for anything else. */
export function parseRelation(text: string): Relation | undefined {
  const trimmed = text.trim();
  const end = trimmed.search(/[\s<>=]/);
  if (end < 0) return trimmed === '' ? undefined : { name: trimmed, operator: undefined, evr: undefined };
  const parts = /^(<=|>=|==|=|<|>)\s*([^\s<>=]+)$/.exec(trimmed.slice(end).trimStart());
  if (parts === null || end === 0) return undefined;
  const [, operator, evr] = parts;
  return { name: trimmed.slice(0, end), operator: (operator === '==' ? '=' : operator) as Operator, evr };
}

const BELOW = 1;
const EQUAL = 2;
const ABOVE = 4;
const ALLOWED: Readonly<Record<Operator, number>> = { '<': BELOW, '<=': BELOW | EQUAL, '=': EQUAL, '>=': EQUAL | ABOVE, '>': ABOVE };

/**
 * Whether a provide satisfies a require, by the rules of rpm and libsolv: the names are equal and the version ranges overlap.
 * A provide without a version satisfies every require of its name; releases are not compared if one side has none.
 */
export function satisfies(provide: Relation, require: Relation): boolean {
  if (provide.name !== require.name) return false;
  if (provide.operator === undefined || require.operator === undefined) return true;
  const provided = ALLOWED[provide.operator];
  const required = ALLOWED[require.operator];
  // Both ranges are unbounded in the same direction.
  if ((provided & required & (BELOW | ABOVE)) !== 0) return true;
  const order = compareEvr(provide.evr ?? '', require.evr ?? '', 'match');
  if (order === 0) return (provided & required & EQUAL) !== 0;
  // A version without a release means all its releases: the side with a release decides whether it is among them.
  if (order === -2) return (provided & EQUAL) !== 0;
  if (order === 2) return (required & EQUAL) !== 0;
  return order < 0 ? (required & BELOW) !== 0 || (provided & ABOVE) !== 0 : (required & ABOVE) !== 0 || (provided & BELOW) !== 0;
}
