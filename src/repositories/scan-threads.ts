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

/** For files smaller than this in total, a thread would start too late. */
const WORKER_BYTES = 512 * 1024;
/** Maximum decompressed bytes that wait for a thread. */
const MAX_AHEAD_BYTES = 8 * 1024 * 1024;

export class ScanThreads {
  readonly #most: number;
  readonly #idle: Worker[] = [];
  /** Idle and busy threads. */
  readonly #threads = new Set<Worker>();
  /** Scans that wait for a thread; each gets the next free one. */
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #users = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** False with one processor, where threads bring no advantage. */
  get isUsed(): boolean {
    return this.#most > 1;
  }

  /** Keeps threads alive between scans while `work` runs. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work();
    } finally {
      if (--this.#users === 0) this.#dismiss();
    }
  }

  /** Starts a thread for a likely scan, so that it is ready when the files are. It ends with the last `during`, or with the process. */
  prepare(): void {
    if (startsFast() && this.isUsed && this.#idle.length === 0 && this.#threads.size < this.#most) this.#idle.push(this.#start());
  }

  /** Reads packages, within `during`, in a thread if there is enough data. */
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
      this.#release(worker);
      return scanned;
    } catch (error) {
      // The thread is in the middle of a scan.
      this.#end(worker);
      if (this.#waiting.length > 0) this.#release(this.#start());
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

  #release(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(worker);
    else this.#idle.push(worker);
    // `during` may have ended meanwhile.
    if (this.#users === 0) this.#dismiss();
  }

  #start(): Worker {
    const worker = startWorker('scan-worker');
    this.#threads.add(worker);
    // An idle thread that ends is only removed from the list; a scan in it gets the same event.
    worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
    // A prepared thread must not keep the process alive.
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

  /** Asks the threads to end: `terminate` would use time of this thread. */
  #dismiss(): void {
    for (const worker of this.#idle.splice(0)) {
      this.#threads.delete(worker);
      worker.postMessage({ kind: 'leave' } satisfies ScanOrder);
    }
  }
}

/** Shared in this process. */
export const scanThreads = new ScanThreads(availableParallelism());

/** Sends data to a thread, with a limit on unread bytes. */
class ThreadSink implements PackageSink {
  readonly #worker: Worker;
  /** Buffers that other code still uses, because uncompressed chunks are parts of them. */
  readonly #kept: ReadonlySet<ArrayBufferLike>;
  /** Lengths of the chunks that the thread has not read yet. */
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
    // A decoder may still use a buffer that this chunk is a part of. (`slice` of a Buffer would also be a part of it.)
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

  /** Releases the thread. */
  detach(): void {
    this.#worker.off('message', this.#onAnswer).off('error', this.#onError).off('exit', this.#onExit);
    this.#worker.unref();
  }

  #send(order: ScanOrder, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, transfer);
  }

  /** Waits until a message makes the condition true; throws if the scan fails first. */
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
