/**
 * Runs one attempt of a job in a separate process: its memory is released at the end, and if it needs too much, only this process ends. It writes
 * only to its clone and the cache; results are sent to the process with the database.
 */
import { RpmDepsError, toPlainError } from 'rpm-deps';
import { type JobMessage, type JobOrder, tooLate } from './job-messages.ts';
import { runJob } from './run-job.ts';

const stop = new AbortController();
const send = (message: JobMessage): void => void process.send?.(message);

// Terminals and service managers send these signals to all processes: the worker decides how its jobs end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The worker is gone: another worker gets the job, and git must not write to the clone at the same time.
process.once('disconnect', () => {
  stop.abort();
  process.exit(1);
});
process.on('message', (order: JobOrder) => {
  if (order === 'stop') stop.abort(new RpmDepsError('INTERRUPTED', 'the job was stopped'));
  else if (order === 'late') stop.abort(tooLate());
  else
    runJob(order, { signal: stop.signal, onProgress: (progress) => send({ kind: 'progress', progress }) }).then(
      (outcome) => send({ kind: 'done', outcome }),
      (error: unknown) => send({ kind: 'failed', error: toPlainError(stop.signal.aborted ? stop.signal.reason : error) }),
    );
});
