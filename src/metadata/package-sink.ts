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

/** A dependency as it stands in an entry, entities replaced. Reused for every entry: to be read during the call only. */
export interface DependencyText {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** A sum of GT 1, EQ 2, LT 4; 0 for a bare name. */
  readonly flags: number;
  /** `epoch:version-release` is `evr[0 .. evrEnd]`, the epoch left out when it is 0. */
  readonly evr: Uint8Array;
  readonly evrEnd: number;
}

/**
 * What a reader of primary.xml calls. Every text is a range of bytes that is valid only during the call, entities already
 * replaced. Calls come in document order; `endPackage` closes a package.
 */
export interface PackageSink {
  name(bytes: Uint8Array, start: number, end: number): void;
  arch(bytes: Uint8Array, start: number, end: number): void;
  /** `epoch:version-release`, the epoch left out when it is 0. */
  evr(bytes: Uint8Array, start: number, end: number): void;
  checksumType(bytes: Uint8Array, start: number, end: number): void;
  checksum(bytes: Uint8Array, start: number, end: number): void;
  /** Relative to the repository, and checked not to lead out of it. */
  location(bytes: Uint8Array, start: number, end: number): void;
  sourceRpm(bytes: Uint8Array, start: number, end: number): void;
  /** Bytes of the .rpm file. */
  size(bytes: number): void;
  buildTime(seconds: number): void;
  file(bytes: Uint8Array, start: number, end: number): void;
  /** A number of the sink's choosing for a dependency; equal dependencies may be asked for once only. */
  dependencyId(text: DependencyText): number;
  /** `kind` is an index of DEPENDENCY_KINDS; `id` is from `dependencyId`. */
  dependency(kind: number, id: number, isPre: boolean): void;
  endPackage(): void;
  /** Forgets what came since the last `endPackage`: the package is not there in full yet and will be read again. */
  abandonPackage(): void;
}
