import type { Queries } from '../store/database.ts';

/** Each job is delivered to a worker at least once. Two jobs with one key never run at the same time, as far as the queue can detect. */
export interface Delivery {
  readonly jobId: string;
  /** Aborted when the queue has given the delivery to another worker. */
  readonly signal: AbortSignal;
}

/** Delivers jobs to workers. The content, state and current attempt of a job are in our own tables: `job-store.ts`. */
export interface JobQueue {
  start(): Promise<void>;
  /** Part of the transaction that creates or requeues the job. `key`: no two run at once. Higher `priority` (default 0) comes first. */
  send(
    queries: Queries,
    job: { readonly jobId: string; readonly key: string; readonly delaySeconds?: number; readonly priority?: number },
  ): Promise<void>;
  /** Runs until `stop`. If a handler returns, the delivery is settled; if it throws, the delivery is repeated later. */
  work(handler: (delivery: Delivery) => Promise<void>, options: { readonly concurrency: number }): Promise<void>;
  /** Accepts no more deliveries; current ones continue. */
  pause(): Promise<void>;
  stop(): Promise<void>;
}
