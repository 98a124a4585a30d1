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
 * Whether a provide meets a require, as rpm and libsolv decide: names are equal and the two ranges of versions overlap.
 * A provide without a version meets every require of its name; a release missing on one side does not count.
 */
export function satisfies(provide: Relation, require: Relation): boolean {
  if (provide.name !== require.name) return false;
  if (provide.operator === undefined || require.operator === undefined) return true;
  const provided = ALLOWED[provide.operator];
  const required = ALLOWED[require.operator];
  // Both go on for ever in the same direction.
  if ((provided & required & (BELOW | ABOVE)) !== 0) return true;
  const order = compareEvr(provide.evr ?? '', require.evr ?? '', 'match');
  if (order === 0) return (provided & required & EQUAL) !== 0;
  // A version without a release stands for all its releases, so that the side with one decides whether it is among them.
  if (order === -2) return (provided & EQUAL) !== 0;
  if (order === 2) return (required & EQUAL) !== 0;
  return order < 0 ? (required & BELOW) !== 0 || (provided & ABOVE) !== 0 : (required & ABOVE) !== 0 || (provided & BELOW) !== 0;
}
