import { sha256 } from '../sha256.ts';

/** A validated query about packages, as sent to a thread. */
export interface ResolveQuery {
  readonly kind: 'resolve';
  readonly architecture: string;
  readonly specs: readonly string[];
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
  readonly repositories: readonly string[] | undefined;
  /** NEVRAs of installed packages: the answer contains the packages to install on top. */
  readonly base: readonly string[];
  /** Include the reason for each package. */
  readonly reasons: boolean;
}

export interface PackagesQuery {
  readonly kind: 'packages';
  readonly architecture: string;
  /** Name, glob, path or capability; or a NEVRA. */
  readonly name: string;
}

/** Computes lockfiles for a manifest. */
export interface PlanQuery {
  readonly kind: 'plan';
  /** Text of the manifest. */
  readonly manifest: string;
  readonly locks: readonly object[];
  readonly mode: 'lock' | 'update';
  readonly names: readonly string[] | undefined;
  /** YYYY-MM-DD */
  readonly today: string;
}

export interface CheckQuery {
  readonly kind: 'check';
  readonly manifest: string;
  readonly locks: readonly object[];
  readonly today: string;
}

export interface DiffQuery {
  readonly kind: 'diff';
  readonly before: readonly object[];
  readonly after: readonly object[];
}

/** A query about one pool: with the same metadata, the same query gets the same answer. */
export type PoolQuery = ResolveQuery | PackagesQuery;
export type Query = PoolQuery | PlanQuery | CheckQuery | DiffQuery;

export const isOfPool = (query: Query): query is PoolQuery => query.kind === 'resolve' || query.kind === 'packages';

/** Sent to the client unchanged. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Generation of the metadata of the answer. */
  readonly generation: string;
}

/** Equal queries have equal keys, independent of the order of keys in the request. */
export function queryKey(query: PoolQuery): string {
  return sha256(JSON.stringify(Object.entries(query).sort()), 'base64url');
}
