import type { Queries } from '../store/database.ts';

/** Each job is given to a worker at least once. Two jobs of one key never run at the same time, as far as the queue knows. */
export interface Delivery {
  readonly jobId: string;
  /** Raised when the queue has given the delivery to somebody else. */
  readonly signal: AbortSignal;
}

/** Brings jobs to workers. What a job is, what state it has and which attempt may write is in our own tables: `job-store.ts`. */
export interface JobQueue {
  start(): Promise<void>;
  /** Within the transaction that makes the job, or gives it back. `key`: no two at once. Those of a higher `priority` (default 0) come first. */
  send(
    queries: Queries,
    job: { readonly jobId: string; readonly key: string; readonly delaySeconds?: number; readonly priority?: number },
  ): Promise<void>;
  /** Until `stop`. A handler that returns has settled the delivery; one that throws gets it again later. */
  work(handler: (delivery: Delivery) => Promise<void>, options: { readonly concurrency: number }): Promise<void>;
  /** Takes no more deliveries; those under way go on. */
  pause(): Promise<void>;
  stop(): Promise<void>;
}
