import { type Lockfile, type Manifest, type NetworkPolicy, type PlainError, RpmDepsError } from 'rpm-deps';
import type { Job } from './job.ts';
import type { ManifestTexts } from './manifest-texts.ts';
import type { ProjectRow, ProjectState } from './project-store.ts';

/** Data with which a job starts. */
export interface JobData {
  readonly job: Pick<Job, 'id' | 'kind' | 'payload' | 'attempt'>;
  readonly project: ProjectRow;
  readonly sources: Omit<Manifest, 'sets'>;
  readonly network: NetworkPolicy;
  readonly cacheDir: string;
  readonly workDir: string;
  /** Prefixes of URLs that may be cloned. */
  readonly git: readonly string[];
  /** Token for the forge and for git over HTTP; with an App its private key, until the job has exchanged it for a token. */
  readonly secret: string | undefined;
  /** Number of a GitHub App. */
  readonly githubApp: string | undefined;
  /** URL of the forge's API, where it is not that of its host. */
  readonly forgeApi: string | undefined;
  /** `owner/name` on the forge, if the URL does not contain it. */
  readonly forgeRepository: string | undefined;
  /** Where locked RPMs are kept, where the operator says so, with the token of that server. */
  readonly archive: { readonly to: string; readonly token: string | undefined } | undefined;
  /** One solve may take. */
  readonly solveSeconds: number;
  /** URL by which people reach this service; undefined if it is not configured. */
  readonly publicUrl: string | undefined;
  /** Of the programs that are run: git. */
  readonly path: string;
}

/** The locks of a revision. */
export interface RevisionLocks {
  readonly revision: string;
  /** ISO 8601: when the lockfiles of the branch were last changed by a commit. */
  readonly committedAt: string | undefined;
  readonly manifest: ManifestTexts;
  readonly locks: readonly Lockfile[];
}

export interface JobOutcome {
  /** Shown to people, and kept with the job. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly revision: RevisionLocks | undefined;
  readonly state: { readonly state: ProjectState; readonly text: string } | undefined;
}

/** Messages to the process of a job: the data to start with, or a reason to end. */
export type JobOrder = JobData | 'stop' | 'late';

export type JobMessage =
  | { readonly kind: 'progress'; readonly progress: Readonly<Record<string, unknown>> }
  | { readonly kind: 'done'; readonly outcome: JobOutcome }
  | { readonly kind: 'failed'; readonly error: PlainError };

export const tooLate = (): RpmDepsError =>
  new RpmDepsError('LIMIT', 'the job took longer than allowed', { hint: 'the operator sets `limits.job_minutes`' });
