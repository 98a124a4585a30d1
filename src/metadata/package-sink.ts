/** The lists of dependencies that a package can have, by their index. */
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

/**
 * What a reader of primary.xml calls. Every text is a range of bytes that is valid only during the call, entities already
 * replaced. Calls come in document order; `endPackage` closes a package.
 */
export interface PackageSink {
  name(bytes: Uint8Array, start: number, end: number): void;
  arch(bytes: Uint8Array, start: number, end: number): void;
  /** `epoch:version-release`, the epoch left out when it is 0. */
  evr(bytes: Uint8Array, start: number, end: number): void;
  checksum(type: Uint8Array, bytes: Uint8Array, start: number, end: number): void;
  location(bytes: Uint8Array, start: number, end: number): void;
  sourceRpm(bytes: Uint8Array, start: number, end: number): void;
  /** Bytes of the .rpm file. */
  size(bytes: number): void;
  buildTime(seconds: number): void;
  file(bytes: Uint8Array, start: number, end: number): void;
  /**
   * `kind` is an index of DEPENDENCY_KINDS. `flags` is a sum of GT 1, EQ 2, LT 4, or 0 for a bare name; the version is the range
   * of `evr`, as `evr()` has it.
   */
  dependency(kind: number, bytes: Uint8Array, start: number, end: number, flags: number, evr: Uint8Array, evrEnd: number): void;
  endPackage(): void;
}
