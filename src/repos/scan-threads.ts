/**
 * Who reads packages: this thread when it is not at it already, so that one architecture needs no other; further ones go to threads of
 * their own while there are processors for them. Columns come back by transfer and are not copied.
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fromPlainError, type ScanAnswer, type ScanOrder } from './scan-message.ts';
import { type PrimaryFile, type ScannedPool, scanPool } from './scan-pool.ts';

/** Files that are smaller together are read before a thread would have started. */
const WORKER_BYTES = 512 * 1024;

export class ScanThreads {
  readonly #most: number;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #workers = 0;
  #isHereBusy = false;

  /** `most` workers besides this thread. */
  constructor(most: number) {
    this.#most = most;
  }

  async scan(architecture: string, files: readonly PrimaryFile[]): Promise<ScannedPool> {
    if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) < WORKER_BYTES) return scanPool(architecture, files);
    for (;;) {
      if (!this.#isHereBusy) return this.#scanHere(architecture, files);
      const worker = this.#idle.pop() ?? (this.#workers < this.#most ? this.#start() : undefined);
      if (worker !== undefined) return this.#scanThere(worker, { architecture, files });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #scanHere(architecture: string, files: readonly PrimaryFile[]): Promise<ScannedPool> {
    this.#isHereBusy = true;
    try {
      return await scanPool(architecture, files);
    } finally {
      this.#isHereBusy = false;
      this.#waiting.shift()?.();
    }
  }

  async #scanThere(worker: Worker, order: ScanOrder): Promise<ScannedPool> {
    try {
      const answer = await ask(worker, order);
      this.#giveBack(worker);
      if (answer.kind === 'failed') throw fromPlainError(answer.error);
      return answer.scanned;
    } catch (error) {
      if (!this.#idle.includes(worker)) this.#discard(worker);
      throw error;
    } finally {
      this.#waiting.shift()?.();
    }
  }

  #start(): Worker {
    this.#workers++;
    const worker = startWorker();
    // Nobody waits for a thread that has nothing to do.
    worker.unref();
    return worker;
  }

  #giveBack(worker: Worker): void {
    if (this.#waiting.length > 0) this.#idle.push(worker);
    else this.#discard(worker);
  }

  #discard(worker: Worker): void {
    this.#workers--;
    void worker.terminate();
  }
}

/** For everybody in this process. */
export const scanThreads = new ScanThreads(availableParallelism() - 1);

function ask(worker: Worker, order: ScanOrder): Promise<ScanAnswer> {
  worker.ref();
  return new Promise<ScanAnswer>((resolve, reject) => {
    const onExit = (code: number): void => reject(new Error(`a thread that reads packages ended with ${code}`));
    worker.once('error', reject);
    worker.once('exit', onExit);
    worker.once('message', (answer: ScanAnswer) => {
      worker.off('error', reject);
      worker.off('exit', onExit);
      worker.unref();
      resolve(answer);
    });
    worker.postMessage(order);
  });
}

function startWorker(): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./scan-worker.js', import.meta.url));
  // Node 20 does not read TypeScript: from the sources, as in tests, the loader has to be there before the thread's own module.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = new URL('./dist/esm/api/index.mjs', tsx).href;
  const entry = new URL('./scan-worker.ts', import.meta.url).href;
  const text = (value: string): string => JSON.stringify(value);
  return new Worker(`import(${text(loader)}).then(({ register }) => { register(); return import(${text(entry)}); })`, { eval: true });
}
