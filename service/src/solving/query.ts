import { sha256 } from '../sha256.ts';

/** A query about packages, checked; what a thread gets. */
export interface ResolveQuery {
  readonly kind: 'resolve';
  readonly architecture: string;
  readonly specs: readonly string[];
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
  readonly repositories: readonly string[] | undefined;
  /** NEVRAs of packages that are installed already: the answer is what goes on top. */
  readonly base: readonly string[];
  /** With what brought each package in. */
  readonly reasons: boolean;
}

export interface PackagesQuery {
  readonly kind: 'packages';
  readonly architecture: string;
  /** Name, glob, path or capability; or a NEVRA. */
  readonly name: string;
}

/** Lockfiles for a manifest. */
export interface PlanQuery {
  readonly kind: 'plan';
  /** Text of it. */
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

/** About one pool: the same query at the same metadata gets the same answer. */
export type PoolQuery = ResolveQuery | PackagesQuery;
export type Query = PoolQuery | PlanQuery | CheckQuery | DiffQuery;

export const isOfPool = (query: Query): query is PoolQuery => query.kind === 'resolve' || query.kind === 'packages';

/** What is sent to the client as it is. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Of the metadata that it was made from. */
  readonly generation: string;
}

/** The same query gets the same key, whatever the order of keys in the request was. */
export function queryKey(query: PoolQuery): string {
  return sha256(JSON.stringify(Object.entries(query).sort()), 'base64url');
}
