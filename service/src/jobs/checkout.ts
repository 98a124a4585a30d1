import type { FoundLock, Manifest } from 'rpm-deps';
import type { Clone } from './clone.ts';
import type { RevisionLocks } from './job-messages.ts';

/** Context of a running job. */
export interface JobRun {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Readonly<Record<string, unknown>>) => void;
}

/** The current state of a project's branch. */
export interface Checkout {
  readonly clone: Clone;
  readonly commit: string;
  readonly manifest: Manifest;
  readonly found: readonly FoundLock[];
  readonly revision: RevisionLocks;
}
