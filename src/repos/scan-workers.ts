/**
 * Threads that read primary.xml, so that repositories and architectures use all processors. Columns come back by transfer and are
 * not copied. Threads are started when there is work and stopped when there is none.
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RepomdRecord } from '../metadata/repomd.ts';
import type { HttpClient } from '../net/http-client.ts';
import { redact } from '../net/redact.ts';
import type { RepoData } from '../pool/repo-data.ts';
import { fromPlainError, type ScanAnswer, type ScanOrder } from './scan-message.ts';

export interface ScanJob {
  readonly url: string;
  readonly record: RepomdRecord;
  readonly http: HttpClient;
}

export class ScanWorkers {
  readonly #most: number;
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async scan(job: ScanJob): Promise<RepoData> {
    const worker = await this.#take();
    try {
      const data = await run(worker, job);
      this.#giveBack(worker);
      return data;
    } catch (error) {
      // What state it is in is not known.
      this.#discard(worker);
      throw error;
    }
  }

  async #take(): Promise<Worker> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#running < this.#most) {
      this.#running++;
      return startWorker();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(worker);
      return;
    }
    this.#idle.push(worker);
    if (this.#idle.length === this.#running) for (const unused of this.#idle.splice(0)) this.#discard(unused);
  }

  #discard(worker: Worker): void {
    this.#running--;
    void worker.terminate();
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#running++;
    next(startWorker());
  }
}

/** For everybody in this process. */
export const scanWorkers = new ScanWorkers(availableParallelism());

async function run(worker: Worker, { url, record, http }: ScanJob): Promise<RepoData> {
  const what = redact(url);
  const answered = nextAnswer(worker);
  const send = (order: ScanOrder): void => worker.postMessage(order);
  if (url.startsWith('file:')) {
    // Throws for what is not there, as for any other file.
    for await (const _ of (await http.request(url, { method: 'HEAD' })).body) break;
    send({ kind: 'file', path: fileURLToPath(url), what, record });
    return takeData(await answered);
  }
  const { body } = await http.request(url);
  send({ kind: 'stream', what, record });
  let isOver = false;
  void answered.finally(() => {
    isOver = true;
  });
  try {
    for await (const bytes of body) {
      if (isOver) break;
      send({ kind: 'chunk', bytes });
    }
    send({ kind: 'end' });
  } catch (error) {
    send({ kind: 'broken' });
    await answered;
    throw error;
  }
  return takeData(await answered);
}

function takeData(answer: ScanAnswer): RepoData {
  if (answer.kind === 'done') return answer.data;
  throw answer.kind === 'failed' ? fromPlainError(answer.error) : new Error('the scan was broken off');
}

function nextAnswer(worker: Worker): Promise<ScanAnswer> {
  const answered = new Promise<ScanAnswer>((resolve, reject) => {
    const onExit = (code: number): void => reject(new Error(`a scan worker ended with ${code}`));
    worker.once('error', reject);
    worker.once('exit', onExit);
    worker.once('message', (answer: ScanAnswer) => {
      worker.off('error', reject);
      worker.off('exit', onExit);
      resolve(answer);
    });
  });
  // Whoever waits for it gets the failure; until then it is nobody's.
  answered.catch(() => undefined);
  return answered;
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
