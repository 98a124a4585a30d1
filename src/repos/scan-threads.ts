/**
 * Who reads packages: this thread when it is not at it already, so that one architecture needs no other; further ones go to threads of
 * their own while there are processors for them. Columns come back by transfer and are not copied.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { fromPlainError } from './plain-error.ts';
import type { ScanAnswer, ScanOrder } from './scan-message.ts';
import { type PrimaryFile, type ScannedPool, scanPool } from './scan-pool.ts';
import { startWorker } from './start-worker.ts';

/** Files that are smaller together are read before a thread would have started. */
const WORKER_BYTES = 512 * 1024;

interface Thread {
  readonly worker: Worker;
  /** What it has still to answer; it answers in order. */
  pending: number;
}

export class ScanThreads {
  readonly #most: number;
  readonly #threads: Thread[] = [];
  #isHereBusy = false;

  /** `most` threads besides this one. */
  constructor(most: number) {
    this.#most = most;
  }

  async scan(architecture: string, files: readonly PrimaryFile[]): Promise<ScannedPool> {
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    if (bytes < WORKER_BYTES || this.#most === 0) return scanPool(architecture, files);
    return this.#isHereBusy ? this.#scanThere({ architecture, files }) : this.#scanHere(architecture, files);
  }

  async #scanHere(architecture: string, files: readonly PrimaryFile[]): Promise<ScannedPool> {
    this.#isHereBusy = true;
    try {
      return await scanPool(architecture, files);
    } finally {
      this.#isHereBusy = false;
    }
  }

  async #scanThere(order: Omit<ScanOrder, 'number'>): Promise<ScannedPool> {
    const thread = this.#leastBusy();
    thread.pending++;
    try {
      const answer = await ask(thread.worker, order);
      if (answer.kind === 'failed') throw fromPlainError(answer.error);
      return answer.scanned;
    } finally {
      if (--thread.pending === 0) {
        this.#threads.splice(this.#threads.indexOf(thread), 1);
        void thread.worker.terminate();
      }
    }
  }

  /** What cannot begin at once is handed over all the same: this thread may be solving when the other is done. */
  #leastBusy(): Thread {
    const idlest = this.#threads.toSorted((a, b) => a.pending - b.pending)[0];
    if (idlest !== undefined && this.#threads.length === this.#most) return idlest;
    const thread = { worker: startWorker('scan-worker'), pending: 0 };
    this.#threads.push(thread);
    return thread;
  }
}

/** For everybody in this process. */
export const scanThreads = new ScanThreads(availableParallelism() - 1);

let orders = 0;

function ask(worker: Worker, order: Omit<ScanOrder, 'number'>): Promise<ScanAnswer> {
  const number = ++orders;
  return new Promise<ScanAnswer>((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onAnswer);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onAnswer = (answer: ScanAnswer): void => {
      if (answer.number !== number) return;
      settle();
      resolve(answer);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const onExit = (code: number): void => onError(new Error(`a thread that reads packages ended with ${code}`));
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit);
    worker.postMessage({ ...order, number } satisfies ScanOrder);
  });
}
