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
  /** Number or client id of a GitHub App. */
  readonly githubApp: string | undefined;
  /** URL of the forge's API, if it is not on the host of the repository. */
  readonly forgeApi: string | undefined;
  /** `owner/name` on the forge, if the URL does not contain it. */
  readonly forgeRepository: string | undefined;
  /** The operator's archive of locked RPMs, if configured, with the token of its server. */
  readonly archive: { readonly to: string; readonly token: string | undefined } | undefined;
  /** Time limit of one solve. */
  readonly solveSeconds: number;
  /** Public URL of this service; undefined if it is not configured. */
  readonly publicUrl: string | undefined;
  /** PATH for other programs: git. */
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
  /** Shown to users, and stored with the job. */
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
