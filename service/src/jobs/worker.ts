/** Receives jobs from the queue and runs each attempt in a separate process, so that the thread that sends heartbeats is never busy. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Service } from '../service.ts';
import { first, storable } from '../store/database.ts';
import { asFailure, type Failure, isWorthRepeating } from './failure.ts';
import type { Job } from './job.ts';
import { beginAttempt, endAttempt, isWanted, recordProgress, requeue } from './job-store.ts';
import { saveOutcome } from './outcome.ts';
import type { ProjectRow } from './project-store.ts';
import type { Delivery, JobQueue } from './queue.ts';
import { runInProcess } from './run-in-process.ts';

const LOOK_MS = 1000;
const BUSY_SECONDS = 2;
const MAX_DELAY_SECONDS = 300;

export interface WorkerOptions {
  readonly concurrency: number;
  /** Delay before the first retry of a failed job; it doubles each time. */
  readonly retrySeconds: number;
}

export class JobWorker {
  readonly #service: Service;
  readonly #queue: JobQueue;
  readonly #options: WorkerOptions;
  readonly #name = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  readonly #running = new Set<Promise<void>>();
  readonly #leaving = new AbortController();

  constructor(service: Service, queue: JobQueue, options: WorkerOptions) {
    this.#service = service;
    this.#queue = queue;
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#queue.work((delivery) => this.#track(delivery), this.#options);
  }

  /** Accepts no more jobs, waits for running ones, and requeues the rest after the time. */
  async drain(ms: number): Promise<void> {
    await this.#queue.pause();
    const timer = setTimeout(() => this.#leaving.abort(), ms);
    await Promise.allSettled(this.#running);
    clearTimeout(timer);
  }

  #track(delivery: Delivery): Promise<void> {
    const running = this.#handle(delivery);
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  async #handle({ jobId, signal }: Delivery): Promise<void> {
    const { database, metrics, log } = this.#service;
    const beginning = await beginAttempt(database, jobId, this.#name);
    if (beginning.kind === 'busy') {
      // The project has a lost attempt of another job: its delivery is repeated within seconds.
      const row = await first<{ project_id: string }>(database, 'select project_id from job where id = $1', [jobId]);
      if (row !== undefined) await this.#queue.send(database, { jobId, key: row.project_id, delaySeconds: BUSY_SECONDS });
      return;
    }
    if (beginning.kind === 'over') return;
    const { job } = beginning;
    metrics.queueSeconds.observe(Math.max(0, (this.#service.now().getTime() - new Date(job.created_at).getTime()) / 1000));
    log('info', 'job begins', { job: jobId, kind: job.kind, attempt: job.attempt });
    await this.#run(job, signal);
  }

  async #run(job: Job, signal: AbortSignal): Promise<void> {
    const { database, log } = this.#service;
    const attempt = { jobId: job.id, attempt: job.attempt };
    const stop = new AbortController();
    const timer = setInterval(() => {
      isWanted(database, attempt).then(
        (wanted) => wanted === 'yes' || stop.abort(wanted),
        (error: Error) => log('warn', `the job could not be looked at: ${error.message}`, { job: job.id }),
      );
    }, LOOK_MS);
    try {
      const project = await first<ProjectRow>(database, 'select * from project where id = $1', [job.project_id]);
      if (project === undefined) return;
      const outcome = await runInProcess(this.#service, {
        job,
        project,
        signal: AbortSignal.any([signal, stop.signal, this.#leaving.signal]),
        onProgress: (progress) => recordProgress(database, attempt, storable(progress)).then((alive) => alive || stop.abort('lost')),
      });
      const saved = await endAttempt(database, attempt, { state: 'succeeded', result: storable(outcome.result) }, (queries) =>
        saveOutcome(queries, project.id, outcome),
      );
      log('info', saved ? 'job done' : 'a lost attempt ended and changed nothing', { job: job.id, attempt: job.attempt });
    } catch (error) {
      await this.#fail(job, asFailure(error), stop.signal);
    } finally {
      clearInterval(timer);
    }
  }

  async #fail(job: Job, failure: Failure, stop: AbortSignal): Promise<void> {
    const { database, log } = this.#service;
    const attempt = { jobId: job.id, attempt: job.attempt };
    if (stop.reason === 'lost') return;
    const data = { job: job.id, attempt: job.attempt };
    if (stop.reason === 'cancelled') {
      log('info', 'job cancelled', data);
      await endAttempt(database, attempt, { state: 'cancelled' });
      return;
    }
    if (this.#leaving.signal.aborted) {
      log('info', 'job returned to the queue', data);
      await requeue(database, this.#queue, attempt, { delaySeconds: 0, isGivenBack: true });
      return;
    }
    log(failure.code === 'INTERNAL' ? 'error' : 'warn', `job failed: ${failure.message}`, { ...data, code: failure.code });
    const markState = async (queries: Parameters<typeof saveOutcome>[0]): Promise<void> => {
      // What is wrong with somebody's pull request says nothing about the branch.
      if (job.kind === 'comment') return;
      await queries.query("update project set state = 'broken', state_text = $2, checked_at = now() where id = $1", [
        job.project_id,
        failure.message,
      ]);
    };
    if (!isWorthRepeating(failure)) {
      await endAttempt(database, attempt, { state: 'failed', error: failure }, markState);
      return;
    }
    if (job.attempt >= job.max_attempts) {
      await endAttempt(database, attempt, { state: 'dead', error: failure }, markState);
      return;
    }
    const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.ceil(this.#options.retrySeconds * 2 ** (job.attempt - 1)));
    await requeue(database, this.#queue, attempt, { delaySeconds, error: failure, isGivenBack: false });
  }
}
