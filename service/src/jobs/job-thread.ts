/** Runs one attempt of a job in a thread. It writes only to its clone and the cache; its results go to the thread that has the database. */
import { parentPort, workerData } from 'node:worker_threads';
import { RpmDepsError, toPlainError } from 'rpm-deps';
import { type JobData, type JobMessage, tooLate } from './job-messages.ts';
import { runJob } from './run-job.ts';

const port = parentPort!;
const stop = new AbortController();
const send = (message: JobMessage): void => port.postMessage(message);

port.on('message', (message: 'stop' | 'late') => {
  stop.abort(message === 'late' ? tooLate() : new RpmDepsError('INTERRUPTED', 'the job was stopped'));
});

runJob(workerData as JobData, { signal: stop.signal, onProgress: (progress) => send({ kind: 'progress', progress }) }).then(
  (outcome) => send({ kind: 'done', outcome }),
  (error: unknown) => send({ kind: 'failed', error: toPlainError(stop.signal.aborted ? stop.signal.reason : error) }),
);
