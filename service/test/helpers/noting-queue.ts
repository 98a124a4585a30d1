import type { JobQueue } from '../../src/jobs/queue.ts';

/** A queue that only notes the ids of jobs: for tests that are not about deliveries. */
export const notingQueue = (sent: string[]): JobQueue => ({
  start: async () => undefined,
  send: async (_queries, { jobId }) => void sent.push(jobId),
  work: async () => undefined,
  pause: async () => undefined,
  stop: async () => undefined,
});
