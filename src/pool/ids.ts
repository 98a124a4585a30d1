declare const brand: unique symbol;
type Id<Tag extends string> = number & { readonly [brand]: Tag };

/** Index into the string pool. 0 means "none", 1 is the empty string. */
export type StringId = Id<'string'>;
/** A relation `(name, operator, evr)` or a rich dependency node; always negative: `-id` indexes the relation columns. */
export type RelationId = Id<'relation'>;
/** A dependency: a bare name (positive) or a relation (negative). 0 means "none". */
export type DepId = StringId | RelationId;
/** Row of the pool's columns. 0 means "none", so that a literal can be `id` or `-id`. */
export type SolvableId = Id<'solvable'>;
/** Index into `Pool.repos`. */
export type RepoId = Id<'repo'>;

/** Operators of a relation. 1, 2 and 4 are bits and combine (GE = GT | EQ); from 16 on the operands are dependencies. */
export const REL = {
  GT: 1,
  EQ: 2,
  GE: 3,
  LT: 4,
  NE: 5,
  LE: 6,
  ANY: 7,
  AND: 16,
  OR: 17,
  WITH: 18,
  COND: 22,
  ELSE: 26,
  WITHOUT: 28,
  UNLESS: 29,
} as const;

/** Whether the operands of a relation are dependencies instead of a name and a version. */
export const isOperator = (flags: number): boolean => flags >= REL.AND;
