/**
 * The kinds of rules, as numbers in a column of the rule store. If two packages exclude each other for several
 * reasons, only one rule is added, of the first of these kinds.
 */
export const KIND = {
  /** Excluded, or of a foreign architecture. */
  notInstallable: 1,
  nothingProvides: 2,
  conflicts: 3,
  obsoletes: 4,
  sameName: 5,
  requires: 6,
  /** A clause of a boolean requirement, or of a boolean conflict. */
  richRequires: 7,
  richConflicts: 8,
  job: 9,
  inferiorArchitecture: 10,
  best: 11,
  /** An installed package stays or is updated; `keepAtAll`: or is replaced by any package that can replace it. */
  keep: 12,
  keepAtAll: 13,
  erase: 14,
  distroSync: 15,
  bestUpdate: 16,
  split: 17,
  choice: 18,
  learned: 19,
} as const;

export type RuleKind = (typeof KIND)[keyof typeof KIND];

/** For a switch over kinds: a compile error if a kind has no case. */
export function unknownKind(kind: never): never {
  throw new Error(`a rule of the unknown kind ${String(kind)}`);
}
