/**
 * Runs one attempt of a job in a process of its own: its memory is given back at its end, and one that takes too much ends only itself. It writes only
 * to its clone and the cache; its results go to the process that has the database.
 */
import { RpmDepsError, toPlainError } from 'rpm-deps';
import { type JobMessage, type JobOrder, tooLate } from './job-messages.ts';
import { runJob } from './run-job.ts';

const stop = new AbortController();
const send = (message: JobMessage): void => void process.send?.(message);

// A terminal and a service manager send these to all processes: the worker decides what becomes of its jobs.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The worker is gone: somebody else gets the job.
process.once('disconnect', () => process.exit(1));
process.on('message', (order: JobOrder) => {
  if (order === 'stop') stop.abort(new RpmDepsError('INTERRUPTED', 'the job was stopped'));
  else if (order === 'late') stop.abort(tooLate());
  else
    runJob(order, { signal: stop.signal, onProgress: (progress) => send({ kind: 'progress', progress }) }).then(
      (outcome) => send({ kind: 'done', outcome }),
      (error: unknown) => send({ kind: 'failed', error: toPlainError(stop.signal.aborted ? stop.signal.reason : error) }),
    );
});
