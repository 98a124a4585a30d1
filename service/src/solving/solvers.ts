/**
 * All solver threads. A query goes to an idle thread that has the pool; waiting queries are answered in their
 * order. Metadata is refreshed separately: the first thread reads it, the others map the stored snapshot.
 */
import { RpmDepsError } from 'rpm-deps';
import { AnswerCache } from './answer-cache.ts';
import type { SolverData } from './messages.ts';
import { type Answer, isOfPool, type Query, queryKey } from './query.ts';
import { Solver } from './solver.ts';

export interface SolversOptions {
  readonly data: SolverData;
  readonly threads: number;
  readonly deadlineMs: number;
  /** Maximum number of waiting queries; more are refused. */
  readonly maxWaiting: number;
  readonly onSolved: (ms: number, query: Query) => void;
  readonly onProblem: (error: unknown) => void;
}

export class Solvers {
  readonly #options: SolversOptions;
  readonly #solvers: Solver[] = [];
  readonly #free: ((solver: Solver) => void)[] = [];
  readonly #generations = new Map<string, string>();
  readonly #loading = new Map<string, Promise<string>>();
  readonly #underWay = new Map<string, Promise<Answer>>();
  readonly cache = new AnswerCache(64 << 20);
  #isClosed = false;

  constructor(options: SolversOptions) {
    this.#options = options;
    for (let i = 0; i < options.threads; i++) this.#start();
  }

  get waiting(): number {
    return this.#free.length;
  }

  /** Architectures with a pool, and the generation of its metadata. */
  get generations(): ReadonlyMap<string, string> {
    return this.#generations;
  }

  /** With the same metadata, the same query gets the same bytes; equal queries at the same time are solved once. */
  async ask(query: Query): Promise<Answer> {
    if (!isOfPool(query)) return this.#solve(query);
    const { architecture } = query;
    const generation = this.#generations.get(architecture) ?? (await this.refresh(architecture));
    const key = `${generation} ${queryKey(query)}`;
    const known = this.cache.get(key) ?? this.#underWay.get(key);
    if (known !== undefined) return known;
    const asking = this.#solve(query).then((answer) => {
      this.cache.set(`${answer.generation} ${queryKey(query)}`, answer);
      return answer;
    });
    this.#underWay.set(key, asking);
    try {
      return await asking;
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Reads the metadata of an architecture again if it changed; meanwhile queries use the old one. */
  refresh(architecture: string): Promise<string> {
    const running = this.#loading.get(architecture);
    if (running !== undefined) return running;
    const loading = this.#refresh(architecture).finally(() => this.#loading.delete(architecture));
    this.#loading.set(architecture, loading);
    return loading;
  }

  /** Memory of the threads in bytes, as measured when they were last idle. */
  get memory(): number {
    return this.#solvers.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#solvers.map((solver) => solver.end()));
  }

  async #refresh(architecture: string): Promise<string> {
    const [first, ...others] = this.#solvers;
    if (first === undefined) throw new RpmDepsError('LIMIT', 'no solver thread is running', { hint: 'repeat the request' });
    const { generation } = await first.load(architecture);
    this.#generations.set(architecture, generation);
    // The others map the snapshot of the first one, which already solves queries.
    for (const solver of others) solver.load(architecture).catch(this.#options.onProblem);
    return generation;
  }

  async #solve(query: Query): Promise<Answer> {
    const { deadlineMs, onSolved } = this.#options;
    const solver = await this.#take(isOfPool(query) ? query.architecture : undefined);
    try {
      const { status, body, generation, ms } = await solver.ask(query, deadlineMs);
      onSolved(ms, query);
      return { status, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength), generation };
    } finally {
      this.#release(solver);
    }
  }

  async #take(architecture: string | undefined): Promise<Solver> {
    let solver = this.#solvers.find(({ isTaken, loaded }) => !isTaken && (architecture === undefined || loaded.has(architecture)));
    if (solver === undefined) {
      if (this.#free.length >= this.#options.maxWaiting) {
        throw new RpmDepsError('TOO_MANY', 'too many requests are waiting for a solver thread', {
          hint: 'retry later',
          data: { retryAfterMs: 2000 },
        });
      }
      solver = await new Promise<Solver>((resolve) => this.#free.push(resolve));
    }
    solver.isTaken = true;
    try {
      if (architecture !== undefined && !solver.loaded.has(architecture)) await solver.load(architecture);
      return solver;
    } catch (error) {
      this.#release(solver);
      throw error;
    }
  }

  #release(solver: Solver): void {
    const next = this.#solvers.includes(solver) ? this.#free.shift() : undefined;
    // Passed to the next query without becoming idle in between.
    if (next === undefined) solver.isTaken = false;
    else next(solver);
  }

  #start(): Solver {
    const solver = new Solver(this.#options.data, (gone) => {
      const at = this.#solvers.indexOf(gone);
      if (at >= 0) this.#solvers.splice(at, 1);
      if (this.#isClosed) return;
      const fresh = this.#start();
      for (const architecture of this.#generations.keys()) fresh.load(architecture).catch(this.#options.onProblem);
      fresh.isTaken = true;
      this.#release(fresh);
    });
    this.#solvers.push(solver);
    return solver;
  }
}
