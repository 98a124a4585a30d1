/**
 * Threads that read packages, while the main thread decompresses and does everything else. Decompressed bytes are
 * transferred to a thread and columns return in shared memory, so nothing is copied.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { fromPlainError } from './plain-error.ts';
import type { ScanAnswer, ScanOrder } from './scan-message.ts';
import { expectedBytes, type PackageSink, type PrimaryFile, type ScannedPool, scanPool } from './scan-pool.ts';
import { startsFast, startWorker } from './start-worker.ts';

/** Files that are smaller together are read before a thread would have started. */
const WORKER_BYTES = 512 * 1024;
/** Opened bytes that wait for a thread at most. */
const MAX_AHEAD_BYTES = 8 * 1024 * 1024;

export class ScanThreads {
  readonly #most: number;
  readonly #idle: Worker[] = [];
  /** Idle ones and those that read. */
  readonly #threads = new Set<Worker>();
  /** Scans that wait for a thread, each taking the next one that is free. */
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #users = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there are threads at all: with one processor they would only take turns. */
  get isUsed(): boolean {
    return this.#most > 1;
  }

  /** Keeps threads alive between scans while `work` goes on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work();
    } finally {
      if (--this.#users === 0) this.#dismiss();
    }
  }

  /** Starts a thread for a scan that is likely to come: it is ready when the files are. It goes with the last `during`, or the process. */
  prepare(): void {
    if (startsFast() && this.isUsed && this.#idle.length === 0 && this.#threads.size < this.#most) this.#idle.push(this.#start());
  }

  /** Reads packages, within `during`, in a thread if that is worth it. */
  async scan(architecture: string, files: readonly PrimaryFile[]): Promise<ScannedPool> {
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    if (!this.isUsed || bytes < WORKER_BYTES) {
      const { PackageScan } = await import('./package-scan.ts');
      return scanPool(architecture, files, new PackageScan(expectedBytes(files)));
    }
    const worker = await this.#take();
    const sink = new ThreadSink(worker, files);
    try {
      const scanned = await scanPool(architecture, files, sink);
      this.#giveBack(worker);
      return scanned;
    } catch (error) {
      // It is in the middle of something.
      this.#end(worker);
      if (this.#waiting.length > 0) this.#giveBack(this.#start());
      throw error;
    } finally {
      sink.detach();
    }
  }

  async #take(): Promise<Worker> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#threads.size < this.#most) return this.#start();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #giveBack(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(worker);
    else this.#idle.push(worker);
    // The caller may have given up in the meantime.
    if (this.#users === 0) this.#dismiss();
  }

  #start(): Worker {
    const worker = startWorker('scan-worker');
    this.#threads.add(worker);
    // One that ends while nobody needs it is not missed; whoever needs it hears of it as well.
    worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
    // One that was prepared and is not needed is no reason to stay.
    worker.unref();
    return worker;
  }

  #end(worker: Worker): void {
    this.#forget(worker);
    void worker.terminate();
  }

  #forget(worker: Worker): void {
    this.#threads.delete(worker);
    const index = this.#idle.indexOf(worker);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  /** To be ended from here would take this thread's time. */
  #dismiss(): void {
    for (const worker of this.#idle.splice(0)) {
      this.#threads.delete(worker);
      worker.postMessage({ kind: 'leave' } satisfies ScanOrder);
    }
  }
}

/** For everybody in this process. */
export const scanThreads = new ScanThreads(availableParallelism());

/** Hands everything over, not too far ahead. */
class ThreadSink implements PackageSink {
  readonly #worker: Worker;
  /** What others go on using: it is not compressed, and its bytes come as they are. */
  readonly #kept: ReadonlySet<ArrayBufferLike>;
  /** Lengths of what was written and not taken yet. */
  readonly #ahead: number[] = [];
  #aheadBytes = 0;
  #failure: Error | undefined;
  #scanned: ScannedPool | undefined;
  #wake: (() => void) | undefined;

  constructor(worker: Worker, files: readonly PrimaryFile[]) {
    this.#worker = worker;
    this.#kept = new Set(files.map(({ bytes }) => bytes.buffer));
    worker.ref();
    worker.on('message', this.#onAnswer).on('error', this.#onError).on('exit', this.#onExit);
    this.#send({ kind: 'scan', expectedBytes: expectedBytes(files) });
  }

  start(what: string): void {
    this.#send({ kind: 'start', what });
  }

  write(chunk: Uint8Array): void | Promise<void> {
    // A decoder may go on using a buffer of which this is a part. (`slice` of a Buffer would be a part as well.)
    const own = chunk.byteLength === chunk.buffer.byteLength && !this.#kept.has(chunk.buffer) ? chunk : new Uint8Array(chunk);
    this.#ahead.push(own.length);
    this.#aheadBytes += own.length;
    this.#send({ kind: 'write', chunk: own }, [own.buffer as ArrayBuffer]);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#aheadBytes > MAX_AHEAD_BYTES) return this.#until(() => this.#aheadBytes <= MAX_AHEAD_BYTES);
  }

  end(): void {
    this.#send({ kind: 'end' });
  }

  async finish(architecture: string): Promise<ScannedPool> {
    this.#send({ kind: 'finish', architecture });
    await this.#until(() => this.#scanned !== undefined);
    return this.#scanned!;
  }

  /** Leaves the thread to others. */
  detach(): void {
    this.#worker.off('message', this.#onAnswer).off('error', this.#onError).off('exit', this.#onExit);
    this.#worker.unref();
  }

  #send(order: ScanOrder, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, transfer);
  }

  /** Waits for an answer with which something is so; throws when the scan fails before. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  readonly #onAnswer = (answer: ScanAnswer): void => {
    if (answer.kind === 'taken') this.#aheadBytes -= this.#ahead.shift() ?? 0;
    else if (answer.kind === 'done') this.#scanned = answer.scanned;
    else this.#failure = fromPlainError(answer.error);
    this.#wake?.();
  };

  readonly #onError = (error: Error): void => {
    this.#failure = error;
    this.#wake?.();
  };

  readonly #onExit = (code: number): void => this.#onError(new Error(`a thread that reads packages ended with ${code}`));
}
