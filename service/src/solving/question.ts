import { createHash } from 'node:crypto';

/** A question about packages, checked; what a thread gets. */
export interface ResolveQuestion {
  readonly kind: 'resolve';
  readonly architecture: string;
  readonly specs: readonly string[];
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
  readonly repositories: readonly string[] | undefined;
  /** With what brought each package in. */
  readonly reasons: boolean;
}

export interface PackagesQuestion {
  readonly kind: 'packages';
  readonly architecture: string;
  /** Name, glob, path or capability; or a NEVRA. */
  readonly name: string;
}

export type Question = ResolveQuestion | PackagesQuestion;

/** What is sent to the client as it is. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Of the metadata that it was made from. */
  readonly generation: string;
}

/** The same question gets the same key, whatever the order of keys in the request was. */
export function questionKey(question: Question): string {
  return createHash('sha256')
    .update(JSON.stringify(question, Object.keys(question).sort()))
    .digest('base64url');
}
