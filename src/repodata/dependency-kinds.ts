/** The lists of dependencies that a package can have, by their number. */
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
