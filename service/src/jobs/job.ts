/** Kinds that a user or a schedule can start; `comment` is started only by a webhook. */
export const STARTED_KINDS = ['check', 'lock', 'update', 'bump', 'archive'] as const;
export type JobKind = (typeof STARTED_KINDS)[number] | 'comment';
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'dead' | 'cancelled';

/** A row of `job`, as returned by the API. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly project_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly state: JobState;
  /** Number of the current or last attempt; 0 before the first. Every write of an attempt names it, so that a lost one changes nothing. */
  readonly attempt: number;
  readonly max_attempts: number;
  readonly progress: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly error: unknown;
  readonly created_by: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly cancel_requested_at: Date | null;
}

/** Identifies one attempt. */
export interface Attempt {
  readonly jobId: string;
  readonly attempt: number;
}

export const isFinal = (state: JobState): boolean => state !== 'queued' && state !== 'running';

export const JOB_COLUMNS =
  'id, kind, project_id, payload, state, attempt, max_attempts, progress, result, error, created_by, created_at, started_at, finished_at, cancel_requested_at';

/** Default maximum of attempts. */
export const MAX_ATTEMPTS = 5;
