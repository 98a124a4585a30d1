/** One solver thread, as seen from the main thread: requests are sent, replies are received, and a deadline ends the thread. */
import type { Worker } from 'node:worker_threads';
import { fromPlainError, RpmDepsError } from 'rpm-deps';
import { startThread } from '../start-thread.ts';
import type { SolverData, SolverOrder, SolverReply } from './messages.ts';
import type { Query } from './query.ts';

type Reply<K extends SolverReply['kind']> = Extract<SolverReply, { kind: K }>;
type Waiting = { readonly resolve: (reply: SolverReply) => void; readonly reject: (error: unknown) => void };

export class Solver {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #isGone = false;
  readonly #onGone: (solver: Solver) => void;
  /** Whether the thread is reserved, to load a pool or to solve. */
  isTaken = false;
  /** Memory of the thread, as of its last reply. */
  bytes = 0;
  readonly loaded = new Map<string, string>();

  constructor(data: SolverData, onGone: (solver: Solver) => void) {
    this.#onGone = onGone;
    this.#worker = startThread('solver-thread', { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    this.#worker.unref();
    this.#worker.on('message', (reply: SolverReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.kind !== 'failed') this.bytes = reply.bytes;
      if (reply.kind === 'failed') waiting?.reject(fromPlainError(reply.error));
      else waiting?.resolve(reply);
    });
    this.#worker.on('error', (error) => this.#leave(error));
    this.#worker.on('exit', () => this.#leave(new RpmDepsError('LIMIT', 'the solver thread was stopped', { hint: 'repeat the request' })));
  }

  #leave(error: unknown): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#onGone(this);
  }

  async load(architecture: string): Promise<Reply<'loaded'>> {
    const reply = (await this.#send({ kind: 'load', architecture })) as Reply<'loaded'>;
    this.loaded.set(architecture, reply.generation);
    return reply;
  }

  /** If a query takes longer than `deadlineMs`, the thread is terminated, because solving cannot be interrupted from outside. */
  async ask(query: Query, deadlineMs: number): Promise<Reply<'answer'>> {
    const timer = setTimeout(() => {
      // Not used again from now on, though it takes a moment until it has stopped.
      this.#leave(
        new RpmDepsError('LIMIT', `solving took longer than ${deadlineMs / 1000} seconds`, {
          hint: 'request fewer packages; the operator sets `limits.solve_seconds`',
        }),
      );
      void this.end();
    }, deadlineMs);
    try {
      return (await this.#send({ kind: 'ask', query })) as Reply<'answer'>;
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(order: SolverOrder extends infer O ? (O extends SolverOrder ? Omit<O, 'id'> : never) : never): Promise<SolverReply> {
    const id = this.#next++;
    if (this.#isGone) return Promise.reject(new RpmDepsError('LIMIT', 'the solver thread was stopped', { hint: 'repeat the request' }));
    // Send first: if this throws, no promise waits for a reply.
    this.#worker.postMessage({ ...order, id } as SolverOrder);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
