/** The kinds of dependency lists of a package, by number. */
export const DEPENDENCY_KINDS = [
  'provides',
  'requires',
  'conflicts',
  'obsoletes',
  'recommends',
  'suggests',
  'supplements',
  'enhances',
] as const;

export type DependencyKind = (typeof DEPENDENCY_KINDS)[number];
